"""From published results to the record of participation: how many citizens took part at a stage, never who."""

from __future__ import annotations

from maillage.actors.models import Participation
from maillage.actors.vocabulary import ActorType
from maillage.participation.consultations.models import Consultation
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Access


def record(consultation: Consultation) -> Participation | None:
    """Write the ballots of the step that the most people answered, as so many citizens at the consultation's stage.

    Nothing for a list (its people have seats of their own), without stage, nor under the threshold. The same results
    give the same line, however many times; counted anew, they put it right. The caller holds
    the consultation and has asked the rule.
    """
    if consultation.stage_id is None or consultation.access == Access.LIST or consultation.closed_at is None:
        return None
    ready = Result.objects.filter(step__consultation=consultation, state=Result.State.READY)
    most = ready.order_by("-ballots").values_list("ballots", flat=True).first() or 0
    if most < consultation.threshold:
        Participation.objects.filter(reference=consultation.reference, type=ActorType.CITIZENS, actor=None).delete()
        return None
    row, _made = Participation.objects.update_or_create(
        reference=consultation.reference, type=ActorType.CITIZENS, actor=None,
        defaults={
            "alliance_id": consultation.alliance_id, "stage_id": consultation.stage_id, "people": most,
            "on": consultation.alliance.today(consultation.closed_at),
        },
    )  # fmt: skip
    return row
