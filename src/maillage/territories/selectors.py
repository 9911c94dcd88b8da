"""Reads about territories, each in a number of queries that does not grow with the instance."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from maillage.core.text import sort_key
from maillage.methods.cartography import QUEBEC
from maillage.territories.imports.tree import members_of_division
from maillage.territories.models import Boundary, Territory, TerritoryCode, TerritoryMembership
from maillage.territories.vocabulary import LEVELS, REGION

MRC_LEVEL = (Territory.Kind.MRC, Territory.Kind.TE)
"""What Quebec counts 104 of."""


@dataclass(frozen=True)
class Branch:
    """A region, its number and the MRC and equivalents that lie in it."""

    place: Territory
    number: str
    children: Sequence[Territory]


def tree(today: dt.date) -> list[Branch]:
    """The regions of Quebec in the order of their numbers, each with its MRC and equivalents, in three queries."""
    inside = TerritoryMembership.objects.at(today).filter(parent__kind=Territory.Kind.PROVINCE)
    regions = Territory.objects.at(today).filter(kind=Territory.Kind.REGION, pk__in=inside.values("child_id"))
    numbers = dict(TerritoryCode.objects.at(today).filter(scheme=REGION).values_list("territory_id", "code"))
    children: dict[int, list[Territory]] = {}
    links = (
        TerritoryMembership.objects.at(today)
        .filter(parent__kind=Territory.Kind.REGION, child__kind__in=MRC_LEVEL)
        .select_related("child")
        .order_by("child__sort_key", "child_id")
    )
    for link in links:
        children.setdefault(link.parent_id, []).append(link.child)
    branches = [Branch(place, numbers.get(place.pk, ""), children.get(place.pk, [])) for place in regions]
    return sorted(branches, key=lambda branch: (branch.number or "~", branch.place.sort_key))


def counts(branches: Sequence[Branch], today: dt.date) -> dict[str, int]:
    """How many regions, MRC and equivalents the tree holds, and how many municipalities are known. One query."""
    kinds = Counter(child.kind for branch in branches for child in branch.children)
    towns = Territory.objects.at(today).filter(kind=Territory.Kind.MUNICIPALITY).count()
    return {"region": len(branches), "mrc": kinds["mrc"], "te": kinds["te"], "municipality": towns}


def elsewhere(today: dt.date) -> QuerySet[Territory]:
    """Territories that lie in no other: nations, territories of an alliance of its own. Not Quebec itself."""
    inside = TerritoryMembership.objects.at(today).values("child_id")
    return Territory.objects.at(today).exclude(pk__in=inside).exclude(kind=Territory.Kind.PROVINCE)


def find(text: str) -> QuerySet[Territory]:
    """Territories whose name, former name or official code is like ``text``; the widest first, then by name."""
    wanted = sort_key(text)
    if not wanted:
        return Territory.objects.none()
    named = Q(sort_key__contains=wanted) | Q(
        pk__in=Territory.objects.filter(other_names__sort_key__contains=wanted).values("pk")
    )
    coded = Q(pk__in=TerritoryCode.objects.filter(code=text.strip()).values("territory_id"))
    return Territory.objects.filter(named | coded).order_by("sort_key", "id")


def with_parents(places: Iterable[Territory], today: dt.date) -> list[tuple[Territory, Territory | None]]:
    """Each territory with the one it lies in today, in one query more."""
    listed = list(places)
    links = TerritoryMembership.objects.at(today).filter(child__in=listed).select_related("parent").order_by("id")
    parents = {link.child_id: link.parent for link in links}
    return [(place, parents.get(place.pk)) for place in listed]


def line(place: Territory, today: dt.date) -> list[Territory]:
    """What the territory lies in today, the widest first. One query a level; there are four at most."""
    found: list[Territory] = []
    current = place
    while len(found) < len(LEVELS):
        link = (
            TerritoryMembership.objects.at(today).filter(child=current).select_related("parent").order_by("id").first()
        )
        if link is None or link.parent in found:
            break
        current = link.parent
        found.append(current)
    return found[::-1]


def parents_over_time(place: Territory) -> QuerySet[TerritoryMembership]:
    return place.memberships.select_related("parent").order_by("since", "id")


def children(place: Territory, today: dt.date) -> QuerySet[Territory]:
    """What lies directly in the territory today, in the order of names."""
    inside = TerritoryMembership.objects.at(today).filter(parent=place).values("child_id")
    return Territory.objects.filter(pk__in=inside).order_by("sort_key", "id")


def children_by_kind(place: Territory, today: dt.date) -> list[tuple[str, int]]:
    """How many of each kind lie directly in it, from the widest kind to the smallest."""
    listed = children(place, today).exclude(kind=Territory.Kind.DIVISION)
    found = Counter(listed.order_by().values_list("kind", flat=True))
    return sorted(found.items(), key=lambda pair: LEVELS.index(pair[0]) if pair[0] in LEVELS else len(LEVELS))


def undecided(place: Territory, today: dt.date) -> QuerySet[Territory]:
    """Municipalities known to lie in this region, in an MRC that no source told."""
    return children(place, today).exclude(kind__in=[*MRC_LEVEL, Territory.Kind.DIVISION])


# --- the map --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A territory on a map: its outline in metres, or only its point."""

    place: Territory
    polygons: Sequence[Sequence[Sequence[tuple[float, float]]]]
    point: tuple[float, float] | None
    number: int = 0
    """Written on the map and in the list beside it; 0: neither."""
    here: bool = False
    beyond: bool = False
    """Outside the region that the map shows: only its border is seen."""


@dataclass
class MapOf:
    """What the map of a territory shows. ``frame``: the region, or Quebec, or the territory itself."""

    frame: Territory
    shapes: list[Drawn] = field(default_factory=list)
    source: str = ""
    vintage: int | None = None

    @property
    def numbered(self) -> list[Drawn]:
        return [shape for shape in self.shapes if shape.number]

    @property
    def without_outline(self) -> list[Drawn]:
        return [shape for shape in self.numbered if not shape.polygons]

    @property
    def drawable(self) -> bool:
        return any(shape.polygons or shape.point for shape in self.shapes)


def map_of(place: Territory, lineage: Sequence[Territory], today: dt.date) -> MapOf:
    """The territory in its region. ``lineage`` is :func:`line`'s answer. Four queries."""
    frame = _frame(place, lineage)
    here = {place.pk} if place.kind in MRC_LEVEL else {parent.pk for parent in lineage if parent.kind in MRC_LEVEL}
    ground, numbered = _inside(frame, today)
    ids = {each.pk for each in [*ground, *numbered]}
    outlines = _outlines(ids)
    beyond_ids = {other for pk in ids & outlines.keys() for other in outlines[pk].touches} - ids
    beyond = _outlines(beyond_ids) if frame.kind == Territory.Kind.REGION else {}
    result = MapOf(frame)
    numbers = {each.pk: index for index, each in enumerate(numbered, start=1)}
    result.shapes = [
        Drawn(row.territory, _rings(row), None, beyond=True)
        for row in sorted(beyond.values(), key=lambda row: row.territory_id)
    ]
    known = {each.pk for each in ground}
    for each in [*ground, *(other for other in numbered if other.pk not in known)]:
        row, number = outlines.get(each.pk), numbers.get(each.pk, 0)
        if row is None and not number:
            continue
        result.shapes.append(Drawn(each, _rings(row), _point(each), number, here=each.pk in here))
    rows = sorted(outlines.values(), key=lambda row: row.vintage)
    if rows:
        result.source, result.vintage = rows[-1].source, rows[-1].vintage
    return result


def _inside(frame: Territory, today: dt.date) -> tuple[list[Territory], list[Territory]]:
    """What is drawn under the numbers, and what bears one: the MRC of a region, or the regions of Quebec."""
    kinds = [*MRC_LEVEL, Territory.Kind.DIVISION]
    if frame.kind == Territory.Kind.PROVINCE:
        return list(Territory.objects.at(today).filter(kind__in=kinds)), [branch.place for branch in tree(today)]
    inside = list(children(frame, today).filter(kind__in=kinds))
    numbered = [each for each in inside if each.kind != Territory.Kind.DIVISION]
    joined = [each for each in inside if each.kind == Territory.Kind.DIVISION]
    # A joined division lies under the MRC it holds; so does the region, where it has an outline of its own.
    return [frame, *joined, *numbered], numbered


def _frame(place: Territory, lineage: Sequence[Territory]) -> Territory:
    if place.kind in (Territory.Kind.REGION, Territory.Kind.PROVINCE):
        return place
    regions = [parent for parent in lineage if parent.kind == Territory.Kind.REGION]
    return regions[-1] if regions else place


def _outlines(ids: Iterable[int]) -> dict[int, Boundary]:
    """The newest outline of each territory, without the geometry of the source."""
    rows = (
        Boundary.objects.filter(territory_id__in=list(ids))
        .defer("geometry")
        .select_related("territory")
        .order_by("vintage", "id")
    )
    return {row.territory_id: row for row in rows}


def _rings(row: Boundary | None) -> list[list[list[tuple[float, float]]]]:
    if row is None:
        return []
    return [[[(point[0], point[1]) for point in ring] for ring in polygon] for polygon in row.outline]


def _point(place: Territory) -> tuple[float, float] | None:
    if place.latitude is None or place.longitude is None:
        return None
    return QUEBEC.project(float(place.longitude), float(place.latitude))


def touching(place: Territory, found: MapOf) -> list[Territory]:
    """The territories drawn on this map that share a border with it, in the order of names."""
    row = Boundary.objects.filter(territory=place).order_by("-vintage").values_list("touches", flat=True).first()
    near = [shape.place for shape in found.shapes if shape.place.pk in set(row or ())]
    return sorted(near, key=lambda each: (each.sort_key, each.pk))


def waits_for_an_mrc(place: Territory, lineage: Sequence[Territory]) -> bool:
    """A municipality whose region is known and whose MRC is not."""
    large = (*MRC_LEVEL, Territory.Kind.REGION, Territory.Kind.PROVINCE, Territory.Kind.DIVISION)
    small = place.kind not in large
    return small and bool(lineage) and lineage[-1].kind == Territory.Kind.REGION


def joined(place: Territory) -> list[Territory]:
    """The MRC that a census division holds together, where it is not one MRC."""
    if place.kind != Territory.Kind.DIVISION:
        return []
    keys = [key for code in place.codes.all() for key in members_of_division(code.code)]
    return list(Territory.objects.filter(slug__in=keys).order_by("sort_key", "id"))
