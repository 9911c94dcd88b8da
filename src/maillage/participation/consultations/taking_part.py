"""From published results to the record of participation: how many citizens took part at a stage, never who."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from maillage.actors.models import Participation
from maillage.actors.vocabulary import ActorType
from maillage.participation.consultations.models import Consultation
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Access, Kind


def people_of(result: Result) -> int:
    """How many people this result is of: ballots, or testimonies where that is what the step gathers."""
    if result.step.kind == Kind.TESTIMONIES:
        return int(result.data.get("n") or 0)
    return result.ballots


def record(consultation: Consultation) -> Participation | None:
    """Write how many answered the step that the most people answered, as so many citizens at the consultation's stage.

    Nothing for a list (its people have seats of their own), without stage, nor under the threshold: a line written by
    a former count then goes. The same results give the same line, however many times. The caller holds the
    consultation and has asked the rule.
    """
    if consultation.stage_id is None or consultation.access == Access.LIST or consultation.closed_at is None:
        return None
    ready = Result.objects.filter(step__consultation=consultation, state=Result.State.READY).select_related("step")
    most = max(map(people_of, ready), default=0)
    line: dict[str, Any] = {"reference": consultation.reference, "type": ActorType.CITIZENS, "actor": None}
    if most < consultation.threshold:
        Participation.objects.filter(**line).delete()
        return None
    row, _made = Participation.objects.update_or_create(
        **line,
        defaults={
            "alliance_id": consultation.alliance_id, "stage_id": consultation.stage_id, "people": most,
            "on": consultation.alliance.today(consultation.closed_at),
        },
    )  # fmt: skip
    return row


def most_answered(results: QuerySet[Result]) -> dict[int, Result]:
    """By consultation, the result of the step that the most people answered. One query."""
    found: dict[int, Result] = {}
    rows = results.filter(state=Result.State.READY).select_related("step").order_by("pk")
    for row in sorted(rows, key=people_of):
        found[row.step.consultation_id] = row
    return found
