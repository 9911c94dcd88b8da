"""Ideas and what is said of them: brought, read by one person, refused by two, taken back.

Who brought one is kept nowhere: no account, no address, no instant; its receipt alone speaks for its author.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Option, Step, Wording
from maillage.participation.ideas import indexing, merging, receipts
from maillage.participation.ideas.ground import (
    COMMENT_MOST,
    TEXT_MOST,
    TITLE_MOST,
    is_open,
    locked,
    next_number,
    one_line,
    still_moves,
    tidy,
    too_long,
)
from maillage.participation.ideas.models import Idea, IdeaComment, MergeProposal, NamedProblem
from maillage.participation.opinions.similar import folded

S = Idea.State
C = Consultation.State
WAITING_MOST = 500
"""Ideas, or comments, that may wait for a person; a robot that sends ten thousand fills nothing more."""
Row = Idea | IdeaComment


@dataclass(frozen=True)
class Received:
    idea: Idea
    receipt: str = ""
    again: bool = False
    """It had already come: kept once."""


# The problems


@transaction.atomic
def add_problem(*, step: Step, label: str, by: Any, text: str = "", via: str = "web") -> NamedProblem:
    """A problem to solve, in preparation. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", step.consultation)
    found = _in_preparation(step)
    plain = one_line(label)
    if not plain:
        raise ValidationError({"label": _("Name the problem.")})
    if found.problems.filter(label=plain[:200]).exists():
        raise ValidationError({"label": _("This problem is named already.")})
    made = NamedProblem(step=found, label=plain[:200], text=tidy(text), position=found.problems.count())
    made.full_clean(exclude=["step"])
    made.save()
    audit.record("participation.problem_named", made, by=by, alliance=found.consultation.alliance, via=via)
    return made


@transaction.atomic
def remove_problem(*, problem: NamedProblem, by: Any, via: str = "web") -> None:
    """In preparation, while no idea answers it. Errors: as above."""
    require(by, "participation.run", problem.step.consultation)
    found = _in_preparation(problem.step)
    if problem.ideas.exists():
        raise ValidationError(_("An idea answers this problem already: it stays."))
    audit.record("participation.problem_removed", problem, by=by, alliance=found.consultation.alliance, via=via)
    keys = Q(key=f"problem:{problem.uuid}") | Q(key=f"problem:{problem.uuid}:text")
    Wording.objects.filter(keys, consultation=found.consultation).delete()
    problem.delete()


def _in_preparation(step: Step) -> Step:
    found = locked(step)
    if found.consultation.state != C.DRAFT:
        raise ValidationError(_("People have already read it: it is changed only in preparation."))
    return found


# Bringing


def _checked(step: Step, title: str, text: str, problem: str) -> tuple[str, str, NamedProblem | None]:
    """What may be kept. Errors: ``ValidationError``, by field."""
    refused: dict[str, str] = {}
    title, text = one_line(title), tidy(text)
    if not any(sign.isalpha() for sign in title):
        refused["title"] = _("Say your idea in a few words.")
    elif wrong := too_long(title, TITLE_MOST):
        refused["title"] = wrong
    if wrong := too_long(text, TEXT_MOST):
        refused["text"] = wrong
    problems = {str(row.uuid): row for row in step.problems.all()}
    chosen = problems.get(problem) or (next(iter(problems.values())) if len(problems) == 1 else None)
    if chosen is None and problems:
        refused["problem"] = _("Choose the problem that your idea answers.")
    if refused:
        raise ValidationError(refused)
    return title, text, chosen


def _as_said(title: str, text: str) -> str:
    return f"{one_line(title)}\n{tidy(text)}"


@transaction.atomic
def propose(
    *, step: Step, title: str, text: str = "", problem: str = "", language: str = "fr", nonce: str, now: dt.datetime
) -> Received:
    """Someone's idea, and the receipt that speaks for them. Sent twice by a reload, it is there once.

    Shown at once or once a person has read it, as the consultation says. Nothing is logged.
    Errors: ``ValidationError`` by field, or where it is closed, or too many wait.
    """
    found = locked(step)
    if not is_open(found, now):
        raise ValidationError(_("It is closed: your idea is not received. Copy it before you leave this page."))
    receipt = receipts.receipt_of(found, nonce, _as_said(title, text))
    mark = receipts.mark_of(found, receipt)
    known = Idea.objects.filter(step=found, mark=mark).first()
    if known is not None:
        if known.state == S.TAKEN_BACK:
            raise ValidationError(_("This idea was taken back. To bring another, open the page again."))
        return Received(known, receipt, again=True)
    title, text, chosen = _checked(found, title, text, problem)
    _not_said_already(found, title, text)
    if waiting_ideas(found).count() >= WAITING_MOST:
        raise ValidationError(_("Many ideas wait to be read. Please come back in a few days."))
    after = found.consultation.moderation == Consultation.Moderation.AFTER
    made = Idea.objects.create(
        step=found, number=next_number(found), title=title, text=text, problem=chosen,
        language=language[:8] or found.consultation.language, mark=mark, state=S.SHOWN if after else S.PENDING,
    )  # fmt: skip
    # The index, which is in order, learns of it with all those of the day (``indexing.look``).
    return Received(made, receipt)


def _not_said_already(step: Step, title: str, text: str) -> None:
    """The very same words as an idea that everyone sees: there is nothing to add."""
    wanted = folded(f"{title} {text}")
    shown = Idea.objects.filter(step=step, state=S.SHOWN).only("number", "title", "text")
    same = next((one for one in shown.iterator() if folded(f"{one.title} {one.text}") == wanted), None)
    if same is not None:
        raise ValidationError(
            {"title": _("Idea %(n)s says it in the same words. You may comment on it.") % {"n": same.number}}
        )


@transaction.atomic
def bring(
    *, step: Step, title: str, text: str = "", problem: str = "", came: str, source: str, by: Any, now: dt.datetime,
    via: str = "web",
) -> Idea:  # fmt: skip
    """An idea said in a workshop or written on paper, entered by the agent: in preparation, while it is open, after.

    It has no receipt: whoever entered it would see it, and could answer for its author. A merge takes a note of what
    its author said, by someone else than who proposes it. Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", step.consultation)
    found = locked(step)
    still_moves(found)
    if came not in {Idea.Came.WORKSHOP, Idea.Came.PAPER}:
        raise ValidationError({"came": _("Choose where it comes from.")})
    if not source.strip():
        raise ValidationError({"source": _("Say where and when, without naming anyone.")})
    title, text, chosen = _checked(found, title, text, problem)
    _not_said_already(found, title, text)
    made = Idea.objects.create(
        step=found, number=next_number(found), title=title, text=text, problem=chosen,
        language=found.consultation.language, came=came, source=one_line(source)[:120],
        state=S.SHOWN, checked=True,
    )  # fmt: skip
    _tell("idea_brought", "idea-brought", made, by, now, via)
    indexing.put([made])
    return made


@transaction.atomic
def take_back(*, consultation: Consultation, receipt: str, now: dt.datetime) -> bool:
    """Erase what an idea said, with what was said of it. At any time. False: no idea has this receipt.

    What it was merged into stays, since others agreed to it, unless it was made of nothing else any more. An option
    that nobody has chosen from yet goes with it; on an open ballot its words stay.
    """
    known = receipts.find(consultation, receipt)
    if known is None:
        return False
    step = locked(known.step)
    found = Idea.objects.get(pk=known.pk)
    found.step = step
    if found.state == S.TAKEN_BACK:
        return True
    _erase(found)
    audit.record("participation.idea_taken_back", step, by=None, alliance=consultation.alliance, via="web")
    proposed = list(MergeProposal.objects.filter(answers__idea=found).values_list("pk", flat=True))
    merging.leave(found, now=now)
    parent = found.merged_into
    while parent is not None:
        parent.step = step
        if parent.merged.exclude(state=S.TAKEN_BACK).exists():
            break
        _erase(parent)
        merging.leave(parent, now=now)
        parent = parent.merged_into
    # The words proposed for several ideas are most often theirs, put together.
    gone = Q(state=MergeProposal.State.DROPPED) | Q(result__state=S.TAKEN_BACK)
    MergeProposal.objects.filter(gone, pk__in=proposed).update(title=_("(taken back)"), text="")
    return True


def _erase(idea: Idea) -> None:
    idea.title = idea.text = idea.source = idea.note = ""
    idea.state, idea.problem = S.TAKEN_BACK, None
    idea.save()
    idea.comments.all().delete()
    indexing.forget([idea.pk])
    unopened = Option.objects.filter(source=idea.reference, step__state=Step.State.WAITING)
    for option in unopened.select_related("step"):
        rest = option.step
        option.delete()
        for number, row in enumerate(rest.options.order_by("number"), start=1):
            # One by one, going up: no two ever share a number.
            if row.number != number:
                Option.objects.filter(pk=row.pk).update(number=number)


# The discussion


@transaction.atomic
def comment(*, idea: Idea, text: str, language: str = "fr", now: dt.datetime) -> IdeaComment:
    """Something to say of an idea that everyone sees. Sent twice, it is there once. Errors: ``ValidationError``."""
    step = locked(idea.step)
    found = Idea.objects.get(pk=idea.pk)
    found.step = step
    if not is_open(step, now):
        raise ValidationError(_("It is closed: nothing can be added any more. Copy your words before you leave."))
    if found.state != S.SHOWN:
        raise ValidationError(_("This idea is no longer discussed."))
    plain = tidy(text)
    if not any(sign.isalpha() for sign in plain):
        raise ValidationError({"text": _("Write your comment.")})
    if wrong := too_long(plain, COMMENT_MOST):
        raise ValidationError({"text": wrong})
    wanted = folded(plain)
    same = next((one for one in found.comments.all() if folded(one.text) == wanted), None)
    if same is not None:
        return same
    if waiting_comments(step).count() >= WAITING_MOST:
        raise ValidationError(_("Many comments wait to be read. Please come back in a few days."))
    last = found.comments.aggregate(last=Max("number"))["last"] or 0
    after = step.consultation.moderation == Consultation.Moderation.AFTER
    return IdeaComment.objects.create(
        idea=found, number=last + 1, text=plain, language=language[:8] or step.consultation.language,
        state=S.SHOWN if after else S.PENDING,
    )  # fmt: skip


def waiting_ideas(step: Step) -> Any:
    """Ideas that nobody has read yet, or whose refusal waits for a second person."""
    return Idea.objects.filter(step=step, checked=False, state__in=[S.PENDING, S.SHOWN])


def waiting_comments(step: Step) -> Any:
    return IdeaComment.objects.filter(idea__step=step, checked=False, state__in=[S.PENDING, S.SHOWN])


# Moderation, the same for an idea and for a comment


def _moderated(row: Row, by: Any, permission: str) -> Row:
    require(by, permission, row.step.consultation)
    step = locked(row.step)
    still_moves(step)
    found: Row = lock(row)
    if isinstance(found, Idea):
        found.step = step
    else:
        found.idea.step = step
    if found.state == S.REFUSED:
        raise ValidationError(_("It is already refused."))
    if found.state not in {S.PENDING, S.SHOWN}:
        raise ValidationError(_("It was merged or taken back meanwhile."))
    return found


@transaction.atomic
def accept(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """Read, and shown to everyone. One person is enough; accepted twice, it is accepted once.

    Errors: ``PermissionDenied``; ``ValidationError`` where its refusal is asked or done.
    """
    found = _moderated(row, by, "participation.moderate")
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is asked: a second person confirms it, or it is withdrawn."))
    if found.checked:
        return found
    found.state, found.checked = S.SHOWN, True
    found.save(update_fields=["state", "checked"])
    _tell(f"{_name(found)}_accepted", f"{_name(found)}-accepted", found, by, now, via)
    if isinstance(found, Idea):
        indexing.put([found])
    return found


@transaction.atomic
def ask_refusal(*, row: Row, reason: str, note: str = "", by: Any, via: str = "web") -> Row:
    """The first of the two people. Meanwhile it stays as it was: waiting, or shown.

    Errors: ``PermissionDenied``; ``ValidationError`` without a reason, or where it is asked already.
    """
    found = _moderated(row, by, "participation.moderate")
    if reason not in Idea.Reason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if found.refuse_asked_by_id is not None:
        raise ValidationError(_("Its refusal is already asked: a second person confirms it."))
    found.refuse_asked_by, found.reason, found.checked = by, reason, False
    found.note = one_line(note)[:300]
    found.save(update_fields=["refuse_asked_by", "reason", "note", "checked"])
    _record(f"{_name(found)}_refusal_asked", found, by, via, {"reason": reason})
    return found


@transaction.atomic
def drop_refusal(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """Whoever asked, or the second person, says no: it waits to be read again. Errors: as above."""
    found = _moderated(row, by, "participation.second")
    if found.refuse_asked_by_id is None:
        return found
    found.refuse_asked_by, found.reason, found.note = None, "", ""
    found.save(update_fields=["refuse_asked_by", "reason", "note"])
    _record(f"{_name(found)}_refusal_dropped", found, by, via, {})
    if isinstance(found, Idea):
        merging.stay(found, now=now)
    return found


@transaction.atomic
def confirm_refusal(*, row: Row, by: Any, now: dt.datetime, via: str = "web") -> Row:
    """The second person, never the one who asked. An idea that was in a merge leaves it; those that it said together
    are shown again each by itself, since their authors did nothing wrong.

    Errors: ``PermissionDenied``; ``ValidationError`` where nobody asked, or the same person did."""
    found = _moderated(row, by, "participation.second")
    if found.refuse_asked_by_id is None:
        raise ValidationError(_("Nobody has asked for its refusal."))
    if found.refuse_asked_by_id == by.pk:
        raise ValidationError(_("You asked for this refusal: another person confirms it."))
    found.state, found.refused_by, found.checked = S.REFUSED, by, True
    found.save(update_fields=["state", "refused_by", "checked"])
    after: dict[str, Any] = {"reason": found.reason}
    if isinstance(found, Idea):
        indexing.forget([found.pk])
        merging.leave(found, now=now)
        if parts := merging.give_back(found):
            after["given_back"] = parts
    _tell(f"{_name(found)}_refused", f"{_name(found)}-refused", found, by, now, via, after)
    return found


def _name(row: Row) -> str:
    return "idea" if isinstance(row, Idea) else "comment"


def _numbers(row: Row) -> dict[str, Any]:
    if isinstance(row, Idea):
        return {"number": row.number}
    return {"idea": row.idea.number, "number": row.number}


def _record(act: str, row: Row, by: Any, via: str, after: dict[str, Any]) -> Any:
    alliance = row.step.consultation.alliance
    return audit.record(f"participation.{act}", row, by=by, alliance=alliance, via=via, after=_numbers(row) | after)


def _tell(
    act: str, kind: str, row: Row, by: Any, now: dt.datetime, via: str, after: dict[str, Any] | None = None
) -> None:
    """In the audit log and the public one. A refused text is told nowhere: its number and its reason are."""
    consultation, reason = row.step.consultation, (after or {}).get("reason", "")
    entry = _record(act, row, by, via, after or {})

    def label() -> str:
        values = {"title": consultation.title} | {"n": _numbers(row)["number"]}
        if isinstance(row, Idea):
            said = _("%(title)s, idea %(n)s") % values
        else:
            said = _("%(title)s, comment %(n)s of idea %(idea)s") % {**values, "idea": row.idea.number}
        return f"{said}: {Idea.Reason(reason).label}" if reason else said

    tell(
        alliance=consultation.alliance, kind=kind, by=by, label=label, entry=entry, at=now,
        reference=consultation.reference,
    )  # fmt: skip


WORDS_OF_STATES = {
    S.PENDING: gettext_lazy("A person of the team reads it before everyone sees it."),
    S.SHOWN: gettext_lazy("Everyone sees it."),
    S.REFUSED: gettext_lazy("Two people refused it."),
    S.MERGED: gettext_lazy("It is said together with others, as you agreed."),
    S.TAKEN_BACK: gettext_lazy("It is taken back: what it said is erased."),
}
"""What its author reads with their receipt."""
