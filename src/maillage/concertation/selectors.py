"""Reads of spaces and seats, each in a bounded number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Count, Q, QuerySet

from maillage.actors.models import Actor
from maillage.actors.selectors import actor_condition
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


def shared_members(held: dict[int, set[int]]) -> list[Shared]:
    """Pairs of spaces with at least one actor in common, the most first."""
    pairs: Counter[tuple[int, int]] = Counter()
    for spaces in held.values():
        pairs.update(combinations(sorted(spaces), 2))
    return [Shared(one, two, n) for (one, two), n in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]
