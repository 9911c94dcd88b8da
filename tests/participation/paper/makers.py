"""Batches of paper, keyed in as two people do."""

from __future__ import annotations

from typing import Any

from maillage.participation.models import Batch, Step
from maillage.participation.paper import services
from tests.participation.factories import NOW


def batch_of(step: Step, **values: Any) -> Batch:
    """A batch of ten sheets, all handed out and back unless said otherwise."""
    values = {"number": 1, "printed": 10, "handed_out": 10, "returned": 10, "state": "out", **values}
    batch: Batch = Batch.objects.create(step=step, **values)
    return batch


def key(batch: Batch, by: Any, *lines: str) -> services.Keyed:
    return services.key_sheets(batch=batch, first=1, lines=lines, by=by)


def keyed_twice(batch: Batch, one: Any, other: Any, lines: Any, others: Any = None) -> Batch:
    """Both readings, done."""
    for by, said in ((one, lines), (other, lines if others is None else others)):
        done = key(batch, by, *said)
        assert not done.error, done.error
        services.finish_round(batch=batch, by=by, now=NOW)
    batch.refresh_from_db()
    return batch
