"""The memory written by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.alliances import indexing
from maillage.alliances.models import Alliance, MemoryEvent
from maillage.alliances.services.common import save_changes
from maillage.core import audit, search
from maillage.core.access import require
from maillage.core.locks import lock

PERM = "alliances.remember"
EDITABLE = frozenset({"on", "title", "body", "precision", "kind", "source", "is_public", "is_key", "language"})


def rounded(on: dt.date, precision: str) -> dt.date:
    """The first day of what is known: a month or a year is never given a day it does not have."""
    if precision == MemoryEvent.Precision.YEAR:
        return on.replace(month=1, day=1)
    return on.replace(day=1) if precision == MemoryEvent.Precision.MONTH else on


@transaction.atomic
def remember(
    alliance: Alliance,
    *,
    by: Any,
    on: dt.date,
    title: str,
    precision: str = MemoryEvent.Precision.DAY,
    **fields: Any,
) -> MemoryEvent:
    """A line of the memory. ``fields``: ``body``, ``kind``, ``source``, ``is_public``, ``is_key``, ``language``."""
    require(by, PERM, alliance)
    if set(fields) - EDITABLE:
        raise TypeError(f"Not to be set here: {', '.join(sorted(set(fields) - EDITABLE))}")
    event = MemoryEvent(alliance=alliance, on=rounded(on, precision), title=title, precision=precision, **fields)
    event.full_clean()
    event.save()
    search.put([indexing.memory_entry(event)])
    after = {"on": event.on.isoformat(), "kind": str(event.kind), "is_public": event.is_public}
    audit.record("alliances.remembered", event, by=by, alliance=alliance, after=after)
    return event


def _owned(event: MemoryEvent, by: Any) -> Alliance:
    """The alliance whose event this is. A national one belongs to all: nobody here may change it."""
    if event.alliance is None:
        raise PermissionDenied(PERM)
    require(by, PERM, event.alliance)
    return event.alliance


@transaction.atomic
def update_memory(event: MemoryEvent, *, by: Any, **changes: Any) -> MemoryEvent:
    alliance = _owned(event, by)
    event = lock(event)
    on, precision = changes.get("on", event.on), changes.get("precision", event.precision)
    changes["on"] = rounded(on, precision)
    event = save_changes(event, changes, EDITABLE, action="alliances.memory_updated", by=by, alliance=alliance)
    search.put([indexing.memory_entry(event)])
    return event


@transaction.atomic
def forget(event: MemoryEvent, *, by: Any) -> None:
    """Remove a line of the memory; the log keeps that it was there, not what it said."""
    alliance = _owned(event, by)
    before = {"on": event.on.isoformat(), "kind": event.kind, "is_public": event.is_public}
    audit.record("alliances.forgotten", event, by=by, alliance=alliance, before=before)
    search.remove(indexing.MEMORY, [event.pk])
    event.delete()
