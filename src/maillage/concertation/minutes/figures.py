"""Who took part, by stage and by type of actor; attendance by college. Never by person.

Actors are organisations and colleges: they may be counted. People without a seat are people: under the alliance's
threshold their number is not told, nor what would give it back.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from maillage.actors.models import Participation
from maillage.actors.vocabulary import TYPE_ORDER, ActorType
from maillage.alliances.models import Alliance, Stage
from maillage.concertation.minutes.models import Attendance
from maillage.concertation.minutes.reading import people_shown
from maillage.concertation.models import Meeting, Seat

YEAR = dt.timedelta(days=365)
ENOUGH = 3
"""Meetings, under which a share says nothing."""


@dataclass
class StageLine:
    """The record of one stage."""

    stage: Stage
    events: int = 0
    actors: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By type: the actors that took part at least once."""
    people: int = 0
    """People without a seat, over the events where their number may be told: someone who came twice counts twice."""
    untold: int = 0
    """Events where there were too few of them."""
    people_types: frozenset[str] = frozenset()

    @property
    def types(self) -> list[tuple[str, int]]:
        return sorted(((code, len(rows)) for code, rows in self.actors.items()), key=lambda pair: TYPE_ORDER[pair[0]])

    @property
    def everyone(self) -> frozenset[int]:
        return frozenset().union(*self.actors.values()) if self.actors else frozenset()

    @property
    def present(self) -> frozenset[str]:
        """Types present, people without a seat included."""
        return frozenset(self.actors) | self.people_types


def by_stage(alliance: Alliance, stages: Iterable[Stage] | None = None) -> list[StageLine]:
    """The record of participation of each stage that has one, in order. Two queries."""
    known = list(
        Stage.objects.filter(cycle__alliance=alliance).order_by("cycle__since", "position", "pk")
        if stages is None
        else stages
    )
    lines = {stage.pk: StageLine(stage) for stage in known}
    events: dict[int, set[str]] = defaultdict(set)
    people: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    rows = Participation.objects.filter(alliance=alliance, stage__in=list(lines)).order_by()
    for stage, reference, actor, code, count in rows.values_list("stage", "reference", "actor", "type", "people"):
        events[stage].add(reference)
        if actor is None:
            people[stage, reference][code] += count
        else:
            lines[stage].actors[code].add(actor)
    for (stage, _reference), counts in people.items():
        shown = people_shown(counts, alliance.threshold)
        line = lines[stage]
        line.people_types |= frozenset(counts)
        if shown.total is None:
            line.untold += 1
        else:
            line.people += shown.total
    for pk, references in events.items():
        lines[pk].events = len(references)
    return [line for line in lines.values() if line.events]


def kept(lines: list[StageLine]) -> list[tuple[StageLine, StageLine, int, int]]:
    """From each stage to the next: how many actors stayed, out of how many."""
    return [
        (first, second, len(first.everyone & second.everyone), len(first.everyone))
        for first, second in pairwise(lines)
        if first.everyone
    ]


@dataclass(frozen=True)
class CollegeLine:
    """Seats of a college: how many times present, out of how many times expected."""

    code: str
    present: int
    expected: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.present, self.expected)


def attendance_by_college(alliance: Alliance, today: dt.date) -> tuple[int, list[CollegeLine]]:
    """Over the meetings held in the year before ``today`` whose attendance was noted: how many, and each college. Three
    queries, whatever their number."""
    noted = Attendance.objects.filter(meeting__alliance=alliance).values("meeting")
    meetings = list(
        Meeting.objects.filter(
            alliance=alliance,
            state=Meeting.State.HELD,
            pk__in=noted,
            starts_at__gte=dt.datetime.combine(today - YEAR, dt.time(), alliance.zone),
            starts_at__lt=dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), alliance.zone),
        )
    )
    present: Counter[str] = Counter()
    rows = Attendance.objects.filter(meeting__in=[meeting.pk for meeting in meetings], kind=Attendance.Kind.SEAT)
    present.update(rows.order_by().values_list("type", flat=True))
    seats: dict[int, list[tuple[str, dt.date | None, dt.date | None]]] = defaultdict(list)
    spaces = {meeting.space_id for meeting in meetings}
    held = Seat.objects.filter(space__in=spaces).order_by()
    for space, code, since, until in held.values_list("space", "actor__type", "since", "until"):
        seats[space].append((code, since, until))
    expected: Counter[str] = Counter()
    for meeting in meetings:
        meeting.alliance = alliance
        day = meeting.day
        for code, since, until in seats[meeting.space_id]:
            expected[code] += (since is None or since <= day) and (until is None or until > day)
    lines = [
        CollegeLine(code, min(present[code], count), count)
        for code, count in sorted(expected.items(), key=lambda pair: TYPE_ORDER[pair[0]])
        if count
    ]
    return len(meetings), lines


def meetings_with_citizens(alliance: Alliance, today: dt.date) -> tuple[int, int]:
    """Of the meetings held in the year whose attendance was noted: those where citizens were, and all. One query."""
    rows = Attendance.objects.filter(
        meeting__alliance=alliance, meeting__state=Meeting.State.HELD,
        meeting__starts_at__gte=dt.datetime.combine(today - YEAR, dt.time(), alliance.zone),
        meeting__starts_at__lt=dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), alliance.zone),
    )  # fmt: skip
    everywhere, theirs = set(), set()
    for meeting, code in rows.order_by().values_list("meeting", "type"):
        everywhere.add(meeting)
        if code == ActorType.CITIZENS:
            theirs.add(meeting)
    return len(theirs), len(everywhere)
