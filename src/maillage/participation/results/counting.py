"""From ballots to aggregates: the only function that writes a :class:`Result`."""

from __future__ import annotations

import datetime as dt

from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.paper.models import Batch
from maillage.participation.results.models import Result
from maillage.participation.urn.models import Ballot


def voided_batches(step: Step) -> list[str]:
    """The batches of paper that are not counted."""
    found = Batch.objects.filter(step=step, state=Batch.State.VOIDED)
    return [str(batch) for batch in found.values_list("uuid", flat=True)]


def count(step: Step, *, now: dt.datetime) -> Result:
    """Count the ballots of a step whose urn is open, and write the result in the place of the former one."""
    kind = kinds.of(step)
    rows = Ballot.objects.filter(step=step).order_by("id").values_list("content", "about", "channel")
    sheets = [kinds.Sheet(*row) for row in rows.iterator(5000)]
    data = kind.count(step, sheets) if kind.count is not None else {}
    found, _made = Result.objects.update_or_create(
        step=step,
        defaults={"state": Result.State.READY, "ballots": len(sheets), "data": data, "computed_at": now},
    )
    return found
