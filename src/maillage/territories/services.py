"""Every write about territories. Facts of the instance: only its operator, or who runs its command line, writes."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maillage.core import access, audit
from maillage.core.locks import lock
from maillage.core.text import sort_key
from maillage.methods.cartography import QUEBEC, simplify_shapes
from maillage.territories import indexing
from maillage.territories.imports import boundaries, municipalities, tree
from maillage.territories.models import Boundary, Territory, TerritoryCode, TerritoryMembership, TerritoryName
from maillage.territories.vocabulary import STATCAN_SUBDIVISION


@dataclass
class Outcome:
    """What an import did. ``unchanged`` rows were already there, the same."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)

    def as_dict(self) -> dict[str, int]:
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}


def require_importer(by: Any | None, via: str) -> None:
    """The operator on a page; on the command line, whoever may run it on the machine of the instance."""
    if by is None and via in {"cli", "demo"}:
        return
    access.require(by, "territories.import")


def merge(row: Any, values: dict[str, Any]) -> bool:
    """Set what differs on an existing row; whether something did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


@transaction.atomic
def load_tree(*, by: Any | None, via: str = "cli") -> Outcome:
    """Load or refresh Quebec, its 17 regions and its 104 MRC and equivalents, from the files of Maillage.

    Run again, it changes nothing. Errors: ``PermissionDenied`` for anyone but the operator.
    """
    require_importer(by, via)
    outcome = Outcome()
    places = _load_territories(outcome)
    ids = {slug: place.pk for slug, place in places.items()}
    _load_facts(outcome, TerritoryCode, tree.codes(), ids, lambda fact: {"scheme": fact.what, "code": fact.value})
    _load_facts(
        outcome,
        TerritoryName,
        tree.names(),
        ids,
        lambda fact: {"name": fact.value, "sort_key": sort_key(fact.value)},
    )
    _load_memberships(outcome, ids)
    if outcome.changed:
        indexing.refresh(list(ids.values()))
        audit.record("territories.tree_loaded", places["quebec"], by=by, after=outcome.as_dict(), via=via)
    return outcome


def _load_territories(outcome: Outcome) -> dict[str, Territory]:
    wanted = tree.territories()
    places = {place.slug: place for place in Territory.objects.filter(slug__in=[row.key for row in wanted])}
    new: list[Territory] = []
    for row in wanted:
        values = {
            "kind": row.kind,
            "name": row.name,
            "designation": row.designation,
            "latitude": row.latitude,
            "longitude": row.longitude,
            "since": row.since,
            "source": row.source,
            "point_source": row.point_source,
        }
        place = places.get(row.key)
        if place is None:
            new.append(Territory(slug=row.key, sort_key=sort_key(row.name), **values))
        elif merge(place, values):
            place.save()
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    places.update((place.slug, place) for place in Territory.objects.bulk_create(new, batch_size=500))
    outcome.created += len(new)
    return places


def _identity(row: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _load_facts(outcome: Outcome, model: Any, facts: list[tree.TreeFact], ids: dict[str, int], fields: Any) -> None:
    """Codes and names: a row is the same if it says the same thing of the same territory since the same day."""
    identity = ("territory_id", *fields(facts[0]), *(("since",) if model is TerritoryCode else ()))
    there = {_identity(row, identity): row for row in model.objects.filter(territory_id__in=ids.values())}
    new: list[Any] = []
    for fact in facts:
        values = {"territory_id": ids[fact.key], **fields(fact), "since": fact.since}
        _put(outcome, model, there.get(tuple(values[name] for name in identity)), values, fact, new)
    model.objects.bulk_create(new, batch_size=500)


def _load_memberships(outcome: Outcome, ids: dict[str, int]) -> None:
    identity = ("child_id", "parent_id", "since")
    rows = TerritoryMembership.objects.filter(child_id__in=ids.values(), parent_id__in=ids.values())
    there = {_identity(row, identity): row for row in rows}
    new: list[Any] = []
    for fact in tree.memberships():
        values = {"child_id": ids[fact.key], "parent_id": ids[fact.value], "since": fact.since}
        row = there.get((values["child_id"], values["parent_id"], values["since"]))
        _put(outcome, TerritoryMembership, row, values, fact, new)
    TerritoryMembership.objects.bulk_create(new, batch_size=500)


def _put(
    outcome: Outcome, model: Any, row: Any | None, values: dict[str, Any], fact: tree.TreeFact, new: list[Any]
) -> None:
    """Change the row where the fact differs, or add one to ``new``."""
    values = {**values, "until": fact.until, "source": fact.source}
    if row is None:
        new.append(model(**values))
        outcome.created += 1
    elif merge(row, values):
        row.save()
        outcome.updated += 1
    else:
        outcome.unchanged += 1


@transaction.atomic
def apply_municipalities(plan: municipalities.Plan, *, source: str, by: Any | None, via: str = "cli") -> Outcome:
    """Write what a plan says, all or nothing. ``source`` names the file, for every row it brings.

    Errors: ``PermissionDenied`` for anyone but the operator.
    """
    require_importer(by, via)
    outcome = Outcome(unchanged=plan.unchanged)
    written = _create_municipalities(plan, source)
    outcome.created = len(plan.create)
    for placed, place, fields in plan.update:
        for name in ("name", "kind", "designation"):
            if name in fields:
                setattr(place, name, getattr(placed.row, name))
        place.source = source
        place.save()
        if "parent" in fields:
            TerritoryMembership.objects.filter(child=place, until=None, parent__kind=Territory.Kind.REGION).delete()
            TerritoryMembership.objects.create(child=place, parent=placed.parent, source=placed.source)
        written.append(place.pk)
        outcome.updated += 1
    if outcome.changed:
        indexing.refresh(None if len(written) > FEW else written)
        root = Territory.objects.filter(kind=Territory.Kind.PROVINCE).first() or plan.create[0][0].parent
        after = {**outcome.as_dict(), "undecided": [placed.row.code for placed in plan.undecided]}
        audit.record("territories.municipalities_imported", root, by=by, after=after, via=via)
    return outcome


FEW = 500
"""Above this, every territory is indexed again: a list of ids that long is no shortcut."""


def _create_municipalities(plan: municipalities.Plan, source: str) -> list[int]:
    """Returns the ids of what it made."""
    places = Territory.objects.bulk_create(
        [
            Territory(
                kind=placed.row.kind,
                designation=placed.row.designation,
                name=placed.row.name,
                sort_key=sort_key(placed.row.name),
                slug=slug,
                source=source,
            )
            for placed, slug in plan.create
        ],
        batch_size=500,
    )
    pairs = [(place, placed) for place, (placed, _slug) in zip(places, plan.create, strict=True)]
    TerritoryCode.objects.bulk_create(
        [
            TerritoryCode(territory=place, scheme=STATCAN_SUBDIVISION, code=placed.row.code, source=source)
            for place, placed in pairs
        ],
        batch_size=500,
    )
    TerritoryMembership.objects.bulk_create(
        [TerritoryMembership(child=place, parent=placed.parent, source=placed.source) for place, placed in pairs],
        batch_size=500,
    )
    return [place.pk for place in places]


TOLERANCE = 150.0
"""Metres: what a border may move when it is made lighter for drawing."""
SMALLEST_ISLAND = 250_000.0
"""Square metres: smaller islands are not drawn, except where they are all there is."""


def outlines(features: Iterable[tuple[boundaries.Feature, Territory]]) -> dict[int, list]:  # type: ignore[type-arg]
    """What is drawn: projected, simplified together so that neighbours still touch, in whole metres."""
    projected = {
        place.pk: [
            [[QUEBEC.project(point[0], point[1]) for point in ring] for ring in polygon] for polygon in feature.polygons
        ]
        for feature, place in features
    }
    return {
        key: [[[[round(x), round(y)] for x, y in ring] for ring in polygon] for polygon in shape]
        for key, shape in simplify_shapes(projected, TOLERANCE, SMALLEST_ISLAND).items()
    }


def neighbours(drawn: dict[int, list]) -> dict[int, list[int]]:  # type: ignore[type-arg]
    """Who shares a border with whom: two points in common at least, a single one being a corner."""
    owners: dict[tuple[int, int], set[int]] = defaultdict(set)
    for key, shape in drawn.items():
        for point in (point for polygon in shape for ring in polygon for point in ring):
            owners[(point[0], point[1])].add(key)
    common: Counter[tuple[int, int]] = Counter()
    for keys in owners.values():
        common.update(itertools.permutations(sorted(keys), 2))
    found: dict[int, list[int]] = {key: [] for key in drawn}
    for (one, other), count in sorted(common.items()):
        if count > 1:
            found[one].append(other)
    return found


def apply_boundaries(plan: boundaries.Plan, *, source: str, by: Any | None, via: str = "cli") -> Outcome:
    """Write what a plan says, all or nothing; the drawing is computed before the transaction begins.

    Errors: ``PermissionDenied`` for anyone but the operator.
    """
    require_importer(by, via)
    drawn = outlines([*plan.create, *plan.update])
    touching = neighbours(drawn)
    outcome = Outcome(created=len(plan.create), updated=len(plan.update), unchanged=plan.unchanged)
    rows = [
        Boundary(
            territory=place,
            vintage=plan.vintage,
            geometry=feature.geometry,
            outline=drawn[place.pk],
            touches=touching[place.pk],
            digest=feature.digest,
            source=source,
        )
        for feature, place in [*plan.create, *plan.update]
    ]
    with transaction.atomic():
        Boundary.objects.bulk_create(
            rows,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["territory", "vintage"],
            update_fields=["geometry", "outline", "touches", "digest", "source"],
        )
        if rows:
            after = {**outcome.as_dict(), "vintage": plan.vintage, "unmatched": len(plan.unmatched)}
            audit.record("territories.boundaries_imported", rows[0].territory, by=by, after=after, via=via)
    return outcome


@transaction.atomic
def place(territory: Territory, *, parent: Territory, source: str, by: Any | None, via: str = "web") -> None:
    """Say in which MRC a municipality lies, where no list could tell. Closes nothing: it replaces the region.

    Errors: ``PermissionDenied``; ``ValueError`` for a parent that is not an MRC or equivalent.
    """
    require_importer(by, via)
    if parent.kind not in (Territory.Kind.MRC, Territory.Kind.TE):
        raise ValueError("A municipality lies in an MRC or equivalent.")
    lock(territory)
    former = TerritoryMembership.objects.filter(child=territory, until=None, parent__kind=Territory.Kind.REGION)
    before = {"parents": list(former.values_list("parent_id", flat=True))}
    former.delete()
    TerritoryMembership.objects.get_or_create(child=territory, parent=parent, since=None, defaults={"source": source})
    indexing.refresh([territory.pk])
    audit.record("territories.placed", territory, by=by, before=before, after={"parent": parent.pk}, via=via)
