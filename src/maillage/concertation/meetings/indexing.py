"""What search knows of meetings and of the points of their agendas.

What is not public is found by those who may read it (``reading_groups.of_meeting``); a point, even public, is found by
nobody who withdrew from it: its entry names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.concertation.models import AgendaItem, Meeting
from maillage.concertation.reading_groups import of_meeting
from maillage.core import search
from maillage.core.search import Entry

KIND = "meeting"
POINT = "agendaitem"
CHUNK = 500


def _shown(meeting: Meeting) -> bool:
    return meeting.is_public and meeting.space.is_public


def entry(meeting: Meeting) -> Entry:
    """Found by its title, its space, its place and its presentation."""
    return Entry(
        kind=KIND,
        object_id=meeting.pk,
        alliance_id=meeting.alliance_id,
        title=f"{meeting.title}, {meeting.day.isoformat()}",
        body=". ".join(part for part in (meeting.space.name, meeting.place, meeting.introduction) if part),
        url=meeting.get_absolute_url(),
        is_public=_shown(meeting),
        readers=of_meeting(meeting),
    )


def point(item: AgendaItem) -> Entry:
    """Found by its title, what it asks to prepare, and its meeting."""
    meeting = item.meeting
    return Entry(
        kind=POINT,
        object_id=item.pk,
        alliance_id=meeting.alliance_id,
        title=item.title,
        body=". ".join(part for part in (f"{meeting.title}, {meeting.day.isoformat()}", item.preparation) if part),
        url=f"{meeting.get_absolute_url()}#point-{item.uuid}",
        is_public=item.is_public and _shown(meeting),
        readers=of_meeting(meeting),
        reference=item.reference,
    )


def put(meetings: Iterable[Meeting]) -> None:
    """Tell the search index what these meetings are now, with the points of their agendas."""
    known = {meeting.pk: meeting for meeting in meetings}
    search.put(map(entry, known.values()))
    items = list(AgendaItem.objects.filter(meeting__in=known).order_by("pk")) if known else []
    for item in items:
        item.meeting = known[item.meeting_id]
    search.put(map(point, items))


def put_alone(meetings: Iterable[Meeting]) -> None:
    """The meetings only, where nothing of their points changed."""
    search.put(map(entry, meetings))


def put_points(items: Iterable[AgendaItem]) -> None:
    """Tell it what these points are now. Each knows its meeting."""
    search.put(map(point, items))


def rows() -> Iterator[Entry]:
    """Every meeting, for a rebuild of the index."""
    found = Meeting.objects.select_related("alliance", "space").order_by("pk")
    yield from map(entry, found.iterator(chunk_size=CHUNK))


def points() -> Iterator[Entry]:
    """Every point of every agenda, likewise."""
    found = AgendaItem.objects.select_related("meeting__alliance", "meeting__space").order_by("pk")
    yield from map(point, found.iterator(chunk_size=CHUNK))
