"""What search finds of this room: alliances, and the lines of their memory."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from maillage.alliances.models import Alliance, MemoryEvent
from maillage.core import search

ALLIANCE, MEMORY = "alliance", "memory"


def alliance_entry(alliance: Alliance) -> search.Entry:
    words = (alliance.name, alliance.tagline, alliance.summary, alliance.mandatary)
    return search.Entry(
        kind=ALLIANCE,
        object_id=alliance.pk,
        alliance_id=alliance.pk,
        title=alliance.short_name,
        body="\n".join(word for word in words if word),
        url=reverse("alliances_in:home", args=[alliance.slug]),
        is_public=alliance.is_public,
    )


def memory_entry(event: MemoryEvent) -> search.Entry:
    assert event.alliance is not None
    return search.Entry(
        kind=MEMORY,
        object_id=event.pk,
        alliance_id=event.alliance_id,
        title=event.title,
        body=f"{event.body}\n{event.source}",
        url=reverse("alliances_in:memory", args=[event.alliance.slug]) + f"#m-{event.uuid}",
        is_public=event.is_public,
        language=event.language,
    )


def every_alliance() -> Iterator[search.Entry]:
    for alliance in Alliance.objects.order_by("pk").iterator(chunk_size=500):
        yield alliance_entry(alliance)


def every_event() -> Iterator[search.Entry]:
    rows = MemoryEvent.objects.exclude(alliance=None).select_related("alliance").order_by("pk")
    for event in rows.iterator(chunk_size=500):
        yield memory_entry(event)
