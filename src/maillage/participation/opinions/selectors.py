"""What the pages of statements read: a few queries, whatever the number of statements."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from maillage.alliances.models import Alliance
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.opinions.models import OpinionReading, Statement
from maillage.participation.reading import CONFIRM, READ, TO_CONFIRM, TO_READ, asked_by, rank
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Kind

S = Statement.State
COMPARED = 1000
"""Statements that those of a page are compared with, the latest first."""


def step_of(alliance: Alliance, key: uuid.UUID, position: int) -> Step | None:
    """The step of statements at this place of a consultation."""
    found = (
        Step.objects.select_related("consultation__alliance__parent", "consultation__space")
        .filter(consultation__alliance=alliance, consultation__uuid=key, position=position, kind=Kind.OPINIONS)
        .order_by("pk")
        .first()
    )
    if found is not None:
        found.consultation.alliance = alliance
    return found


def reading_of(step: Step) -> Mapping[str, Any] | None:
    """The count where the step is closed and counted, else the live reading; None where there is none to show."""
    if step.state == Step.State.CLOSED:
        result = Result.objects.filter(step=step, state=Result.State.READY, withheld=False).first()
        return result.data if result is not None else None
    live = OpinionReading.objects.filter(step=step).first()
    return live.data if live is not None else None


def queue(consultation: Consultation, view: str, viewer: Any) -> QuerySet[Statement]:
    """The statements of a part of the queue (:data:`reading.READ`, ``CONFIRM``, ``ALL``), in the order in which they
    are worked on: what the viewer proposed comes last in what is to be confirmed."""
    found = Statement.objects.filter(step__consultation=consultation)
    if view == READ:
        found = found.filter(TO_READ)
    elif view == CONFIRM:
        found = found.filter(TO_CONFIRM)
    mine = Case(When(asked_by(viewer), then=Value(1)), default=Value(0), output_field=IntegerField())
    found = found.annotate(rank=mine if view == CONFIRM else rank(S.SHOWN))
    return found.select_related("step").order_by("rank", "step__position", "number")


def counts(consultation: Consultation, viewer: Any) -> dict[str, int]:
    """How many nobody has read (``unread``), wait for a second person (``asked``), wait for this viewer to be that
    second person (``for_you``), are shown, are refused, in all."""
    mine = asked_by(viewer)
    return Statement.objects.filter(step__consultation=consultation).aggregate(
        unread=Count("pk", filter=TO_READ), asked=Count("pk", filter=TO_CONFIRM),
        for_you=Count("pk", filter=TO_CONFIRM & ~mine), all=Count("pk"),
        shown=Count("pk", filter=Q(state=S.SHOWN)), refused=Count("pk", filter=Q(state=S.REFUSED)),
    )  # fmt: skip


def near(rows: Iterable[Statement]) -> dict[int, list[Statement]]:
    """Of each step, what these statements may look like: what is shown, as many as one may compare in time. One
    query."""
    rows = list(rows)
    found: dict[int, list[Statement]] = {}
    shown = Statement.objects.filter(step__in={row.step_id for row in rows}, state=S.SHOWN)
    for one in shown.order_by("-number")[:COMPARED]:
        found.setdefault(one.step_id, []).append(one)
    for row in rows:
        if row.state != S.SHOWN:
            found.setdefault(row.step_id, []).append(row)
    return found


def refusals(step: Step) -> dict[str, int]:
    """How many were refused, by reason."""
    found = Statement.objects.filter(step=step, state=S.REFUSED).values_list("reason").annotate(n=Count("pk"))
    return dict(found.order_by("reason"))
