"""What a file would change, compared with what is there. Reads only: the same plan is shown, then written."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maillage.actors.models import Actor, ActorAlias
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation.imports.lines import CATEGORY, Line, Reading
from maillage.concertation.models import Seat, Space
from maillage.core.text import fold
from maillage.methods.matching import unite


@dataclass
class PlannedActor:
    """An actor as the file has it; ``existing`` is the one of the register it is."""

    name: str
    spellings: list[str]
    type: str
    website: str = ""
    existing: Actor | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    new_aliases: list[str] = field(default_factory=list)


@dataclass
class PlannedSpace:
    name: str
    external_id: str = ""
    existing: Space | None = None
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class PlannedSeat:
    space: PlannedSpace
    actor: PlannedActor
    category: str
    since: dt.date | None
    until: dt.date | None
    existing: Seat | None = None
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    spaces: list[PlannedSpace] = field(default_factory=list)
    actors: list[PlannedActor] = field(default_factory=list)
    seats: list[PlannedSeat] = field(default_factory=list)
    different: list[tuple[PlannedActor, PlannedActor]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Figures for the page, the log and the command line."""
        found: Counter[str] = Counter()
        for kind, rows in (("spaces", self.spaces), ("actors", self.actors), ("seats", self.seats)):
            for row in rows:
                state = "created" if row.existing is None else "changed" if row.changes else "unchanged"
                found[f"{kind}_{state}"] += 1
        found["spellings_joined"] = sum(len(actor.spellings) - 1 for actor in self.actors)
        found["aliases_created"] = sum(len(actor.new_aliases) for actor in self.actors)
        keys = [f"{kind}_{state}" for kind in ("spaces", "actors", "seats") for state in _STATES]
        return {key: found[key] for key in [*keys, "spellings_joined", "aliases_created"]}

    @property
    def empty(self) -> bool:
        """Nothing would change."""
        figures = self.counts()
        return (
            not any(figures[f"{kind}_{state}"] for kind in _KINDS for state in ("created", "changed"))
            and not (figures["aliases_created"])
        )


_KINDS = ("spaces", "actors", "seats")
_STATES = ("created", "changed", "unchanged")


@dataclass(frozen=True)
class Decided:
    """A decision on a proposal: ``left`` and ``right`` names of the file, or ``right_actor`` of the register."""

    left: str
    right: str
    right_actor: int | None
    decision: str


class Register:
    """The actors of the alliance by every exact spelling of their name. Three queries."""

    def __init__(self, alliance: Alliance) -> None:
        self.by_id: dict[int, Actor] = {}
        self.merged: dict[int, int] = {}
        self.by_name: dict[str, int] = {}
        self.aliases: dict[int, set[str]] = defaultdict(set)
        for actor in Actor.objects.filter(alliance=alliance).order_by("pk"):
            self.by_id[actor.pk] = actor
            if actor.merged_into_id:
                self.merged[actor.pk] = actor.merged_into_id
            else:
                self.by_name.setdefault(actor.name, actor.pk)
        spelled = ActorAlias.objects.filter(actor__alliance=alliance, actor__merged_into=None).order_by("pk")
        for actor_id, name in spelled.values_list("actor_id", "name"):
            self.aliases[actor_id].add(name)
            self.by_name.setdefault(name, actor_id)

    def standing(self, actor_id: int) -> Actor | None:
        """The actor, or the one that absorbed it since; ``None`` where it is gone."""
        while actor_id in self.merged:
            actor_id = self.merged[actor_id]
        return self.by_id.get(actor_id)

    def named(self, name: str) -> Actor | None:
        found = self.by_name.get(name)
        return self.by_id[found] if found is not None else None


def make_plan(
    alliance: Alliance, reading: Reading, categories: Mapping[str, str], decided: Iterable[Decided] = ()
) -> Plan:
    """Compare the lines with the register. Four queries, whatever the size of the file."""
    plan, lines = Plan(), reading.lines
    register = Register(alliance)
    decisions = list(decided)
    actors = _plan_actors(plan, register, lines, categories, decisions)
    spaces = _plan_spaces(plan, alliance, reading.tables)
    _plan_seats(plan, alliance, register, lines, actors, spaces)
    for one in decisions:
        if one.decision == "different" and one.left in actors:
            other = actors.get(one.right) if one.right_actor is None else _planned(register, one.right_actor)
            if other is not None and other is not actors[one.left]:
                plan.different.append((actors[one.left], other))
    return plan


def _planned(register: Register, actor_id: int) -> PlannedActor | None:
    actor = register.standing(actor_id)
    return PlannedActor(actor.name, [actor.name], actor.type, existing=actor) if actor else None


def _plan_actors(
    plan: Plan, register: Register, lines: Sequence[Line], categories: Mapping[str, str], decided: Sequence[Decided]
) -> dict[str, PlannedActor]:
    """One planned actor for each group of spellings, by spelling."""
    names = list(dict.fromkeys(line.actor for line in lines))
    known = {name: actor for name in names if (actor := register.named(name)) is not None}
    for one in decided:
        if one.decision == "right" and one.right_actor is not None and one.left not in known:
            actor = register.standing(one.right_actor)
            if actor is not None:
                known[one.left] = actor
    present = set(names)
    same = [
        (one.left, one.right)
        for one in decided
        if one.decision in {"left", "right"} and one.right_actor is None and {one.left, one.right} <= present
    ]
    kept = {one.left if one.decision == "left" else one.right for one in decided if one.decision in {"left", "right"}}
    dropped = {
        one.right if one.decision == "left" else one.left for one in decided if one.decision in {"left", "right"}
    }
    about = _about(lines, categories)
    found: dict[str, PlannedActor] = {}
    by_actor: dict[int, PlannedActor] = {}
    for group in unite(names, same):
        spelled = [str(name) for name in group]
        existing = next((known[name] for name in spelled if name in known), None)
        planned = by_actor.get(existing.pk) if existing else None
        if planned is None:
            name = existing.name if existing else _kept_name(spelled, kept, dropped)
            planned = PlannedActor(name, [], ActorType.UNSPECIFIED, existing=existing)
            plan.actors.append(planned)
            if existing:
                by_actor[existing.pk] = planned
        planned.spellings += spelled
        for name in spelled:
            found[name] = planned
    for planned in plan.actors:
        _complete(planned, about, register)
    return found


def _kept_name(spelled: list[str], kept: set[str], dropped: set[str]) -> str:
    """The spelling a person kept and never dropped; the first of the file otherwise."""
    for wanted in (kept - dropped, kept):
        for name in spelled:
            if name in wanted:
                return name
    return spelled[0]


def _about(lines: Sequence[Line], categories: Mapping[str, str]) -> dict[str, tuple[list[str], str]]:
    """For each spelling: the types its categories say, in order, and its first web address."""
    types: dict[str, list[str]] = defaultdict(list)
    addresses: dict[str, str] = {}
    for line in lines:
        code = ActorType.CITIZENS if line.crowd else categories.get(line.category, ActorType.UNSPECIFIED)
        types[line.actor].append(code)
        if line.website:
            addresses.setdefault(line.actor, line.website)
    return {name: (codes, addresses.get(name, "")) for name, codes in types.items()}


def _complete(planned: PlannedActor, about: Mapping[str, tuple[list[str], str]], register: Register) -> None:
    """Type, address and spellings; of an actor already there, only what is empty is filled."""
    told = [code for name in planned.spellings for code in about[name][0] if code != ActorType.UNSPECIFIED]
    planned.type = told[0] if told else ActorType.UNSPECIFIED
    planned.website = next((about[name][1] for name in planned.spellings if about[name][1]), "")
    known = {planned.name}
    if planned.existing is not None:
        actor = planned.existing
        if actor.type == ActorType.UNSPECIFIED and planned.type != ActorType.UNSPECIFIED:
            planned.changes["type"] = planned.type
        if not actor.website and planned.website:
            planned.changes["website"] = planned.website
        known |= register.aliases[actor.pk]
    planned.new_aliases = [name for name in dict.fromkeys(planned.spellings) if name not in known]


def _plan_spaces(
    plan: Plan, alliance: Alliance, tables: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], PlannedSpace]:
    """One planned space for each identifier, or each name where there is none."""
    by_id: dict[str, Space] = {}
    by_name: dict[str, Space] = {}
    for space in Space.objects.filter(alliance=alliance).order_by("pk"):
        if space.external_id:
            by_id.setdefault(space.external_id, space)
        by_name.setdefault(fold(space.name), space)
    found: dict[tuple[str, str], PlannedSpace] = {}
    made: dict[str, PlannedSpace] = {}
    for external_id, name in tables:
        handle = f"#{external_id}" if external_id else fold(name)
        if handle not in made:
            existing = by_id.get(external_id) if external_id else None
            if existing is None:
                existing = by_name.get(fold(name))
                if existing is not None and external_id and existing.external_id:
                    existing = None
            made[handle] = planned = PlannedSpace(name, external_id, existing)
            if existing is not None and external_id and not existing.external_id:
                planned.changes["external_id"] = external_id
            plan.spaces.append(planned)
        found[external_id, name] = made[handle]
    return found


def _plan_seats(
    plan: Plan,
    alliance: Alliance,
    register: Register,
    lines: Sequence[Line],
    actors: Mapping[str, PlannedActor],
    spaces: Mapping[tuple[str, str], PlannedSpace],
) -> None:
    """One seat for each actor and space; several categories of the file are kept together."""
    held = _held_seats(alliance, register)
    planned: dict[tuple[int, int, dt.date | None], PlannedSeat] = {}
    taken: set[int] = set()
    for line in lines:
        if not line.space:
            continue
        space, actor = spaces[line.space_id, line.space], actors[line.actor]
        key = (id(space), id(actor), line.since)
        if key not in planned:
            planned[key] = seat = PlannedSeat(space, actor, line.category, line.since, line.until)
            seat.existing = _held(held, space, actor, line.since)
            if seat.existing is not None and seat.existing.pk in taken:
                seat.existing = None
            elif seat.existing is not None:
                taken.add(seat.existing.pk)
            plan.seats.append(seat)
        else:
            planned[key].category = _both(planned[key].category, line.category)
            planned[key].until = planned[key].until or line.until
    for seat in plan.seats:
        if seat.existing is not None and seat.actor.existing is not None:
            others = held[seat.existing.space_id, seat.actor.existing.pk]
            seat.changes = _seat_changes(seat, seat.existing, _said_before_merging(others))


def _held_seats(alliance: Alliance, register: Register) -> dict[tuple[int, int], list[Seat]]:
    """The seats of each space and actor, its own first; then those that stayed with the actors merged into it."""
    held: dict[tuple[int, int], list[Seat]] = defaultdict(list)
    rows = list(Seat.objects.filter(space__alliance=alliance).order_by("since", "pk"))
    for row in sorted(rows, key=lambda row: row.actor_id in register.merged):
        actor = register.standing(row.actor_id)
        held[row.space_id, actor.pk if actor else row.actor_id].append(row)
    return held


def _said_before_merging(seats: Sequence[Seat]) -> set[str]:
    """The categories that actors merged since had at one table; none where there was no merge."""
    if len({seat.actor_id for seat in seats}) < 2:
        return set()
    return {part for seat in seats for part in seat.category.split(" ; ")}


def _held(
    held: Mapping[tuple[int, int], list[Seat]], space: PlannedSpace, actor: PlannedActor, since: dt.date | None
) -> Seat | None:
    """The seat already there: with the same beginning, else the one still open, else the last."""
    if space.existing is None or actor.existing is None:
        return None
    seats = held.get((space.existing.pk, actor.existing.pk), [])
    exact = [seat for seat in seats if seat.since == since]
    still = [seat for seat in seats if seat.until is None and (seat.since is None or since is None)]
    if since is not None:
        return (exact or still or [None])[0]  # type: ignore[list-item]
    return (exact or still or seats[-1:] or [None])[0]  # type: ignore[list-item]


def _both(one: str, other: str) -> str:
    if not other or other in one.split(" ; "):
        return one
    joined = f"{one} ; {other}" if one else other
    return joined if len(joined) <= CATEGORY else one


def _seat_changes(seat: PlannedSeat, existing: Seat, merged: set[str]) -> dict[str, Any]:
    """What the file says and the seat does not; what the file leaves empty is left as it is.

    A file that has the spellings of two merged actors says the categories of both: nothing new there.
    """
    changes: dict[str, Any] = {}
    if seat.category and seat.category != existing.category and not set(seat.category.split(" ; ")) <= merged:
        changes["category"] = seat.category
    if seat.since and existing.since is None:
        changes["since"] = seat.since
    begins = changes.get("since", existing.since)
    if seat.until and seat.until != existing.until and (begins is None or begins <= seat.until):
        changes["until"] = seat.until
    return changes
