"""What is kept of paper, and how long: the sheets as they were keyed in go once results are published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from maillage.participation.consultations.models import Consultation
from maillage.participation.paper.models import Batch, KeyedRound, KeyedSheet, SheetRuling

OVER = (Consultation.State.PUBLISHED, Consultation.State.CANCELLED)


def forget(today: dt.date) -> int:
    """Erase sheets, readings and rulings of consultations that are over. How many rows."""
    over = Batch.objects.filter(step__consultation__state__in=OVER)
    return sum(rows.objects.filter(batch__in=over).delete()[0] for rows in (KeyedSheet, SheetRuling, KeyedRound))


def uncounted(consultation: Consultation) -> Sequence[int]:
    """Numbers of the batches that came back and are neither accepted nor voided: results wait for them."""
    done = [Batch.State.ACCEPTED, Batch.State.VOIDED]
    found = Batch.objects.filter(step__consultation=consultation, returned__gt=0)
    return list(found.exclude(state__in=done).order_by("number").values_list("number", flat=True))
