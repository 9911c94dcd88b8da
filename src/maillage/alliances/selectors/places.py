"""Alliances among themselves: the public list, one's own, the children of a regional one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from maillage.alliances.models import Agreement, Alliance, AllianceTerritory, Person, Role
from maillage.core.dates import holding
from maillage.core.text import sort_key
from maillage.territories.models import Territory, TerritoryMembership

Kind = Territory.Kind


CHILDREN = 60
"""Local alliances that the home of a regional one names; the rest is in the list of alliances."""


def open_children_of(alliance: Alliance) -> list[Alliance]:
    """The open alliances of a regional one, ``CHILDREN`` at most. One query, the first time it is asked of this
    alliance object, which lives one request."""
    found: list[Alliance] | None = alliance.__dict__.get("_maillage_children")
    if found is None:
        rows = Alliance.objects.filter(parent_id=alliance.pk, is_public=True).order_by("sort_key", "id")
        found = alliance.__dict__["_maillage_children"] = list(rows[:CHILDREN])
    return list(found)


def with_region(alliances: QuerySet[Alliance]) -> Any:
    """Each with ``region_name`` and ``region_key``: the first region it lies in, or is. Null: rests on none."""
    itself = Territory.objects.filter(coverage__alliance=OuterRef("pk"), kind=Kind.REGION).order_by("sort_key", "id")
    above = (
        TerritoryMembership.objects.filter(child__coverage__alliance=OuterRef("pk"), parent__kind=Kind.REGION)
        .order_by("parent__sort_key", "id")
        .values
    )
    return alliances.annotate(
        region_name=Coalesce(Subquery(itself.values("name")[:1]), Subquery(above("parent__name")[:1])),
        region_key=Coalesce(Subquery(itself.values("sort_key")[:1]), Subquery(above("parent__sort_key")[:1])),
    )


def open_alliances(text: str = "", region: str = "") -> Any:
    """Alliances whose public pages are open, by region then name; regional ones first in their region."""
    found = with_region(Alliance.objects.filter(is_public=True))
    if text:
        wanted = sort_key(text)
        found = found.filter(Q(sort_key__contains=wanted) | Q(region_key__contains=wanted))
    if region:
        found = found.filter(region_key=region)
    return found.order_by(F("region_key").asc(nulls_last=True), "-scale", "sort_key", "id")


def regions_with_alliances() -> list[tuple[str, str, int]]:
    """``(key, name, how many open alliances)`` for the filter: one query, 17 rows and a few."""
    rows = (
        with_region(Alliance.objects.filter(is_public=True))
        .exclude(region_key=None)
        .order_by()
        .values("region_key", "region_name")
        .annotate(count=Count("pk"))
        .order_by("region_key")
    )
    return [(row["region_key"], row["region_name"], row["count"]) for row in rows]


def list_of_region(alliance: Alliance) -> str:
    """Address of the list of alliances, of this one's region where it lies in one. One query."""
    region = with_region(Alliance.objects.filter(pk=alliance.pk)).values_list("region_key", flat=True).first()
    address = reverse("alliances:index")
    return f"{address}?{urlencode({'region': region})}#alliances" if region else f"{address}#alliances"


def alliances_of(user: Any, today: dt.date, limit: int = 50) -> list[Alliance]:
    """Where the user holds a role that day, each with ``kinds``: two queries."""
    if user is None or not user.is_authenticated:
        return []
    roles = (
        Role.objects.at(today)
        .filter(person__user_id=user.pk, person__erased_at=None)
        .select_related("person__alliance")
        .order_by("person__alliance__sort_key", "kind")[: limit * 3]
    )
    found: dict[int, Any] = {}
    for role in roles:
        alliance = found.setdefault(role.person.alliance_id, role.person.alliance)
        kinds = alliance.__dict__.setdefault("kinds", [])
        label = str(role.get_kind_display())
        if label not in kinds:
            kinds.append(label)
    return list(found.values())[:limit]


def children_of(alliance: Alliance, today: dt.date) -> QuerySet[Alliance]:
    """Local alliances of a regional one, with how they stand: ``has_agent``, ``agreement_until``, ``active_stages``."""
    agents = Role.objects.filter(
        holding(today), person__alliance=OuterRef("pk"), person__erased_at=None, kind=Role.Kind.AGENT
    )
    agreements = Agreement.objects.filter(cycle__alliance=OuterRef("pk")).order_by(
        F("until").desc(nulls_last=True), "-id"
    )
    return (
        Alliance.objects.filter(parent=alliance)
        .annotate(
            has_agent=Exists(agents),
            agreement_until=Subquery(agreements.values("until")[:1]),
            active_stages=Count("cycles__stages", filter=Q(cycles__stages__state="active"), distinct=True),
        )
        .order_by("sort_key", "id")
    )


def territories_of(alliance: Alliance, today: dt.date) -> list[Territory]:
    """What the alliance covers that day."""
    return list(
        Territory.objects.filter(holding(today, "coverage__"), coverage__alliance=alliance).order_by("sort_key", "id")
    )


def coverage_of(alliance: Alliance) -> list[AllianceTerritory]:
    return list(alliance.coverage.select_related("territory").order_by("territory__sort_key", "id"))


def people_of(
    alliance: Alliance, today: dt.date, text: str = "", kind: str = "", past: bool = False
) -> QuerySet[Person]:
    """People known to the alliance, by name; ``kind``: those who hold that role that day."""
    found = Person.objects.filter(alliance=alliance, erased_at=None).select_related("user")
    if text:
        found = found.filter(Q(sort_key__contains=sort_key(text)) | Q(email__icontains=text.strip()))
    if kind:
        found = found.filter(Exists(Role.objects.filter(holding(today), person=OuterRef("pk"), kind=kind)))
    return found.prefetch_related("roles").order_by("sort_key", "id")


def find_territories(text: str, limit: int = 20) -> list[Territory]:
    """Territories whose name holds these words, for adding one to what the alliance covers."""
    wanted = sort_key(text)
    if not wanted:
        return []
    return list(Territory.objects.filter(sort_key__contains=wanted).order_by("sort_key", "id")[:limit])
