"""Reads of spaces and seats, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Q, QuerySet

from maillage.actors.models import Actor
from maillage.actors.selectors import actor_condition, actors_of
from maillage.actors.vocabulary import TYPE_ORDER
from maillage.alliances.models import Alliance
from maillage.concertation.models import Seat, Space
from maillage.core.dates import holding


def space_condition(day: dt.date, *, everything: bool, prefix: str = "") -> Q:
    """Meeting on ``day``, and public unless ``everything``."""
    condition = holding(day, prefix)
    return condition if everything else condition & Q(**{f"{prefix}is_public": True})


def spaces_of(alliance: Alliance, day: dt.date, *, everything: bool = False) -> QuerySet[Space]:
    """The spaces of the alliance on ``day``; only those shown in public unless ``everything``."""
    return Space.objects.filter(space_condition(day, everything=everything), alliance=alliance)


def seats_of(alliance: Alliance, day: dt.date, *, everything: bool = False) -> QuerySet[Seat]:
    """The seats held on ``day``: seat, space and actor all hold, and are public unless ``everything``."""
    return Seat.objects.filter(
        holding(day)
        & space_condition(day, everything=everything, prefix="space__")
        & actor_condition(day, everything=everything, prefix="actor__"),
        space__alliance=alliance,
    )


def seat_condition(day: dt.date, *, everything: bool) -> Q:
    """For a query on actors: the joined seat and its space hold on ``day``, public unless ``everything``."""
    return holding(day, "seats__") & space_condition(day, everything=everything, prefix="seats__space__")


def with_tables(actors: QuerySet[Actor], day: dt.date, *, everything: bool = False) -> QuerySet[Actor]:
    """These actors with ``tables``: in how many spaces each sits on ``day``."""
    return actors.annotate(
        tables=Count("seats__space", filter=seat_condition(day, everything=everything), distinct=True)
    )


def types_by_space(seats: QuerySet[Seat]) -> dict[int, dict[str, int]]:
    """For each space, how many different actors of each type sit there, in the fixed order. One query."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = seats.order_by().values("space_id", "actor__type").annotate(n=Count("actor", distinct=True))
    for row in sorted(rows, key=lambda row: TYPE_ORDER.get(row["actor__type"], len(TYPE_ORDER))):
        found[row["space_id"]][row["actor__type"]] = row["n"]
    return dict(found)


def places(seats: QuerySet[Seat]) -> dict[int, set[int]]:
    """For each actor, the spaces where it sits. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    for actor_id, space_id in seats.order_by().values_list("actor_id", "space_id"):
        found[actor_id].add(space_id)
    return dict(found)


@dataclass(frozen=True)
class Shared:
    """How many actors two spaces have in common."""

    first: int
    second: int
    actors: int


def shared_members(held: Mapping[int, set[int]]) -> list[Shared]:
    """Pairs of spaces with at least one actor in common, the most first."""
    pairs: Counter[tuple[int, int]] = Counter()
    for spaces in held.values():
        pairs.update(combinations(sorted(spaces), 2))
    return [Shared(one, two, n) for (one, two), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]


def categories(seats: QuerySet[Seat]) -> list[tuple[str, int]]:
    """The categories as the table writes them, with how many actors in each, the most first. One query."""
    rows = seats.exclude(category="").order_by().values("category").annotate(n=Count("actor", distinct=True))
    return sorted(((row["category"], row["n"]) for row in rows), key=lambda pair: (-pair[1], pair[0]))


def former_seats(space: Space, day: dt.date, *, everything: bool) -> QuerySet[Seat]:
    """Seats of the space that ended by ``day``, the latest first."""
    condition = Q(actor__merged_into=None) if everything else Q(actor__merged_into=None, actor__is_public=True)
    found = Seat.objects.filter(condition, space=space, until__lte=day).select_related("actor")
    return found.order_by("-until", "actor__sort_key", "id")


def seats_held_by(actor: Actor, *, everything: bool) -> list[Seat]:
    """Every seat of the actor, held now or before, by name of space. One query."""
    found = Seat.objects.filter(actor=actor).select_related("space")
    if not everything:
        found = found.filter(space__is_public=True)
    return list(found.order_by("space__sort_key", "since", "id"))


def met_most(actor: Actor, day: dt.date, *, everything: bool, limit: int) -> tuple[int, list[tuple[Actor, int]]]:
    """Whom the actor sits with: how many others in all, and the ``limit`` it shares most spaces with.

    Each comes with the number of spaces in common. Three queries.
    """
    seats = seats_of(actor.alliance, day, everything=everything)
    beside = seats.filter(space__in=seats.filter(actor=actor).order_by().values("space")).exclude(actor=actor)
    counted = beside.order_by().values("actor").annotate(shared=Count("space", distinct=True))
    most = list(counted.order_by("-shared", "actor__sort_key", "actor")[:limit].values_list("actor", "shared"))
    actors = Actor.objects.in_bulk([pk for pk, _ in most])
    return counted.count(), [(actors[pk], shared) for pk, shared in most]


def several_tables(alliance: Alliance, day: dt.date, *, everything: bool = False) -> QuerySet[Actor]:
    """The actors that sit in more than one space, the most first, each with ``tables``."""
    found = with_tables(actors_of(alliance, day, everything=everything), day, everything=everything)
    seats = seats_of(alliance, day, everything=everything).order_by().values("actor")
    several = seats.annotate(n=Count("space", distinct=True)).filter(n__gt=1).values("actor")
    ranked: QuerySet[Actor] = found.filter(pk__in=several).order_by("-tables", "sort_key", "id")  # type: ignore[misc]
    return ranked
