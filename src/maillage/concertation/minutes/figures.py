"""Who took part, by stage and by type of actor; attendance by college. Never by person.

Public actors are known, and counted. Those that are not public, and people without a seat, are told only from the
alliance's threshold on, nor is told what would give their number back: export and minutes name the public actors.
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
from maillage.concertation.governance.selectors.dynamics import Group, groups_of
from maillage.concertation.minutes.models import Attendance
from maillage.concertation.minutes.reading import hidden_shown, people_shown
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
    """By type: the actors that took part at least once, and may be counted."""
    people: int = 0
    """People without a seat, over the events where their number may be told: someone who came twice counts twice."""
    untold: int = 0
    """Events where there were too few of them."""
    named: set[int] = field(default_factory=set)
    """Those of ``actors`` that are public: what is compared from one stage to the next."""
    people_types: frozenset[str] = frozenset()
    """Types of which some were there without being counted one by one."""

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
    hidden: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Participation.objects.filter(alliance=alliance, stage__in=list(lines)).order_by()
    columns = ("stage", "reference", "actor", "type", "people", "actor__is_public")
    for stage, reference, actor, code, count, shown in rows.values_list(*columns):
        events[stage].add(reference)
        if actor is None:
            people[stage, reference][code] += count
        elif shown:
            lines[stage].actors[code].add(actor)
            lines[stage].named.add(actor)
        else:
            hidden[stage][code].add(actor)
    for stage, by_type in hidden.items():
        lines[stage].people_types |= frozenset(by_type)
        told, _rest = hidden_shown({code: len(pks) for code, pks in by_type.items()}, alliance.threshold)
        for code in told:
            lines[stage].actors[code] |= by_type[code]
    for (stage, _reference), counts in people.items():
        found = people_shown(counts, alliance.threshold)
        line = lines[stage]
        line.people_types |= frozenset(counts)
        if found.total is None:
            line.untold += 1
        else:
            line.people += found.total
    for pk, references in events.items():
        lines[pk].events = len(references)
    return [line for line in lines.values() if line.events]


def kept(lines: list[StageLine]) -> list[tuple[StageLine, StageLine, int, int]]:
    """From each stage to the next: how many public actors stayed, out of how many. The others are left out: being told
    by name, the public ones would give back by subtraction how few of the others stayed."""
    return [
        (first, second, len(first.named & second.named), len(first.named))
        for first, second in pairwise(lines)
        if first.named
    ]


@dataclass(frozen=True)
class CollegeLine:
    """Seats of a college, or of small ones together: how many times present, out of how many times expected."""

    group: Group
    present: int
    expected: int

    @property
    def label(self) -> str:
        return self.group.label

    @property
    def share(self) -> Fraction:
        return Fraction(self.present, self.expected)


def attendance_by_college(alliance: Alliance, today: dt.date) -> tuple[int, list[CollegeLine]]:
    """Over the meetings held in the year before ``today`` whose attendance was noted: how many, and each college. Three
    queries, whatever their number.

    Seats present are somebody: a college of fewer seats than the threshold is read with others, as in the dynamics.
    """
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
    actors: dict[str, set[int]] = defaultdict(set)
    for space, actor, code, since, until in held.values_list("space", "actor", "actor__type", "since", "until"):
        seats[space].append((code, since, until))
        actors[code].add(actor)
    expected: Counter[str] = Counter()
    for meeting in meetings:
        meeting.alliance = alliance
        day = meeting.day
        for code, since, until in seats[meeting.space_id]:
            expected[code] += (since is None or since <= day) and (until is None or until > day)
    sizes = {code: len(actors[code]) for code, count in expected.items() if count}
    lines = [
        CollegeLine(
            group, sum(min(present[code], expected[code]) for code in group.codes),
            sum(expected[code] for code in group.codes),
        )
        for group in groups_of(sizes, alliance.threshold)
    ]  # fmt: skip
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
