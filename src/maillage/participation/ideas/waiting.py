"""What waits for someone about ideas: the queue of those who moderate, and the choice that a step waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.consultations.moderation import MOST, Waiting
from maillage.participation.ideas.models import Idea, IdeaComment, MergeAnswer, MergeProposal
from maillage.participation.reading import CONFIRM, READ, asked_by, rank, what_to_do
from maillage.participation.vocabulary import Kind

SHOWN = 5
C = Consultation.State
S = Idea.State
LIVE = (C.OPEN, C.CLOSED)
"""Once published, nothing of the ideas changes."""


def _url(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"participation_in:{name}", args=[consultation.alliance.slug, consultation.uuid, *more])


def _live(consultations: Sequence[Consultation]) -> dict[int, Consultation]:
    return {row.pk: row for row in consultations if row.state in LIVE}


def _told(row: Any, text: str, consultation: Consultation, query: str) -> Waiting:
    part = CONFIRM if row.proposed else READ
    return Waiting(
        consultation, text, f"{_url('ideas', consultation)}?voir={part}{query}", what_to_do(row.proposed),
        needs="participation.second" if row.proposed else "participation.moderate", language=row.language,
        confirm=bool(row.proposed),
    )  # fmt: skip


def _waits(rows: QuerySet[Any], viewer: Any) -> QuerySet[Any]:
    """What another person proposed, then what nobody has read."""
    return rows.filter(checked=False).exclude(asked_by(viewer)).annotate(rank=rank(S.SHOWN))


def ideas(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query."""
    live = _live(consultations)
    rows = _waits(Idea.objects.filter(step__consultation__in=live), viewer).select_related("step")
    for row in rows.order_by("rank", "step__consultation__closes_at", "step__position", "number")[: 2 * MOST]:
        yield _told(row, row.title, live[row.step.consultation_id], f"&q={row.number}")


def comments(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """One query."""
    live = _live(consultations)
    rows = _waits(IdeaComment.objects.filter(idea__step__consultation__in=live), viewer).select_related("idea__step")
    for row in rows.order_by("rank", "idea__step__consultation__closes_at", "idea__number", "number")[: 2 * MOST]:
        yield _told(row, row.text, live[row.idea.step.consultation_id], "&quoi=commentaires")


def answers(consultations: Sequence[Consultation], viewer: Any) -> Iterator[Waiting]:
    """The answers of authors who hold no receipt, to be written down by another person than whoever proposed. One
    query."""
    live = _live(consultations)
    rows = MergeAnswer.objects.filter(
        merge__step__consultation__in=live, merge__state=MergeProposal.State.ASKED, agreed=None, idea__mark=""
    ).exclude(merge__proposed_by=viewer.pk)
    for row in rows.select_related("merge__step", "idea").order_by("merge__answers_until", "pk")[:MOST]:
        consultation = live[row.merge.step.consultation_id]
        yield Waiting(
            consultation, row.idea.title, _url("idea_merge", consultation, row.merge.uuid),
            _("Write down what its author says"), needs="participation.second", language=row.idea.language,
        )  # fmt: skip


@contributions.todo.register
def to_choose(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Steps whose ideas are gathered, while another step waits for its options. One query."""
    if viewer is None or not may(viewer, "participation.run", scope):
        return
    waits = Step.objects.filter(after=OuterRef("pk"), kind=Kind.PRIORITIES, state=Step.State.WAITING, options=None)
    found = Step.objects.filter(
        Exists(waits), kind=Kind.IDEAS, consultation__alliance_id=scope.pk, consultation__state=C.OPEN
    ).filter(Q(state=Step.State.CLOSED) | Q(state=Step.State.OPEN, closes_at__isnull=False))
    for step in found.select_related("consultation").order_by("closes_at", "pk")[:SHOWN]:
        step.consultation.alliance = scope
        yield Todo(
            title=_("Have people choose among the ideas: %(title)s") % {"title": step.consultation.title},
            url=_url("idea_choose", step.consultation, step.uuid), action=_("Choose the ideas"),
            detail=_("The next step waits for its options."), key=f"ideas-choose-{step.uuid}",
            due=scope.today(step.closes_at) if step.closes_at else None,
        )  # fmt: skip
