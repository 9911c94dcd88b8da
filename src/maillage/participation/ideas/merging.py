"""Ideas that say the same thing, said as one: only with the agreement of those who brought them.

An idea is never merged without its author's agreement. Once everyone agreed, the merge is done at once. Once the last
day has passed, whoever answered nothing keeps their idea as it is, and the merge is done with those who agreed, where
at least two ideas are left; otherwise it is dropped.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.alliances.acts.services import tell
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas import indexing, receipts
from maillage.participation.ideas.ground import (
    TEXT_MOST,
    TITLE_MOST,
    locked,
    next_number,
    one_line,
    still_moves,
    tidy,
    too_long,
)
from maillage.participation.ideas.models import Idea, MergeAnswer, MergeProposal, NamedProblem

S = Idea.State
M = MergeProposal.State
LONGEST = dt.timedelta(days=92)
OVER = frozenset({Consultation.State.PUBLISHED, Consultation.State.CANCELLED})
MOST = 30
"""Ideas in one merge."""


def authors_of(ideas: Iterable[Idea]) -> list[Idea]:
    """The ideas that someone brought, behind these: themselves, or those that they were made of and that nobody took
    back. A query for each level."""
    found: list[Idea] = []
    level = list(ideas)
    while level:
        inside = list(Idea.objects.filter(merged_into__in=level).order_by("number"))
        made = {row.merged_into_id for row in inside}
        found += [idea for idea in level if idea.pk not in made and idea.state != S.TAKEN_BACK]
        level = inside
    return found


def _consultation(step: Step) -> Step:
    found = locked(step)
    still_moves(found)
    return found


@transaction.atomic
def propose_merge(
    *, step: Step, ideas: Sequence[Idea], title: str, text: str, answers_until: dt.date | None, by: Any,
    now: dt.datetime, problem: NamedProblem | None = None, via: str = "web",
) -> MergeProposal:  # fmt: skip
    """Propose that several shown ideas be said as one, in these words, to their authors.

    Errors: ``PermissionDenied``; ``ValidationError``, by field.
    """
    require(by, "participation.run", step.consultation)
    found = _consultation(step)
    rows = list(Idea.objects.filter(step=found, pk__in=[idea.pk for idea in ideas]).order_by("number"))
    refused: dict[str, str] = {}
    title, text = one_line(title), tidy(text)
    if not title:
        refused["title"] = _("Say in a few words what they have in common.")
    elif wrong := too_long(title, TITLE_MOST):
        refused["title"] = wrong
    if wrong := too_long(text, TEXT_MOST):
        refused["text"] = wrong
    refused |= _checked_ideas(rows)
    today = found.consultation.alliance.today(now)
    if answers_until is None or answers_until <= today:
        refused["answers_until"] = _("Leave at least until tomorrow: people come back when they can.")
    elif answers_until > today + LONGEST:
        refused["answers_until"] = _("Three months at most.")
    if problem is not None and problem.step_id != found.pk:
        problem = None
    if refused or answers_until is None:
        raise ValidationError(refused)
    same = {row.problem_id for row in rows}
    made = MergeProposal.objects.create(
        step=found, title=title, text=text, proposed_by=by, answers_until=answers_until,
        problem=problem or (rows[0].problem if len(same) == 1 else None),
    )  # fmt: skip
    MergeAnswer.objects.bulk_create(MergeAnswer(merge=made, idea=row) for row in authors_of(rows))
    entry = _record("merge_proposed", made, by, via, {"ideas": [row.number for row in rows]})
    _tell("idea-merge-proposed", made, [row.number for row in rows], by, entry, now)
    return made


def _checked_ideas(rows: Sequence[Idea]) -> dict[str, str]:
    if len(rows) < 2:
        return {"numbers": _("Choose at least two ideas that everyone sees.")}
    if len(rows) > MOST:
        return {"numbers": _("Choose %(n)s ideas at most.") % {"n": MOST}}
    hidden = [row.number for row in rows if row.state != S.SHOWN]
    if hidden:
        return {"numbers": _("These ideas are not shown, or no longer: %(list)s.") % {"list": said(hidden)}}
    busy = MergeAnswer.objects.filter(merge__state=M.ASKED, idea__in=authors_of(rows)).values_list(
        "idea__number", flat=True
    )
    if busy:
        return {
            "numbers": _("The authors of these ideas are already asked about a merge: %(list)s.")
            % {"list": said(sorted(set(busy)))}
        }
    return {}


def said(numbers: Iterable[int]) -> str:
    """« 3, 12, 40 »."""
    return ", ".join(map(str, numbers))


def _record(act: str, merge: MergeProposal, by: Any, via: str, after: dict[str, Any]) -> Any:
    alliance = merge.step.consultation.alliance
    return audit.record(f"participation.{act}", merge, by=by, alliance=alliance, via=via, after=after)


def _tell(kind: str, merge: MergeProposal, numbers: Sequence[int], by: Any, entry: Any, now: dt.datetime) -> None:
    consultation = merge.step.consultation
    tell(
        alliance=consultation.alliance, kind=kind, by=by, entry=entry, at=now, reference=consultation.reference,
        label=lambda: _("%(title)s, ideas %(list)s") % {"title": consultation.title, "list": said(numbers)},
    )  # fmt: skip


def _asked(merge: MergeProposal) -> MergeProposal:
    step = _consultation(merge.step)
    found: MergeProposal = lock(merge)
    found.step = step
    if found.state != M.ASKED:
        raise ValidationError(_("This proposal is already settled."))
    return found


# Answers


@transaction.atomic
def answer(*, consultation: Consultation, receipt: str, merge: uuid.UUID, agreed: bool, now: dt.datetime) -> None:
    """The author's own answer, with their receipt. It may change until the merge is settled; nothing is logged.

    Errors: ``ValidationError`` where no idea has it, or it is too late.
    """
    idea = receipts.find(consultation, receipt)
    row = None
    if idea is not None:
        row = MergeAnswer.objects.select_related("merge__step").filter(merge__uuid=merge, idea=idea).first()
    if row is None:
        raise ValidationError(_("No idea of this proposal has this receipt."))
    row.merge.step.consultation = consultation
    found = _asked(row.merge)
    if consultation.alliance.today(now) > found.answers_until:
        raise ValidationError(_("The last day to answer has passed: your idea stays as it is."))
    MergeAnswer.objects.filter(pk=row.pk).update(agreed=agreed)
    settle(found, now=now)


@transaction.atomic
def note_answer(*, row: MergeAnswer, agreed: bool, note: str, by: Any, now: dt.datetime, via: str = "web") -> None:
    """What the author of an idea without receipt said, written down by someone else than who proposed the merge.

    Errors: ``PermissionDenied``; ``ValidationError`` where the author holds a receipt: they answer themselves.
    """
    require(by, "participation.second", row.merge.step.consultation)
    found = _asked(row.merge)
    fresh = MergeAnswer.objects.select_related("idea").get(pk=row.pk)
    if fresh.idea.mark:
        raise ValidationError(_("The author of this idea has a receipt: they answer themselves."))
    if found.proposed_by_id == by.pk:
        raise ValidationError(_("You proposed this merge: another person writes down what the author says."))
    if not note.strip():
        raise ValidationError({"note": _("Say how and when the author answered, without naming them.")})
    if found.step.consultation.alliance.today(now) > found.answers_until:
        raise ValidationError(_("The last day to answer has passed: the idea stays as it is."))
    fresh.agreed, fresh.noted_by, fresh.note = agreed, by, " ".join(note.split())[:300]
    fresh.save(update_fields=["agreed", "noted_by", "note"])
    entry = _record("merge_answer_noted", found, by, via, {"idea": fresh.idea.number, "agreed": agreed})
    _tell("idea-answer-noted", found, [fresh.idea.number], by, entry, now)
    settle(found, now=now)


@transaction.atomic
def drop(*, merge: MergeProposal, by: Any, now: dt.datetime, via: str = "web") -> None:
    """Propose it no more: every idea stays as it is. Errors: ``PermissionDenied``; ``ValidationError``."""
    require(by, "participation.run", merge.step.consultation)
    found = _asked(merge)
    found.state = M.DROPPED
    found.save(update_fields=["state"])
    numbers = list(found.answers.order_by("idea__number").values_list("idea__number", flat=True))
    entry = _record("merge_dropped", found, by, via, {"ideas": numbers})
    _tell("idea-merge-dropped", found, numbers, by, entry, now)


# Settling


def standing(merge: MergeProposal) -> dict[uuid.UUID, list[MergeAnswer]]:
    """The answers by idea that would be merged: an idea made of several has one for each of its authors. Theirs only:
    whoever took their idea back is no longer there."""
    answers = {row.idea_id: row for row in merge.answers.select_related("idea").order_by("idea__number")}
    tops = _tops([row.idea for row in answers.values()])
    found: dict[uuid.UUID, list[MergeAnswer]] = {}
    for row in answers.values():
        top = tops[row.idea_id]
        if top is not None:
            found.setdefault(top, []).append(row)
    return found


def standing_ideas(merge: MergeProposal) -> list[Idea]:
    """The ideas that would be merged, as everyone sees them. Three queries."""
    return list(Idea.objects.filter(pk__in=standing(merge)).order_by("number"))


def _tops(ideas: Sequence[Idea]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Under which shown idea each stands now; None where none does."""
    found: dict[uuid.UUID, uuid.UUID | None] = {}
    into = {idea.pk: idea for idea in ideas}
    missing = {idea.merged_into_id for idea in ideas if idea.merged_into_id} - set(into)
    while missing:
        rows = Idea.objects.filter(pk__in=missing).only("pk", "state", "merged_into_id")
        into |= {row.pk: row for row in rows}
        missing = {row.merged_into_id for row in rows if row.merged_into_id} - set(into)
    for idea in ideas:
        top = idea
        while top.state == S.MERGED and top.merged_into_id:
            top = into[top.merged_into_id]
        found[idea.pk] = top.pk if top.state == S.SHOWN and idea.state != S.TAKEN_BACK else None
    return found


def settle(merge: MergeProposal, *, now: dt.datetime) -> None:
    """Do it, or drop it, where nobody is waited for any more. The caller holds the step and the proposal."""
    if merge.step.consultation.state in OVER:
        # What people read with the results stays as they read it.
        merge.state = M.DROPPED
        merge.save(update_fields=["state"])
        return
    by_idea = standing(merge)
    over = merge.step.consultation.alliance.today(now) > merge.answers_until
    # An idea whose refusal is asked waits for the second person: a merge is no way out.
    held = set(Idea.objects.filter(pk__in=by_idea, refuse_asked_by__isnull=False).values_list("pk", flat=True))
    waited = bool(held) or any(row.agreed is None for rows in by_idea.values() for row in rows)
    if waited and not over and len(by_idea) > 1:
        return
    agreed = [pk for pk, rows in by_idea.items() if pk not in held and all(row.agreed is True for row in rows)]
    if len(agreed) < 2:
        merge.state = M.DROPPED
        merge.save(update_fields=["state"])
        _record("merge_dropped", merge, None, "task", {})
        return
    _merge(merge, list(Idea.objects.filter(pk__in=agreed).order_by("number")))


def _merge(merge: MergeProposal, ideas: Sequence[Idea]) -> None:
    step = merge.step
    languages = {idea.language for idea in ideas}
    made = Idea.objects.create(
        step=step, number=next_number(step), title=merge.title, text=merge.text, problem=merge.problem,
        language=languages.pop() if len(languages) == 1 else step.consultation.language, state=S.SHOWN, checked=True,
        came=ideas[0].came if len({idea.came for idea in ideas}) == 1 else Idea.Came.ONLINE,
    )  # fmt: skip
    Idea.objects.filter(pk__in=[idea.pk for idea in ideas]).update(state=S.MERGED, merged_into=made)
    merge.state, merge.result = M.DONE, made
    merge.save(update_fields=["state", "result"])
    numbers = [idea.number for idea in ideas]
    _record("ideas_merged", merge, None, "task", {"ideas": numbers, "into": made.number})
    indexing.forget([idea.pk for idea in ideas])
    indexing.put([made])


def leave(idea: Idea, *, now: dt.datetime) -> None:
    """An idea that is no longer there leaves the proposals it was in. The caller holds the step."""
    behind = [idea, *authors_of([idea])]
    rows = MergeAnswer.objects.filter(merge__state=M.ASKED, idea__in=behind)
    merges = list(MergeProposal.objects.filter(pk__in=rows.values("merge")).order_by("pk"))
    rows.delete()
    _settle_all(merges, idea.step, now)


def stay(idea: Idea, *, now: dt.datetime) -> None:
    """An idea whose refusal is no longer asked: the proposals that waited for that are done. The caller holds the
    step."""
    rows = MergeAnswer.objects.filter(merge__state=M.ASKED, idea__in=authors_of([idea]))
    _settle_all(list(MergeProposal.objects.filter(pk__in=rows.values("merge")).order_by("pk")), idea.step, now)


def _settle_all(merges: Iterable[MergeProposal], step: Step, now: dt.datetime) -> None:
    for merge in merges:
        found: MergeProposal = lock(merge)
        found.step = step
        if found.state == M.ASKED:
            settle(found, now=now)


def give_back(idea: Idea) -> list[int]:
    """What a refused idea said together is shown again, each by itself. Their numbers. The caller holds the step."""
    rows = list(Idea.objects.filter(merged_into=idea, state=S.MERGED).order_by("number"))
    Idea.objects.filter(pk__in=[row.pk for row in rows]).update(state=S.SHOWN, merged_into=None)
    indexing.put(rows)
    return [row.number for row in rows]


def lift(idea: Idea, into: Idea) -> None:
    """What a refused idea said together is said by the one that said it with others: whoever is behind agreed to both.
    The caller holds the step."""
    Idea.objects.filter(merged_into=idea, state=S.MERGED).update(merged_into=into)


def look(now: dt.datetime) -> int:
    """Each day: the proposals whose last day has passed. How many were settled."""
    late = MergeProposal.objects.filter(state=M.ASKED, answers_until__lt=now.date() + dt.timedelta(days=1))
    done = 0
    for merge in late.select_related("step__consultation__alliance").order_by("pk"):
        if merge.step.consultation.alliance.today(now) <= merge.answers_until:
            continue
        done += _settle_late(merge, now)
    return done


@transaction.atomic
def _settle_late(merge: MergeProposal, now: dt.datetime) -> int:
    step: Step = lock(merge.step)
    step.consultation = Consultation.objects.select_related("alliance__parent").get(pk=step.consultation_id)
    found: MergeProposal = lock(merge)
    found.step = step
    if found.state != M.ASKED:
        return 0
    settle(found, now=now)
    return 1
