"""What search knows of spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.concertation.models import Space
from maillage.core import search
from maillage.core.search import Entry

KIND = "space"
CHUNK = 500


def entry(space: Space) -> Entry:
    """Found by its names and its purpose. An alliance not open is left out when searching."""
    return Entry(
        kind=KIND,
        object_id=space.pk,
        alliance_id=space.alliance_id,
        title=space.name,
        body=". ".join(part for part in (space.short_name, space.purpose) if part),
        url=space.get_absolute_url(),
        is_public=space.is_public,
    )


def put(spaces: Iterable[Space]) -> None:
    """Tell the search index what these spaces are now."""
    search.put(map(entry, spaces))


def rows() -> Iterator[Entry]:
    """Every space, for a rebuild of the index."""
    yield from map(entry, Space.objects.select_related("alliance").order_by("pk").iterator(chunk_size=CHUNK))
