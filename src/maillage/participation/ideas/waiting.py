"""What waits for someone about ideas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas.models import Idea, IdeaComment, MergeAnswer, MergeProposal
from maillage.participation.vocabulary import Kind

SHOWN = 5
C = Consultation.State
S = Idea.State
WAITS = Q(checked=False, state__in=[S.PENDING, S.SHOWN])


def _url(name: str, consultation: Consultation, *more: Any) -> str:
    return reverse(f"participation_in:{name}", args=[consultation.alliance.slug, consultation.uuid, *more])


def _live(scope: Alliance) -> Any:
    """Consultations with ideas that still move."""
    found = Consultation.objects.filter(alliance_id=scope.pk, state__in=[C.OPEN, C.CLOSED], steps__kind=Kind.IDEAS)
    return found.select_related("space").distinct().order_by("closes_at", "pk")[: 4 * SHOWN]


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Ideas and comments to read, refusals to confirm, answers to write down, ideas to put to a choice. Six queries,
    and the rules."""
    if viewer is None or not viewer.is_authenticated:
        return
    live = list(_live(scope))
    if not live:
        return
    unread: dict[int, list[int]] = {}
    for place, rows in enumerate((Idea.objects.filter(step__consultation__in=live), _comments(live))):
        of = "step__consultation" if place == 0 else "idea__step__consultation"
        counted = (
            rows.filter(WAITS)
            .values_list(of)
            .annotate(
                n=Count("pk", filter=Q(refuse_asked_by=None)),
                m=Count("pk", filter=Q(refuse_asked_by__isnull=False) & ~Q(refuse_asked_by=viewer)),
            )
        )
        for pk, n, m in counted.order_by(of):
            here = unread.setdefault(pk, [0, 0, 0])
            here[place] += n
            here[2] += m
    silent = set(
        MergeAnswer.objects.filter(
            merge__step__consultation__in=live, merge__state=MergeProposal.State.ASKED, agreed=None, idea__mark=""
        ).exclude(merge__proposed_by=viewer).values_list("merge__step__consultation", flat=True)
    )  # fmt: skip
    for row in live:
        row.alliance = scope
        ideas, comments, refusals = unread.get(row.pk, (0, 0, 0))
        if (ideas or comments) and may(viewer, "participation.moderate", row):
            yield _to_read(row, ideas, comments)
        if refusals and may(viewer, "participation.second", row):
            yield Todo(
                title=_("Confirm the refusal of ideas or comments: %(title)s") % {"title": row.title},
                url=_url("ideas", row) if not ideas + comments or ideas else f"{_url('ideas', row)}",
                action=_("Look, then confirm"), key=f"ideas-refusals-{row.uuid}",
                detail=ngettext("%(n)s waits for a second person.", "%(n)s wait for a second person.", refusals)
                % {"n": refusals},
            )  # fmt: skip
        if row.pk in silent and may(viewer, "participation.second", row):
            yield Todo(
                title=_("Write down what authors met in person say: %(title)s") % {"title": row.title},
                url=_url("idea_merges", row), action=_("See the merges proposed"), key=f"ideas-answers-{row.uuid}",
                detail=_("They have no receipt: a merge waits for their answer."),
            )  # fmt: skip
    if may(viewer, "participation.run", scope):
        yield from _to_choose(scope)


def _comments(live: list[Consultation]) -> Any:
    return IdeaComment.objects.filter(idea__step__consultation__in=live)


def _to_read(row: Consultation, ideas: int, comments: int) -> Todo:
    parts = []
    if ideas:
        parts.append(ngettext("%(n)s idea", "%(n)s ideas", ideas) % {"n": ideas})
    if comments:
        parts.append(ngettext("%(n)s comment", "%(n)s comments", comments) % {"n": comments})
    url = _url("ideas", row)
    return Todo(
        title=_("Read what people bring: %(title)s") % {"title": row.title}, detail=", ".join(parts),
        url=url if ideas else f"{url}?quoi=commentaires", action=_("Read, accept or refuse"),
        key=f"ideas-read-{row.uuid}",
    )  # fmt: skip


def _to_choose(scope: Alliance) -> Iterator[Todo]:
    """Steps whose ideas are gathered, while another step waits for them. One query."""
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
