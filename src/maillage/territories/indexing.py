"""What search keeps of territories: the name, and around it the kind, the other names, the codes, the parents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.utils import translation

from maillage.core import search
from maillage.core.search import Entry
from maillage.territories import vocabulary
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership, TerritoryName

KIND = "territory"


def entries(only: Collection[int] | None = None) -> Iterator[Entry]:
    """An entry a territory, all of them or ``only`` these ids. Four queries."""
    said: dict[int, list[str]] = defaultdict(list)
    links = TerritoryMembership.objects.filter(until=None).order_by("id")
    for child, parent in links.values_list("child_id", "parent__name"):
        said[child].append(parent)
    for territory, name in TerritoryName.objects.values_list("territory_id", "name"):
        said[territory].append(name)
    for territory, code in TerritoryCode.objects.values_list("territory_id", "code"):
        said[territory].append(code)
    places = Territory.objects.all() if only is None else Territory.objects.filter(pk__in=only)
    with translation.override("fr"):
        for place in places.iterator(chunk_size=500):
            kind = vocabulary.designation(place.designation) if place.designation else place.get_kind_display()
            yield Entry(
                kind=KIND,
                object_id=place.pk,
                alliance_id=None,
                title=place.name,
                body=". ".join([str(kind), *said[place.pk]]),
                url=place.get_absolute_url(),
            )


def refresh(only: Collection[int] | None = None) -> None:
    """Index again after a write, in its transaction."""
    search.put(list(entries(only)))
