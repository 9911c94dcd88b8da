"""What search knows of meetings: what the public sees of them, without the points of their agenda.

The index does not know who asks, and a point must not be found by whoever withdrew from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.concertation.models import Meeting
from maillage.core import search
from maillage.core.search import Entry

KIND = "meeting"
CHUNK = 500


def entry(meeting: Meeting) -> Entry:
    """Found by its title, its space, its place and its presentation."""
    return Entry(
        kind=KIND,
        object_id=meeting.pk,
        alliance_id=meeting.alliance_id,
        title=f"{meeting.title}, {meeting.day.isoformat()}",
        body=". ".join(part for part in (meeting.space.name, meeting.place, meeting.introduction) if part),
        url=meeting.get_absolute_url(),
        is_public=meeting.is_public and meeting.space.is_public,
    )


def put(meetings: Iterable[Meeting]) -> None:
    """Tell the search index what these meetings are now."""
    search.put(map(entry, meetings))


def rows() -> Iterator[Entry]:
    """Every meeting, for a rebuild of the index."""
    found = Meeting.objects.select_related("alliance", "space").order_by("pk")
    yield from map(entry, found.iterator(chunk_size=CHUNK))
