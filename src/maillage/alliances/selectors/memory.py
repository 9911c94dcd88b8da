"""The memory: what was written by hand, national events, and what the rooms contribute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from maillage.alliances.models import Alliance, MemoryEvent
from maillage.core import contributions, formats
from maillage.core.access import may
from maillage.core.contributions import TimelineEntry

LIMIT = 500
"""How far back a page of the memory can go, so that it never grows with the age of the instance."""


@dataclass(frozen=True)
class Written(TimelineEntry):
    """A line written by hand: the agent may change it, unless it is national (``national``)."""

    uuid: str = ""
    language: str = "fr"
    national: bool = False
    is_public: bool = True


def written(alliance: Any, viewer: Any, today: dt.date, *, limit: int = LIMIT) -> Iterator[Written]:
    """Hand-written and national lines, newest first: one query. Private ones for those inside only."""
    events = MemoryEvent.objects.filter(Q(alliance_id=alliance.pk) | Q(alliance=None))
    if not may(viewer, "alliances.view_inside", alliance):
        events = events.filter(is_public=True)
    english = get_language() == "en"
    for event in events.order_by("-on", "-id")[:limit]:
        translated = english and bool(event.title_en)
        yield Written(
            on=event.on,
            title=event.title_en if translated else event.title,
            body=event.body_en if translated else event.body,
            kind=event.kind,
            key=event.is_key,
            precision=event.precision,
            source=event.source,
            uuid=str(event.uuid),
            language="en" if translated else event.language,
            national=event.alliance_id is None,
            is_public=event.is_public,
        )


def when(entry: TimelineEntry) -> str:
    """The date of a line, no more precise than what is known."""
    if entry.precision == MemoryEvent.Precision.YEAR:
        return str(entry.on.year)
    return formats.month(entry.on) if entry.precision == MemoryEvent.Precision.MONTH else formats.date(entry.on)


def machine_date(entry: TimelineEntry) -> str:
    """The same for ``<time datetime>``."""
    length = {"year": 4, "month": 7}.get(entry.precision, 10)
    return entry.on.isoformat()[:length]


@dataclass(frozen=True)
class Line:
    """A line ready for the page."""

    entry: TimelineEntry
    when: str
    machine: str
    coming: bool

    @property
    def language(self) -> str:
        return getattr(self.entry, "language", "")

    @property
    def uuid(self) -> str:
        """Set where the agent may change it."""
        return "" if getattr(self.entry, "national", False) else getattr(self.entry, "uuid", "")

    @property
    def private(self) -> bool:
        return not getattr(self.entry, "is_public", True)


def lines(
    alliance: Alliance,
    viewer: Any,
    today: dt.date,
    *,
    limit: int = LIMIT,
    kinds: frozenset[str] = frozenset(),
    since: int | None = None,
    until: int | None = None,
) -> list[Line]:
    """Every line the viewer may see, newest first: ``kinds`` and years (inclusive) narrow it."""
    found = []
    for entry in contributions.timeline.collect(alliance, viewer, today, limit=limit):
        if kinds and entry.kind not in kinds:
            continue
        if (since and entry.on.year < since) or (until and entry.on.year > until):
            continue
        found.append(entry)
    found.sort(key=lambda entry: (-entry.on.toordinal(), str(entry.title)))
    return [Line(entry, when(entry), machine_date(entry), entry.on > today) for entry in found[:limit]]


def latest(alliance: Alliance, viewer: Any, today: dt.date, *, count: int = 5) -> list[Line]:
    """For the home page: the alliance's own latest lines, and the next thing to come.

    National events are the same everywhere: they stay on the page of the whole memory.
    """
    own = [line for line in lines(alliance, viewer, today, limit=60) if not getattr(line.entry, "national", False)]
    coming = [line for line in own if line.coming][-1:]
    return [*coming, *[line for line in own if not line.coming][: count - len(coming)]]
