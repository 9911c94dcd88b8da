"""Statements: written by the alliance, added by participants, shown or refused by two people.

Who added one is kept nowhere: no account, no address, no instant.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.alliances.acts.services import LANGUAGE, tell
from maillage.core import audit
from maillage.core.access import may, require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step, Wording
from maillage.participation.opinions.models import Statement
from maillage.participation.reading import (
    SEEN_UNREAD_MOST,
    WAITING_MOST,
    Outcome,
    changed_words,
    digest_of,
    is_full,
    ranges,
)
from maillage.participation.results.services import count_anew
from maillage.participation.vocabulary import Kind

S = Statement.State
LONGEST = 280
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Signs that show nothing, or that turn the direction of what follows."""


def tidy(text: str) -> str:
    """One line, without signs that hide or turn the rest. Errors: ``ValidationError``."""
    plain = " ".join(CONTROL.sub(" ", text).split())
    if not any(sign.isalpha() for sign in plain):
        raise ValidationError({"text": _("Write your sentence.")})
    if len(plain) > LONGEST:
        raise ValidationError(
            {"text": _("Your sentence has %(n)s signs. The most is %(most)s.") % {"n": len(plain), "most": LONGEST}}
        )
    return plain


def _locked(step: Step) -> Step:
    """The step read again, with the consultation as it now stands."""
    found = lock(step)
    found.consultation = Consultation.objects.select_related("alliance__parent").get(pk=found.consultation_id)
    if found.kind != Kind.OPINIONS:
        raise ValidationError(_("This step has no statements."))
    return found


def _same(step: Step, text: str) -> Statement | None:
    """The statement that says exactly this, capitals, accents and spaces apart, refused ones included. One query, by
    the digest: as fast among thousands."""
    return Statement.objects.filter(step=step, digest=digest_of(text)).order_by("number").first()


def _next_number(step: Step) -> int:
    return (Statement.objects.filter(step=step).aggregate(last=Max("number"))["last"] or 0) + 1


# The alliance's own


@transaction.atomic
def add_statements(
    *, step: Step, texts: Sequence[str], by: Any, now: dt.datetime, language: str = "", via: str = "web"
) -> list[Statement]:
    """The alliance's own statements, in preparation or while it is open; one that is there already is left out.

    They are the alliance's words, not somebody's that it lets through: whoever opens a consultation publishes those
    written before, and those added later come the same way, with a line of the public log.
    Errors: ``PermissionDenied``; ``ValidationError``.
    """
    require(by, "participation.run", step.consultation)
    found = _locked(step)
    _still_open(found)
    known = set(Statement.objects.filter(step=found).values_list("digest", flat=True))
    number, made = _next_number(found), []
    for text in map(tidy, texts):
        digest = digest_of(text)
        if digest in known:
            continue
        known.add(digest)
        made.append(
            Statement(
                step=found, number=number, text=text, language=language or found.consultation.language, state=S.SHOWN
            )
        )
        number += 1
    Statement.objects.bulk_create(made)
    if made:
        entry = audit.record(
            "participation.statement_added", found, by=by, alliance=found.consultation.alliance, via=via,
            after={"numbers": [one.number for one in made]},
        )  # fmt: skip
        if found.consultation.state == Consultation.State.OPEN:
            _say("added", [one.number for one in made], found.consultation, by, now, entry)
    return made


def _still_open(step: Step) -> None:
    if step.state == Step.State.CLOSED or step.consultation.state not in {
        Consultation.State.DRAFT, Consultation.State.OPEN,
    }:  # fmt: skip
        raise ValidationError(_("This step is closed: nobody would answer the statement."))


def _in_preparation(step: Step) -> None:
    if step.consultation.state != Consultation.State.DRAFT:
        raise ValidationError(_("People have already read it: it is changed only in preparation."))


@transaction.atomic
def change_statement(*, statement: Statement, text: str, by: Any, via: str = "web") -> Statement:
    """Its words, in preparation only. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", statement.step.consultation)
    step = _locked(statement.step)
    _in_preparation(step)
    found = lock(statement)
    plain = tidy(text)
    same = _same(step, plain)
    if same is not None and same.pk != found.pk:
        raise ValidationError({"text": _("Statement %(n)s says it already.") % {"n": same.number}})
    if plain != found.text:
        found.text = plain
        found.save(update_fields=["text", "digest"])
        audit.record("participation.statement_updated", found, by=by, alliance=step.consultation.alliance, via=via)
    return found


@transaction.atomic
def remove_statement(*, statement: Statement, by: Any, via: str = "web") -> None:
    """In preparation only: once open, it is refused by two people. Errors: as above."""
    require(by, "participation.run", statement.step.consultation)
    step = _locked(statement.step)
    _in_preparation(step)
    audit.record("participation.statement_removed", statement, by=by, alliance=step.consultation.alliance, via=via)
    Wording.objects.filter(consultation=step.consultation, key=f"statement:{statement.uuid}").delete()
    statement.delete()


# Participants'


@transaction.atomic
def propose(*, step: Step, text: str, language: str, now: dt.datetime) -> Statement:
    """A participant's statement. Sent twice, it is there once; said already, the one that says it is given back.

    Shown at once or once two people have read it, as the consultation says; where many wait already, it is read first
    in both cases. Nothing is logged: who wrote it is nobody's business.
    Errors: ``ValidationError`` where it is closed, empty, too long, or twenty thousand wait.
    """
    plain = tidy(text)
    found = _locked(step)
    consultation = found.consultation
    end = found.closes_at or consultation.closes_at
    if consultation.state != Consultation.State.OPEN or found.state != Step.State.OPEN or (end and now >= end):
        raise ValidationError(_("It is closed: no sentence can be added any more."))
    same = _same(found, plain)
    if same is not None:
        return same
    if is_full(waiting(found), WAITING_MOST):
        raise ValidationError(_("Many sentences wait to be read. Please come back in a few days."))
    return Statement.objects.create(
        step=found, number=_next_number(found), text=plain, language=language[:8] or consultation.language,
        added_by_participant=True, state=S.SHOWN if _seen_at_once(found) else S.PENDING, checked=False,
    )  # fmt: skip


def _seen_at_once(step: Step) -> bool:
    """Moderated afterwards, and few enough wait: a robot fills the queue of those who read, not what people see."""
    if step.consultation.moderation != Consultation.Moderation.AFTER:
        return False
    return not is_full(waiting(step).filter(state=S.SHOWN), SEEN_UNREAD_MOST)


def waiting(step: Step) -> Any:
    """Statements that two people have not read yet."""
    return Statement.objects.filter(step=step, checked=False)


# Moderation


def is_over(consultation: Consultation) -> bool:
    """Once it is published or cancelled, nothing of the statements changes."""
    return consultation.state in {Consultation.State.PUBLISHED, Consultation.State.CANCELLED}


def over_words(consultation: Consultation) -> str:
    if consultation.state == Consultation.State.CANCELLED:
        return _("The consultation is cancelled: nothing changes any more.")
    return _("The results are published: nothing changes any more.")


def _locked_rows(consultation: Consultation, keys: Iterable[uuid.UUID]) -> list[Statement]:
    """These statements under their locks, each with its step, in an order that is the same for everyone. Errors:
    ``ValidationError`` once it is over."""
    lock(consultation)  # as the publication does: one of the two comes first
    fresh = Consultation.objects.select_related("alliance__parent", "space").get(pk=consultation.pk)
    if is_over(fresh):
        raise ValidationError(over_words(fresh))
    steps = {step.pk: step for step in Step.objects.filter(consultation=fresh, kind=Kind.OPINIONS)}
    list(Step.objects.select_for_update().filter(pk__in=steps).order_by("pk"))
    rows = Statement.objects.select_for_update().filter(step_id__in=steps, uuid__in=list(keys)).order_by("pk")
    found = list(rows)
    for row in found:
        row.step = steps[row.step_id]
        row.step.consultation = fresh
    return sorted(found, key=lambda row: (row.step.position, row.number))


def _moderated(statement: Statement, by: Any, permission: str) -> Statement:
    require(by, permission, statement.step.consultation)
    [found] = _locked_rows(statement.step.consultation, [statement.uuid])
    if found.state == S.REFUSED:
        raise ValidationError(_("This statement is already refused."))
    return found


@transaction.atomic
def read_all(
    *, consultation: Consultation, rows: Mapping[uuid.UUID, str], by: Any, now: dt.datetime, via: str = "web"
) -> Outcome:
    """Say yes to what each of these proposes: to show what nobody proposed to refuse, to refuse what somebody did.

    A first yes waits for a second person; the second one, someone else, settles it. ``rows``: the signs of what the
    page showed (:attr:`ReadByTwo.sign`); what changed since is left as it is, with its reason.
    Errors: ``PermissionDenied``; ``ValidationError`` once it is over.
    """
    require(by, "participation.second", consultation)
    begins = may(by, "participation.moderate", consultation)
    outcome, shown, refused = Outcome(), [], []
    for one in _locked_rows(consultation, rows):
        try:
            if rows[one.uuid] and rows[one.uuid] != one.sign:
                raise ValidationError(changed_words())
            if one.proposed == "refuse":
                _refuse(one, by)
                refused.append(one)
            elif _accept(one, by, begins=begins):
                shown.append(one)
            else:
                outcome.asked += 1
                _record("acceptance_asked", one, by, via)
        except ValidationError as error:
            outcome.leave(error.messages)
    outcome.shown, outcome.refused = len(shown), len(refused)
    _tell("accepted", shown, by, now, via)
    _tell("refused", refused, by, now, via)
    for step in {one.step_id: one.step for one in refused}.values():
        # Votes already cast on them no longer count.
        count_anew(step=step, by=by, via=via)
    return outcome


def _accept(one: Statement, by: Any, *, begins: bool) -> bool:
    """The first yes, or the second; whether it was the second. Errors: ``ValidationError``."""
    if one.state == S.REFUSED:
        raise ValidationError(_("This statement is already refused."))
    if one.checked:
        raise ValidationError(_("Two people have read it already."))
    if one.accept_asked_by_id == by.pk:
        raise ValidationError(_("You have read it: another person reads it too."))
    second = one.accept_asked_by_id is not None
    if second:
        one.accepted_by, one.state, one.checked = by, S.SHOWN, True
    elif not begins:
        raise ValidationError(_("It waits to be read anew by those who moderate."))
    else:
        one.accept_asked_by = by
    one.reason = one.note = ""
    one.save(update_fields=["accept_asked_by", "accepted_by", "state", "checked", "reason", "note"])
    return second


def _refuse(one: Statement, by: Any) -> None:
    """The second person of a refusal. Errors: ``ValidationError``."""
    if one.refuse_asked_by_id == by.pk:
        raise ValidationError(_("You asked for this refusal: another person confirms it."))
    one.state, one.refused_by, one.checked = S.REFUSED, by, True
    one.save(update_fields=["state", "refused_by", "checked"])


@transaction.atomic
def accept(*, statement: Statement, by: Any, now: dt.datetime, via: str = "web") -> Statement:
    """Read, and to be shown: the first of two people proposes it, the second shows it.

    Errors: ``PermissionDenied``; ``ValidationError`` for the same person twice, or where its refusal is asked or done.
    """
    require(by, "participation.second", statement.step.consultation)
    found = _moderated(statement, by, "participation.second")
    if found.proposed == "refuse":
        raise ValidationError(_("Its refusal is asked: a second person confirms it, or it is withdrawn."))
    _one(found, by, now, via)
    return Statement.objects.select_related("step").get(pk=found.pk)


def _one(found: Statement, by: Any, now: dt.datetime, via: str) -> None:
    told = read_all(consultation=found.step.consultation, rows={found.uuid: ""}, by=by, now=now, via=via)
    if told.left:
        raise ValidationError(told.left)


@transaction.atomic
def ask_refusal(
    *, statement: Statement, reason: str, note: str = "", by: Any, sign: str = "", via: str = "web"
) -> Statement:
    """The first of the two people. Meanwhile it stays as it was: waiting, or shown. Where somebody proposed to show it,
    this is the contrary, and takes its place: it then takes a second person to refuse it, not to show it.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason, or where it is asked already.
    """
    found = _moderated(statement, by, "participation.moderate")
    if sign and sign != found.sign:
        raise ValidationError(changed_words())
    if reason not in Statement.Reason.values or reason == Statement.Reason.BEFORE:
        raise ValidationError({"reason": _("Choose a reason.")})
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is already asked: a second person confirms it."))
    found.refuse_asked_by, found.reason, found.checked = by, reason, False
    found.accept_asked_by = found.accepted_by = None
    found.note = " ".join(note.split())[:300]
    found.save(update_fields=["refuse_asked_by", "accept_asked_by", "accepted_by", "reason", "note", "checked"])
    _record("refusal_asked", found, by, via, {"reason": reason})
    return found


@transaction.atomic
def put_back(*, statement: Statement, by: Any, via: str = "web") -> Statement:
    """Whoever proposed, or the second person, says no: it waits to be read anew by two. Errors: as above."""
    found = _moderated(statement, by, "participation.second")
    if not found.proposed:
        return found
    act = "refusal_dropped" if found.proposed == "refuse" else "acceptance_dropped"
    found.refuse_asked_by, found.accept_asked_by, found.reason, found.note = None, None, "", ""
    found.save(update_fields=["refuse_asked_by", "accept_asked_by", "reason", "note"])
    _record(act, found, by, via)
    return found


@transaction.atomic
def confirm_refusal(*, statement: Statement, by: Any, now: dt.datetime, via: str = "web") -> Statement:
    """The second person, never the one who asked. Votes already cast on it no longer count; a closed step is counted
    anew. Errors: ``PermissionDenied``; ``ValidationError`` where nobody asked, or the same person did."""
    found = _moderated(statement, by, "participation.second")
    if found.proposed != "refuse":
        raise ValidationError(_("Nobody has asked for its refusal."))
    _one(found, by, now, via)
    return Statement.objects.select_related("step").get(pk=found.pk)


def _record(what: str, one: Statement, by: Any, via: str, after: Mapping[str, Any] | None = None) -> Any:
    return audit.record(
        f"participation.statement_{what}", one, by=by, alliance=one.step.consultation.alliance, via=via,
        after={"number": one.number, **(after or {})},
    )  # fmt: skip


def _tell(what: str, rows: Sequence[Statement], by: Any, now: dt.datetime, via: str) -> None:
    """In the audit log one by one, in the public one together. A refused text is told nowhere: its number and its
    reason are."""
    entries = {row.pk: _record(what, row, by, via, {"reason": row.reason} if what == "refused" else {}) for row in rows}
    for group in {(row.step_id, row.reason) for row in rows}:
        those = [row for row in rows if (row.step_id, row.reason) == group]
        numbers = [row.number for row in those]
        _say(what, numbers, those[0].step.consultation, by, now, entries[those[0].pk], those[0].reason)


def _say(
    what: str, numbers: Sequence[int], consultation: Consultation, by: Any, now: dt.datetime, entry: Any,
    reason: str = "",
) -> None:  # fmt: skip
    def label(listed: str, n: int) -> str:
        words = ngettext("%(title)s, statement %(list)s", "%(title)s, statements %(list)s", n)
        said = words % {"title": consultation.title[:120], "list": listed}
        return f"{said}: {Statement.Reason(reason).label}" if reason else said

    with translation.override(LANGUAGE):
        lines = ranges(numbers)
    for line in lines:
        tell(
            alliance=consultation.alliance, kind=f"statement-{what}", by=by, entry=entry, at=now,
            label=partial(label, line, len(numbers)), reference=consultation.reference,
        )  # fmt: skip
