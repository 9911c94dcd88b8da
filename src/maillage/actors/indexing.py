"""What search knows of actors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import prefetch_related_objects

from maillage.actors.models import Actor
from maillage.actors.ties import offerings_index
from maillage.core import search
from maillage.core.search import Entry

KIND = "actor"
CHUNK = 500


def entry(actor: Actor) -> Entry:
    """Found by its name, its other spellings and its mission. An alliance not open is left out when searching."""
    others = [alias.name for alias in actor.aliases.all()]
    return Entry(
        kind=KIND,
        object_id=actor.pk,
        alliance_id=actor.alliance_id,
        title=actor.name,
        body="\n".join([*others, actor.mission]).strip(),
        url=actor.get_absolute_url(),
        is_public=actor.is_public,
    )


def put(actors: Iterable[Actor]) -> None:
    """Tell the search index what these actors are now; those absorbed by another are forgotten."""
    known = list(actors)
    prefetch_related_objects(known, "aliases", "alliance")
    search.put(entry(actor) for actor in known if actor.merged_into_id is None)
    search.remove(KIND, [actor.pk for actor in known if actor.merged_into_id is not None])
    # What an actor brings is found with it: shown, hidden and merged with it.
    offerings_index.put(known)


def rows() -> Iterator[Entry]:
    """Every actor, for a rebuild of the index."""
    found = Actor.objects.current().select_related("alliance").prefetch_related("aliases").order_by("pk")
    yield from map(entry, found.iterator(chunk_size=CHUNK))
