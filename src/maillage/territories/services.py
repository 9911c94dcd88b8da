"""Every write about territories. Facts of the instance: only its operator, or who runs its command line, writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from maillage.core import access, audit
from maillage.territories.imports import tree
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership, TerritoryName


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
    _load_facts(outcome, TerritoryName, tree.names(), ids, lambda fact: {"name": fact.value})
    _load_memberships(outcome, ids)
    if outcome.changed:
        audit.record("territories.tree_loaded", places["quebec"], by=by, after=outcome.as_dict(), via=via)
    return outcome


def _load_territories(outcome: Outcome) -> dict[str, Territory]:
    wanted = tree.territories()
    places = {place.slug: place for place in Territory.objects.filter(slug__in=[row.key for row in wanted])}
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
            places[row.key] = Territory.objects.create(slug=row.key, **values)
            outcome.created += 1
        elif merge(place, values):
            place.save()
            outcome.updated += 1
        else:
            outcome.unchanged += 1
    return places


def _identity(row: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def _load_facts(outcome: Outcome, model: Any, facts: list[tree.TreeFact], ids: dict[str, int], fields: Any) -> None:
    """Codes and names: a row is the same if it says the same thing of the same territory since the same day."""
    identity = ("territory_id", *fields(facts[0]), *(("since",) if model is TerritoryCode else ()))
    there = {_identity(row, identity): row for row in model.objects.filter(territory_id__in=ids.values())}
    for fact in facts:
        values = {"territory_id": ids[fact.key], **fields(fact), "since": fact.since}
        _put(outcome, model, there.get(tuple(values[name] for name in identity)), values, fact)


def _load_memberships(outcome: Outcome, ids: dict[str, int]) -> None:
    identity = ("child_id", "parent_id", "since")
    rows = TerritoryMembership.objects.filter(child_id__in=ids.values(), parent_id__in=ids.values())
    there = {_identity(row, identity): row for row in rows}
    for fact in tree.memberships():
        values = {"child_id": ids[fact.key], "parent_id": ids[fact.value], "since": fact.since}
        row = there.get((values["child_id"], values["parent_id"], values["since"]))
        _put(outcome, TerritoryMembership, row, values, fact)


def _put(outcome: Outcome, model: Any, row: Any | None, values: dict[str, Any], fact: tree.TreeFact) -> None:
    values = {**values, "until": fact.until, "source": fact.source}
    if row is None:
        model.objects.create(**values)
        outcome.created += 1
    elif merge(row, values):
        row.save()
        outcome.updated += 1
    else:
        outcome.unchanged += 1
