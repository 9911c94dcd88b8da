"""What is kept of paper, and how long: the sheets as they were keyed in go once results are published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import F

from maillage.participation.consultations.models import Consultation
from maillage.participation.paper.models import Batch, KeyedRound, KeyedSheet, SheetRuling
from maillage.participation.vocabulary import ONE_BALLOT_EACH

OVER = (Consultation.State.PUBLISHED, Consultation.State.CANCELLED)


def forget(today: dt.date) -> int:
    """Erase sheets, readings and rulings of consultations that are over. How many rows."""
    over = Batch.objects.filter(step__consultation__state__in=OVER)
    return sum(rows.objects.filter(batch__in=over).delete()[0] for rows in (KeyedSheet, SheetRuling, KeyedRound))


def to_come(consultation: Consultation) -> Sequence[Batch]:
    """The batches whose sheets nobody has counted yet, of steps that people answered. One query."""
    done = [Batch.State.ACCEPTED, Batch.State.VOIDED]
    found = Batch.objects.filter(step__consultation=consultation).exclude(state__in=done)
    return list(found.exclude(returned=0).order_by("number"))


def uncounted(consultation: Consultation) -> Sequence[int]:
    """Numbers of the batches that came back and are neither accepted nor voided: results wait for them."""
    done = [Batch.State.ACCEPTED, Batch.State.VOIDED]
    found = Batch.objects.filter(step__consultation=consultation, returned__gt=0)
    return list(found.exclude(state__in=done).order_by("number").values_list("number", flat=True))


def is_tied(consultation: Consultation) -> bool:
    """Whether a sheet is handed out against a code or a name of the list: where one person has one ballot."""
    return consultation.access in ONE_BALLOT_EACH


def untied(batch: Batch, keyed: int | None = None) -> int:
    """How many sheets of a tied consultation were given without a code. ``keyed``: of a batch not yet accepted."""
    if not is_tied(batch.step.consultation):
        return 0
    return max(0, (batch.counted + batch.spoilt if keyed is None else keyed) - batch.exchanged)


def unsettled(consultation: Consultation) -> Sequence[int]:
    """Numbers of the batches already counted that hold sheets given without a code, and of which two people have not
    said why they are counted. Results wait for them. One query at most."""
    if not is_tied(consultation):
        return []
    found = Batch.objects.filter(step__consultation=consultation, state=Batch.State.ACCEPTED, untied_at=None)
    more = found.filter(exchanged__lt=F("counted") + F("spoilt"))
    return list(more.order_by("number").values_list("number", flat=True))
