"""Statements: written by the alliance, added by participants, read by one person, refused by two.

Who added one is kept nowhere: no account, no address, no instant.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step, Wording
from maillage.participation.opinions.models import Statement
from maillage.participation.opinions.similar import folded
from maillage.participation.results.services import count_anew
from maillage.participation.vocabulary import Kind

S = Statement.State
LONGEST = 280
WAITING_MOST = 500
"""Statements that may wait for a person; a robot that sends ten thousand fills nothing more."""
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
    """The statement that says exactly this, capitals, accents and spaces apart, refused ones included."""
    wanted = folded(text)
    found = Statement.objects.filter(step=step).only("pk", "number", "text", "state", "step_id")
    return next((one for one in found.iterator() if folded(one.text) == wanted), None)


def _next_number(step: Step) -> int:
    return (Statement.objects.filter(step=step).aggregate(last=Max("number"))["last"] or 0) + 1


# The alliance's own


@transaction.atomic
def add_statements(
    *, step: Step, texts: Sequence[str], by: Any, language: str = "", via: str = "web"
) -> list[Statement]:
    """The alliance's own statements, in preparation or while it is open; one that is there already is left out.

    Errors: ``PermissionDenied``; ``ValidationError``.
    """
    require(by, "participation.run", step.consultation)
    found = _locked(step)
    _still_open(found)
    known = {folded(text) for text in Statement.objects.filter(step=found).values_list("text", flat=True)}
    number, made = _next_number(found), []
    for text in map(tidy, texts):
        if folded(text) in known:
            continue
        known.add(folded(text))
        made.append(
            Statement(
                step=found, number=number, text=text, language=language or found.consultation.language, state=S.SHOWN
            )
        )
        number += 1
    Statement.objects.bulk_create(made)
    if made:
        consultation, numbers = found.consultation, [one.number for one in made]
        entry = audit.record(
            "participation.statement_added", found, by=by, alliance=consultation.alliance, via=via,
            after={"numbers": numbers},
        )  # fmt: skip
        if consultation.state == Consultation.State.OPEN:
            # One person is enough, as for a participant's: it is one sentence among others, and everyone reads it.
            tell(
                alliance=consultation.alliance, kind="statement-added", by=by, reference=consultation.reference,
                entry=entry,
                label=lambda: _("%(title)s, statements %(list)s")
                % {"title": consultation.title, "list": ", ".join(map(str, numbers))},
            )  # fmt: skip
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
        found.save(update_fields=["text"])
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

    Shown at once or once a person has read it, as the consultation says. Nothing is logged: who wrote it is nobody's
    business. Errors: ``ValidationError`` where it is closed, empty, too long, or too many wait.
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
    if waiting(found).count() >= WAITING_MOST:
        raise ValidationError(_("Many sentences wait to be read. Please come back in a few days."))
    after = consultation.moderation == Consultation.Moderation.AFTER
    return Statement.objects.create(
        step=found, number=_next_number(found), text=plain, language=language[:8] or consultation.language,
        added_by_participant=True, state=S.SHOWN if after else S.PENDING, checked=False,
    )  # fmt: skip


def waiting(step: Step) -> Any:
    """Statements that nobody has read yet, or whose refusal waits for a second person."""
    return Statement.objects.filter(step=step, checked=False).exclude(state=S.REFUSED)


# Moderation


def is_over(consultation: Consultation) -> bool:
    """Once it is published or cancelled, nothing of the statements changes."""
    return consultation.state in {Consultation.State.PUBLISHED, Consultation.State.CANCELLED}


def over_words(consultation: Consultation) -> str:
    if consultation.state == Consultation.State.CANCELLED:
        return _("The consultation is cancelled: nothing changes any more.")
    return _("The results are published: nothing changes any more.")


def _moderated(statement: Statement, by: Any, permission: str) -> tuple[Statement, Step]:
    require(by, permission, statement.step.consultation)
    lock(statement.step.consultation)  # as the publication does: one of the two comes first
    step = _locked(statement.step)
    if is_over(step.consultation):
        raise ValidationError(over_words(step.consultation))
    found = lock(statement)
    found.step = step
    if found.state == S.REFUSED:
        raise ValidationError(_("This statement is already refused."))
    return found, step


@transaction.atomic
def accept(*, statement: Statement, by: Any, now: dt.datetime, via: str = "web") -> Statement:
    """Read, and shown to everyone. One person is enough; accepted twice, it is accepted once.

    Errors: ``PermissionDenied``; ``ValidationError`` where its refusal is asked or done.
    """
    found, step = _moderated(statement, by, "participation.moderate")
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is asked: a second person confirms it, or it is withdrawn."))
    if found.checked:
        return found
    found.state, found.checked = S.SHOWN, True
    found.save(update_fields=["state", "checked"])
    _tell("accepted", found, step, by, now, via)
    return found


@transaction.atomic
def ask_refusal(*, statement: Statement, reason: str, note: str = "", by: Any, via: str = "web") -> Statement:
    """The first of the two people. Meanwhile it stays as it was: waiting, or shown.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason, or where it is asked already.
    """
    found, step = _moderated(statement, by, "participation.moderate")
    if reason not in Statement.Reason.values or reason == Statement.Reason.BEFORE:
        raise ValidationError({"reason": _("Choose a reason.")})
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is already asked: a second person confirms it."))
    found.refuse_asked_by, found.reason, found.checked = by, reason, False
    found.note = " ".join(note.split())[:300]
    found.save(update_fields=["refuse_asked_by", "reason", "note", "checked"])
    audit.record(
        "participation.statement_refusal_asked", found, by=by, alliance=step.consultation.alliance, via=via,
        after={"reason": reason},
    )  # fmt: skip
    return found


@transaction.atomic
def drop_refusal(*, statement: Statement, by: Any, via: str = "web") -> Statement:
    """Whoever asked, or the second person, says no: it waits to be read again. Errors: as above."""
    found, step = _moderated(statement, by, "participation.moderate")
    if found.refuse_asked_by_id is None:
        return found
    found.refuse_asked_by, found.reason, found.note = None, "", ""
    found.save(update_fields=["refuse_asked_by", "reason", "note"])
    audit.record("participation.statement_refusal_dropped", found, by=by, alliance=step.consultation.alliance, via=via)
    return found


@transaction.atomic
def confirm_refusal(*, statement: Statement, by: Any, now: dt.datetime, via: str = "web") -> Statement:
    """The second person, never the one who asked. Votes already cast on it no longer count; a closed step is counted
    anew. Errors: ``PermissionDenied``; ``ValidationError`` where nobody asked, or the same person did."""
    found, step = _moderated(statement, by, "participation.second")
    if found.refuse_asked_by_id is None:
        raise ValidationError(_("Nobody has asked for its refusal."))
    if found.refuse_asked_by_id == by.pk:
        raise ValidationError(_("You asked for this refusal: another person confirms it."))
    found.state, found.refused_by, found.checked = S.REFUSED, by, True
    found.save(update_fields=["state", "refused_by", "checked"])
    _tell("refused", found, step, by, now, via)
    count_anew(step=step, by=by, via=via)
    return found


def _tell(what: str, found: Statement, step: Step, by: Any, now: dt.datetime, via: str) -> None:
    """In the audit log and the public one. A refused text is told nowhere: its number and its reason are."""
    consultation = step.consultation
    after = {"number": found.number} | ({"reason": found.reason} if what == "refused" else {})
    entry = audit.record(
        f"participation.statement_{what}", found, by=by, alliance=consultation.alliance, via=via, after=after
    )

    def label() -> str:
        said = _("%(title)s, statement %(n)s") % {"title": consultation.title, "n": found.number}
        return f"{said}: {Statement.Reason(found.reason).label}" if what == "refused" else said

    tell(
        alliance=consultation.alliance, kind=f"statement-{what}", by=by, label=label, entry=entry, at=now,
        reference=consultation.reference,
    )  # fmt: skip
