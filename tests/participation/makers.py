"""From an open step to its result."""

from __future__ import annotations

from maillage.participation.consultations import lifecycle
from maillage.participation.models import Consultation, Result
from maillage.participation.results import counting
from maillage.participation.urn import services as urn
from tests.participation.factories import NOW


def close(step, *, published=True) -> Result:
    lifecycle.close_consultation(consultation=step.consultation, by=None, now=NOW)
    step.refresh_from_db()
    urn.open_urn(step, now=NOW)
    counting.count(step, now=NOW)
    if published:
        Consultation.objects.filter(pk=step.consultation_id).update(state=Consultation.State.PUBLISHED)
        step.consultation.refresh_from_db()
    return Result.objects.get(step=step)
