"""Who leads a space now, who is next, who led before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from maillage.concertation.governance.models import Facilitation
from maillage.concertation.models import Space
from maillage.core.dates import newest, oldest


@dataclass(frozen=True)
class Turns:
    now: list[Facilitation]
    next: list[Facilitation]
    """Those that begin later, the first to begin first."""
    before: list[Facilitation]


def turns_of(space: Space, day: dt.date) -> Turns:
    """The turns of facilitation as they stand on ``day``. One query."""
    rows = list(Facilitation.objects.filter(space=space).select_related("actor", "person").order_by(*newest()))
    coming = sorted(
        (row for row in rows if row.since is not None and row.since > day), key=lambda row: (row.since, row.pk)
    )
    return Turns(
        now=[row for row in rows if row.holds(day)],
        next=coming,
        before=[row for row in rows if row.until is not None and row.until <= day and row not in coming],
    )


def without_next(spaces: Sequence[Space], day: dt.date, days: int = 45) -> list[tuple[Space, Facilitation]]:
    """Spaces whose present turn ends within so many days and where nobody is written after. One query."""
    rows = Facilitation.objects.filter(space__in=spaces).select_related("actor").order_by("space_id", *oldest())
    by_space: dict[int, list[Facilitation]] = {}
    for row in rows:
        by_space.setdefault(row.space_id, []).append(row)
    found = []
    for space in spaces:
        turns = by_space.get(space.pk, [])
        ending = [row for row in turns if row.holds(day) and row.until and row.until <= day + dt.timedelta(days=days)]
        if ending and not any(row.since is not None and row.since > day for row in turns):
            found.append((space, ending[0]))
    return found
