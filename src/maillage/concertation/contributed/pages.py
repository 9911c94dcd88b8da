"""Parts of other rooms' pages: the woven picture, figures, who is missing from the table, an actor's seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from maillage.actors.models import Actor
from maillage.actors.selectors import actor_condition, sees_all
from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.alliances.models import Alliance, AllianceTerritory
from maillage.concertation.models import Seat, Space
from maillage.concertation.selectors import (
    met_most,
    seats_held_by,
    seats_of,
    space_condition,
    spaces_of,
    types_by_space,
)
from maillage.concertation.weaving import standing
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Panel
from maillage.territories.models import Territory


@dataclass(frozen=True)
class Presence:
    """A line of the presence grid."""

    label: str
    by_type: Mapping[str, int]


MET_SHOWN = 10
ALLIANCES_SHOWN = 8
ROWS_SHOWN = 12


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """The part of the page that is ours, if any."""
    if page == "home.hero":
        yield from _hero(scope, today)
    elif page == "home":
        yield from _figures(scope, today)
    elif page == "pilotage.main":
        yield from _presence(scope, viewer, today)
    elif page == "actor" and isinstance(subject, Actor):
        yield from _seats(scope, viewer, today, subject)
    elif page == "territory" and isinstance(subject, Territory):
        yield from _territory(subject, today)


def _hero(alliance: Alliance, today: dt.date) -> Iterator[Panel]:
    """The woven picture, as the public sees it."""
    found = standing(alliance, today)
    if found.actors and found.spaces:
        yield Panel("home.hero", "concertation/panels/hero.html", {"picture": found.picture()}, order=10)


def _figures(alliance: Alliance, today: dt.date) -> Iterator[Panel]:
    """How many actors, tables, actors at several tables; and the actors by type. Nothing more is
    asked of the database than for the picture."""
    found = standing(alliance, today)
    types = found.types
    if not types:
        return
    total = sum(types.values())
    context = {
        "alliance": alliance,
        "total": total,
        "spaces": len(found.spaces),
        "several": found.several,
        "types": [{"code": code, "n": n, "share": n / total, "tiny": n / total < 0.005} for code, n in types.items()],
    }
    yield Panel("home", "concertation/panels/home.html", context, order=40)


def _presence(alliance: Alliance, viewer: Any, today: dt.date) -> Iterator[Panel]:
    """« Qui manque à la table? »: spaces × types. The largest spaces first where there are many."""
    if viewer is None or not may(viewer, "concertation.edit", alliance):
        return
    spaces = list(spaces_of(alliance, today, everything=True))
    if not spaces:
        return
    composition = types_by_space(seats_of(alliance, today, everything=True))
    present = {code for types in composition.values() for code in types}
    # A type nobody has is what the grid is for: the main ones stay; those that are rare anywhere come if present.
    rare = {ActorType.OTHER_LEVEL, ActorType.UNSPECIFIED, ActorType.SOCIAL_ECONOMY}
    types = [code for code in TYPE_ORDER if code in present or code not in rare]
    shown = sorted(spaces, key=lambda space: -sum(composition.get(space.pk, {}).values()))[:ROWS_SHOWN]
    shown.sort(key=lambda space: (space.sort_key, space.pk))
    rows = [Presence(space.label, composition.get(space.pk, {})) for space in shown]
    context = {
        "alliance": alliance,
        "types": types,
        "rows": rows,
        "left": len(spaces) - len(shown),
        "absent": [code for code in types if code not in present],
    }
    yield Panel("pilotage.main", "concertation/panels/presence.html", context, order=40)


def _seats(alliance: Alliance, viewer: Any, today: dt.date, actor: Actor) -> Iterator[Panel]:
    """Where an actor sits and since when, whom it meets there, where it sat before. Four queries."""
    everything = sees_all(viewer, alliance)
    seats = seats_held_by(actor, everything=everything)
    held = [seat for seat in seats if seat.holds(today) and seat.space.holds(today)]
    others, most = met_most(actor, today, everything=everything, limit=MET_SHOWN) if held else (0, [])
    context = {
        "alliance": alliance,
        "actor": actor,
        "held": held if actor.holds(today) else [],
        "former": [_former(seat) for seat in seats if seat not in held or not actor.holds(today)],
        "others": others,
        "most": [{"actor": met, "shared": shared} for met, shared in most],
        "more": others - len(most),
    }
    yield Panel("actor", "concertation/panels/actor.html", context, order=10)


def _former(seat: Seat) -> dict[str, Any]:
    ends = [day for day in (seat.until, seat.space.until) if day is not None]
    return {"seat": seat, "until": min(ends) if ends else None}


def _territory(place: Territory, today: dt.date) -> Iterator[Panel]:
    """The open alliances that cover the place, with how many actors and spaces each shows. Three queries."""
    covered = AllianceTerritory.objects.at(today).filter(territory=place).values("alliance")
    alliances = list(Alliance.objects.filter(pk__in=covered, is_public=True)[:ALLIANCES_SHOWN])
    if not alliances:
        return
    actors = _count(Actor.objects.filter(actor_condition(today, everything=False), alliance__in=alliances))
    spaces = _count(Space.objects.filter(space_condition(today, everything=False), alliance__in=alliances))
    lines = [
        {"alliance": alliance, "actors": actors.get(alliance.pk, 0), "spaces": spaces.get(alliance.pk, 0)}
        for alliance in alliances
    ]
    yield Panel("territory", "concertation/panels/territory.html", {"lines": lines}, order=40)


def _count(rows: QuerySet[Any]) -> dict[int, int]:
    """How many in each alliance."""
    counted = rows.order_by().values("alliance").annotate(n=Count("pk"))
    return {row["alliance"]: row["n"] for row in counted}
