"""The minutes as each reader may see them, and what they say of attendance, decisions and tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from maillage.actors.interests.selectors import has_withdrawn
from maillage.actors.models import Actor
from maillage.actors.vocabulary import TYPE_ORDER
from maillage.concertation.minutes.models import Amendment, Attendance, Erratum, Minutes, MinutesItem
from maillage.concertation.models import AgendaItem, Decision, Meeting, Task
from maillage.concertation.tasks.withheld import items_withheld
from maillage.core.access import may
from maillage.methods.disclosure.line import line
from maillage.methods.disclosure.whole import whole


@dataclass(frozen=True)
class College:
    """Who was there of one type: actors, by name; seats of actors that are not public are only counted, where they are
    enough. ``code`` empty: those of types where they are too few, together."""

    code: str
    actors: tuple[str, ...]
    others: int = 0

    @property
    def count(self) -> int:
        return len(self.actors) + self.others


@dataclass(frozen=True)
class People:
    """People without a seat. ``total`` is ``None`` under the threshold; ``by_type`` is empty where one type is under
    it: with the total, it could be deduced."""

    some: bool = False
    total: int | None = None
    by_type: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Presence:
    colleges: tuple[College, ...]
    people: People

    @property
    def seats(self) -> int:
        return sum(college.count for college in self.colleges)


def people_shown(counts: dict[str, int], threshold: int | None) -> People:
    """People by type as they may be shown; ``threshold=None``: to those who were there, in full."""
    counts = {code: n for code, n in sorted(counts.items(), key=lambda pair: TYPE_ORDER[pair[0]]) if n}
    total = sum(counts.values())
    if threshold is None or whole(counts, threshold):
        return People(bool(total), total, tuple(counts.items()))
    return People(True, total if total >= threshold else None)


def hidden_shown(counts: dict[str, int], threshold: int) -> tuple[dict[str, int], int]:
    """Actors that are not public, by type, as anyone may read them: those of each type that may be told, and how many
    more there are of the others (0 where that would tell)."""
    told = {code: n for code, n in line(counts, threshold).items() if n is not None}
    rest = sum(counts.values()) - sum(told.values())
    return told, rest if rest >= threshold else 0


def facts_of(meeting: Meeting) -> dict[str, Any]:
    """Attendance, and what came out of each point: plain values, by id. Four queries."""
    seats: list[list[Any]] = []
    people: dict[str, int] = {}
    for row in Attendance.objects.filter(meeting=meeting).order_by("pk"):
        if row.kind == Attendance.Kind.SEAT:
            seats.append([row.actor_id, row.type])
        else:
            people[row.type] = people.get(row.type, 0) + row.people
    names = dict(Actor.objects.filter(pk__in=[pk for pk, _type in seats]).values_list("pk", "name"))
    decisions: dict[str, list[dict[str, Any]]] = {}
    for decision in Decision.objects.filter(agenda_item__meeting=meeting).order_by("pk"):
        decisions.setdefault(str(decision.agenda_item_id), []).append(
            {
                "uuid": str(decision.uuid), "title": decision.title, "code": decision.code,
                "state": decision.state, "outcome": decision.outcome,
            }
        )  # fmt: skip
    tasks: dict[str, list[dict[str, Any]]] = {}
    for task in Task.objects.filter(agenda_item__meeting=meeting).select_related("owner_actor").order_by("pk"):
        tasks.setdefault(str(task.agenda_item_id), []).append(
            {
                "uuid": str(task.uuid), "title": task.title, "owner": task.owner_actor_id,
                "owner_name": task.owner_actor.name if task.owner_actor else "",
                "due_on": task.due_on.isoformat() if task.due_on else "",
            }
        )  # fmt: skip
    return {
        "seats": [[pk, type_, names.get(pk, "")] for pk, type_ in seats],
        "people": people, "decisions": decisions, "tasks": tasks,
    }  # fmt: skip


def presence_of(facts: dict[str, Any], *, inside: bool, threshold: int) -> Presence:
    """Attendance by college. In public: public actors by name, no number of people under the threshold. One query.

    An actor that is not public chose not to be known: it is told by number only, and only where it cannot be guessed.
    """
    seats = facts["seats"]
    public = set(
        Actor.objects.filter(pk__in=[pk for pk, _type, _name in seats], is_public=True).values_list("pk", flat=True)
    )
    named: dict[str, list[str]] = {}
    hidden: dict[str, int] = {}
    for pk, type_, name in seats:
        if inside or pk in public:
            named.setdefault(type_, []).append(name)
        else:
            hidden[type_] = hidden.get(type_, 0) + 1
    told, rest = hidden_shown(hidden, threshold)
    codes = sorted({*named, *told}, key=lambda code: TYPE_ORDER[code])
    colleges = tuple(College(code, tuple(sorted(named.get(code, []))), told.get(code, 0)) for code in codes)
    if rest:
        colleges += (College("", (), rest),)
    return Presence(colleges, people_shown(facts["people"], None if inside else threshold))


@dataclass
class Point:
    """One point of the minutes for one reader. ``row`` is ``None`` where they must not read it."""

    number: int
    row: MinutesItem | None
    decisions: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    errata: list[Erratum] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    asked: AgendaItem | None = None
    """The item, for its title only, where they answer first whether they are in conflict of interest."""


@dataclass
class Reading:
    """The minutes for one reader."""

    minutes: Minutes
    presence: Presence
    points: list[Point]
    inside: bool
    hidden: int = 0
    """Points that the public does not read."""

    @property
    def shown(self) -> list[Point]:
        return [point for point in self.points if point.row is not None]


def read(minutes: Minutes, viewer: Any) -> Reading | None:
    """The minutes as ``viewer`` may read them; ``None`` where nothing is for them. A bounded number of queries.

    The public reads approved minutes, the points chosen. Those inside read everything but what they must not read.
    """
    meeting = minutes.meeting
    inside = may(viewer, "concertation.read_minutes_inside", meeting)
    approved = minutes.state == Minutes.State.APPROVED
    if not inside and not (approved and may(viewer, "concertation.read_minutes", meeting)):
        return None
    facts = minutes.facts if approved and minutes.facts else facts_of(meeting)
    rows = list(minutes.items.select_related("item").order_by("item__position", "item_id"))
    left = items_withheld(viewer, [row.item for row in rows])
    errata: dict[int, list[Erratum]] = {}
    for erratum in Erratum.objects.filter(item__minutes=minutes).order_by("at", "pk"):
        errata.setdefault(erratum.item_id, []).append(erratum)
    amendments: dict[int, list[Amendment]] = {}
    if inside and not approved and may(viewer, "concertation.amend_minutes", meeting):
        for amendment in Amendment.objects.filter(item__minutes=minutes).select_related("person").order_by("at", "pk"):
            amendments.setdefault(amendment.item_id, []).append(amendment)
    shown_decisions = _public("decision", facts, inside)
    shown_tasks = _public("task", facts, inside)
    reading = Reading(
        minutes, presence_of(facts, inside=inside, threshold=meeting.alliance.threshold), [], inside=inside
    )
    for number, row in enumerate(rows, 1):
        row.minutes, row.item.meeting = minutes, meeting
        if row.item_id in left:
            if inside:
                asked = None if has_withdrawn(viewer, row.item.reference) else row.item
                reading.points.append(Point(number, None, asked=asked))
            continue
        if not inside and not (row.is_public and row.item.is_public):
            reading.hidden += 1
            continue
        decisions = facts["decisions"].get(str(row.item_id), [])
        tasks = facts["tasks"].get(str(row.item_id), [])
        reading.points.append(
            Point(
                number, row,
                [one for one in decisions if inside or one["uuid"] in shown_decisions],
                [one for one in tasks if inside or one["uuid"] in shown_tasks],
                errata.get(row.pk, []), amendments.get(row.pk, []),
            )
        )  # fmt: skip
    if not inside and not reading.points:
        return None
    return reading


def _public(what: str, facts: dict[str, Any], inside: bool) -> frozenset[str]:
    """The uuids of what is public today, among what the minutes name. Nothing is asked for those inside."""
    if inside:
        return frozenset()
    keys = [one["uuid"] for rows in facts[f"{what}s"].values() for one in rows]
    model: Any = Decision if what == "decision" else Task
    found = model.objects.filter(uuid__in=keys, is_public=True).order_by().values_list("uuid", flat=True)
    return frozenset(map(str, found))
