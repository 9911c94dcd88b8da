"""What the pages of ideas read: a few queries, whatever the number of ideas."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404

from maillage.core.text import fold
from maillage.participation.consultations.models import Consultation, Option, Step
from maillage.participation.ideas.models import Idea, IdeaComment, MergeProposal, Moderated, NamedProblem
from maillage.participation.reading import CONFIRM, READ, TO_CONFIRM, TO_READ, asked_by, rank
from maillage.participation.vocabulary import Kind
from maillage.participation.words import Words

S = Idea.State
NUMBERS = re.compile(r"\d+")
PREFIX = "participation.idea:"


def step_in(consultation: Consultation, key: uuid.UUID) -> Step:
    """Errors: ``Http404``."""
    found = Step.objects.filter(consultation=consultation, uuid=key, kind=Kind.IDEAS).first()
    if found is None:
        raise Http404
    found.consultation = consultation
    return found


def steps_in(consultation: Consultation) -> list[Step]:
    """Errors: ``Http404`` where it gathers no ideas."""
    found = list(consultation.steps.filter(kind=Kind.IDEAS).order_by("position", "pk"))
    if not found:
        raise Http404
    for step in found:
        step.consultation = consultation
    return found


def matching(ideas: QuerySet[Idea], text: str) -> QuerySet[Idea]:
    """Those that hold every word, whatever its accents and capitals, or that have this number."""
    words = fold(text[:200]).split()
    if len(words) == 1 and words[0].isascii() and words[0].isdigit() and len(words[0]) < 9:
        return ideas.filter(Q(number=int(words[0])) | Q(folded__contains=words[0]))
    for word in words:
        ideas = ideas.filter(folded__contains=word)
    return ideas


def with_counts(ideas: QuerySet[Idea]) -> Any:
    """Each with ``said`` (comments that everyone sees) and ``gathers`` (ideas it is made of)."""
    return ideas.select_related("problem").annotate(
        said=Count("comments", filter=Q(comments__state=S.SHOWN), distinct=True), gathers=Count("merged", distinct=True)
    )


def shown(step: Step, text: str = "", problem: str = "") -> Any:
    """What everyone sees of a step, in the order of numbers."""
    found = matching(Idea.objects.filter(step=step, state=S.SHOWN), text)
    if problem:
        found = found.filter(problem__uuid=problem)
    return with_counts(found).order_by("number")


def numbers_in(text: str) -> list[int]:
    """« 3, 12 et 40 » as numbers, each once."""
    return list(dict.fromkeys(int(one) for one in NUMBERS.findall(text[:4000]) if len(one) < 9))


def by_numbers(step: Step, numbers: Sequence[int]) -> list[Idea]:
    """The ideas that have them, in their order; shown or not."""
    rows = {row.number: row for row in Idea.objects.filter(step=step, number__in=numbers).select_related("problem")}
    for row in rows.values():
        row.step = step
    return [rows[number] for number in numbers if number in rows]


def problem_words(problem: NamedProblem, words: Words) -> str:
    return words.get(f"problem:{problem.uuid}", problem.label)


# Moderation


def _part(found: QuerySet[Any], view: str, viewer: Any, *order: str) -> QuerySet[Any]:
    """A part of the queue (:data:`reading.READ`, ``CONFIRM``, ``ALL``): what the viewer proposed comes last in what is
    to be confirmed."""
    if view == READ:
        found = found.filter(TO_READ)
    elif view == CONFIRM:
        found = found.filter(TO_CONFIRM)
    mine = Case(When(asked_by(viewer), then=Value(1)), default=Value(0), output_field=IntegerField())
    return found.annotate(rank=mine if view == CONFIRM else rank(S.SHOWN)).order_by("rank", *order)


def queue(consultation: Consultation, view: str, viewer: Any, text: str = "") -> Any:
    """The ideas of a consultation for whoever moderates, those that wait first."""
    found = matching(Idea.objects.filter(step__consultation=consultation), text)
    found = with_counts(found).select_related("step", "merged_into", "problem")
    return _part(found, view, viewer, "step__position", "number")


def comment_queue(consultation: Consultation, view: str, viewer: Any) -> QuerySet[IdeaComment]:
    found = IdeaComment.objects.filter(idea__step__consultation=consultation).select_related("idea__step")
    return _part(found, view, viewer, "idea__step__position", "idea__number", "number")


def counts(rows: QuerySet[Any], viewer: Any) -> dict[str, int]:
    """How many nobody has read (``unread``), wait for a second person (``asked``), wait for this viewer to be that
    second person (``for_you``), are shown, are refused, in all."""
    return rows.aggregate(
        unread=Count("pk", filter=TO_READ), asked=Count("pk", filter=TO_CONFIRM),
        for_you=Count("pk", filter=TO_CONFIRM & ~asked_by(viewer)), all=Count("pk"),
        shown=Count("pk", filter=Q(state=S.SHOWN)), refused=Count("pk", filter=Q(state=S.REFUSED)),
    )  # fmt: skip


def refusals(step: Step) -> dict[str, int]:
    """How many ideas and comments were refused, by reason."""
    found: dict[str, int] = {}
    for rows in (Idea.objects.filter(step=step), IdeaComment.objects.filter(idea__step=step)):
        counted = rows.filter(state=Moderated.State.REFUSED).values_list("reason").annotate(n=Count("pk"))
        for reason, n in counted.order_by("reason"):
            found[reason] = found.get(reason, 0) + n
    return found


# What came of ideas


def choices_of(ideas: Iterable[Idea]) -> Mapping[str, list[Option]]:
    """The options made from ideas, by the idea's reference; with their consultations. One query."""
    found: dict[str, list[Option]] = {}
    rows = Option.objects.filter(source__in=[idea.reference for idea in ideas])
    for row in rows.select_related("step__consultation__alliance__parent").order_by("pk"):
        found.setdefault(row.source, []).append(row)
    return found


def options_from(step: Step) -> list[Option]:
    """Every option made from an idea of this step. Two queries."""
    rows = Option.objects.filter(
        source__startswith=PREFIX, step__consultation__alliance_id=step.consultation.alliance_id
    ).select_related("step__consultation__alliance__parent")
    options = list(rows.order_by("pk"))
    keys = [row.source.removeprefix(PREFIX) for row in options]
    ours = {str(key) for key in Idea.objects.filter(step=step, pk__in=keys).values_list("pk", flat=True)}
    return [row for row in options if row.source.removeprefix(PREFIX) in ours]


def sources_of(options: Iterable[Option]) -> dict[int, Idea]:
    """The idea that each option was made from, by the option's number. One query where there is any."""
    keys = {one.source.removeprefix(PREFIX): one.number for one in options if one.source.startswith(PREFIX)}
    if not keys:
        return {}
    rows = Idea.objects.filter(pk__in=keys).select_related("step__consultation__alliance", "merged_into")
    return {keys[str(row.pk)]: row for row in rows}


def asked_about(idea: Idea) -> MergeProposal | None:
    """The merge that the authors behind a shown idea are asked about."""
    from maillage.participation.ideas.merging import authors_of

    found = MergeProposal.objects.filter(state=MergeProposal.State.ASKED, answers__idea__in=authors_of([idea]))
    return found.order_by("pk").first()
