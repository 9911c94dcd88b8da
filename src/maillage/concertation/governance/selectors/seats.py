"""Seats by college, planned, held and vacant; who holds them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.alliances.models import Alliance, Person
from maillage.concertation.governance.models import SeatHolder, SeatPlan
from maillage.concertation.models import Seat, Space
from maillage.concertation.selectors import spaces_of
from maillage.core.dates import holding, oldest


@dataclass(frozen=True)
class College:
    """The seats of one college in a space. ``planned`` is ``None`` where no number was ever fixed."""

    code: str
    planned: int | None
    held: int

    @property
    def vacant(self) -> int:
        return max(0, (self.planned or 0) - self.held)


def _ordered(colleges: Iterable[College]) -> list[College]:
    return sorted(colleges, key=lambda college: TYPE_ORDER.get(college.code, len(TYPE_ORDER)))


def held_seats(spaces: Iterable[Space] | QuerySet[Space], day: dt.date) -> dict[tuple[int, str], int]:
    """How many seats each college holds: ``{(space, college): n}``. Two queries.

    An organisation holds one seat. A citizens' college holds as many as it has people there; one where no person was
    ever written down.
    """
    seats = Seat.objects.at(day).filter(space__in=spaces, actor__merged_into=None).order_by()
    rows = list(seats.values_list("pk", "space_id", "actor_id", "actor__type"))
    people: dict[int, int] = {}
    citizens = [pk for pk, _space, _actor, code in rows if code == ActorType.CITIZENS]
    if citizens:
        named = SeatHolder.objects.filter(seat__in=citizens, part=SeatHolder.Part.HOLDER, person__erased_at=None)
        for seat, since, until in named.order_by().values_list("seat_id", "since", "until"):
            now = (since is None or since <= day) and (until is None or until > day)
            if since is None or since <= day:
                people[seat] = people.get(seat, 0) + now
    found: dict[tuple[int, str], int] = defaultdict(int)
    seen: set[tuple[int, int]] = set()
    for pk, space, actor, code in rows:
        if (space, actor) not in seen:
            seen.add((space, actor))
            found[space, code] += people.get(pk, 1)
    return dict(found)


def colleges_of(spaces: Sequence[Space], day: dt.date) -> dict[int, list[College]]:
    """For each space, its colleges on ``day``: seats planned, held. Three queries."""
    held = held_seats(spaces, day)
    planned: dict[tuple[int, str], int] = {}
    plans = SeatPlan.objects.at(day).filter(space__in=spaces).order_by(*oldest())
    for space, college, seats in plans.values_list("space_id", "college", "seats"):
        planned[space, college] = seats
    found: dict[int, list[College]] = {space.pk: [] for space in spaces}
    for space, code in {*held, *planned}:
        found[space].append(College(code, planned.get((space, code)), held.get((space, code), 0)))
    return {space: _ordered(colleges) for space, colleges in found.items()}


@dataclass
class SeatLine:
    """A seat with the people who hold it, as the reader may see them."""

    seat: Seat
    holders: list[SeatHolder] = field(default_factory=list)
    substitutes: list[SeatHolder] = field(default_factory=list)


def with_holders(seats: Iterable[Seat], day: dt.date, *, inside: bool) -> list[SeatLine]:
    """These seats with their people: all of them ``inside``; otherwise those who chose to be named. One query."""
    lines = {seat.pk: SeatLine(seat) for seat in seats}
    rows = SeatHolder.objects.at(day).filter(seat__in=list(lines), person__erased_at=None).select_related("person")
    if not inside:
        rows = rows.filter(named=True)
    for row in rows.order_by(*oldest()):
        line = lines[row.seat_id]
        (line.holders if row.part == SeatHolder.Part.HOLDER else line.substitutes).append(row)
    return list(lines.values())


def former_holders(space: Space, day: dt.date) -> QuerySet[SeatHolder]:
    """Mandates of the space that ended by ``day``, the latest first."""
    found = SeatHolder.objects.filter(seat__space=space, until__lte=day, person__erased_at=None)
    return found.select_related("seat__actor", "person").order_by("-until", "id")


def mandates_of(person: Person, day: dt.date) -> list[SeatHolder]:
    """The seats this person holds on ``day`` or will, for their own page. One query."""
    rows = SeatHolder.objects.filter(Q(until=None) | Q(until__gt=day), person=person)
    return list(rows.select_related("seat__actor", "seat__space").order_by("seat__space__sort_key", "seat_id", "id"))


def ending_soon(alliance: Alliance, day: dt.date, days: int = 60) -> QuerySet[SeatHolder]:
    """Mandates held today that end within so many days, the first to end first."""
    return (
        SeatHolder.objects.at(day)
        .filter(
            holding(day, "seat__"),
            holding(day, "seat__space__"),
            seat__space__alliance=alliance,
            until__lte=day + dt.timedelta(days=days),
            person__erased_at=None,
        )
        .select_related("seat__actor", "seat__space", "person")
        .order_by("until", "id")
    )


def vacancies(alliance: Alliance, day: dt.date, *, everything: bool) -> list[tuple[Space, College]]:
    """Every college that has seats without anyone, space by space. Four queries."""
    spaces = list(spaces_of(alliance, day, everything=everything))
    found = colleges_of(spaces, day)
    return [(space, college) for space in spaces for college in found[space.pk] if college.vacant]
