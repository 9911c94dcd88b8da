"""What the pages of statements read: a few queries, whatever the number of statements."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from maillage.alliances.models import Alliance
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.opinions.models import OpinionReading, Statement
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Kind

S = Statement.State


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


def queue(consultation: Consultation) -> QuerySet[Statement]:
    """Every statement of a consultation for whoever moderates: those that wait first, refusals to confirm before."""
    rank = Case(
        When(Q(checked=False) & Q(refuse_asked_by__isnull=False), then=Value(0)),
        When(checked=False, then=Value(1)),
        When(state=S.SHOWN, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = Statement.objects.filter(step__consultation=consultation).annotate(rank=rank)
    return found.select_related("step", "refuse_asked_by", "refused_by").order_by("rank", "step__position", "number")


def counts(consultation: Consultation) -> dict[str, int]:
    """How many wait, are shown, are refused."""
    return Statement.objects.filter(step__consultation=consultation).aggregate(
        waiting=Count("pk", filter=Q(checked=False)),
        shown=Count("pk", filter=Q(state=S.SHOWN)),
        refused=Count("pk", filter=Q(state=S.REFUSED)),
    )


def refusals(step: Step) -> dict[str, int]:
    """How many were refused, by reason."""
    found = Statement.objects.filter(step=step, state=S.REFUSED).values_list("reason").annotate(n=Count("pk"))
    return dict(found.order_by("reason"))
