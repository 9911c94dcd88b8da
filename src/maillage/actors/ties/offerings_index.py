"""What search knows of what actors bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillage.actors.models import Actor, Offering
from maillage.core import search
from maillage.core.search import Entry

KIND = "offering"
CHUNK = 500


def entry(row: Offering) -> Entry:
    """Found by its words and by the name of who brings it. Shown to anyone only where both are public."""
    return Entry(
        kind=KIND,
        object_id=row.pk,
        alliance_id=row.actor.alliance_id,
        title=row.text,
        body=row.actor.name,
        url=row.actor.get_absolute_url(),
        is_public=row.is_public and row.actor.is_public,
    )


def put(actors: Iterable[Actor]) -> None:
    """Tell the search index what these actors bring now; what stays with an absorbed one is forgotten."""
    rows = list(Offering.objects.filter(actor__in=list(actors)).select_related("actor__alliance").order_by("pk"))
    search.put(entry(row) for row in rows if row.actor.merged_into_id is None)
    if gone := [row.pk for row in rows if row.actor.merged_into_id is not None]:
        search.remove(KIND, gone)


def remove(pks: Iterable[int]) -> None:
    """Forget these lines."""
    if listed := list(pks):
        search.remove(KIND, listed)


def rows() -> Iterator[Entry]:
    """Every line, for a rebuild of the index."""
    found = Offering.objects.filter(actor__merged_into=None).select_related("actor__alliance").order_by("pk")
    yield from map(entry, found.iterator(chunk_size=CHUNK))
