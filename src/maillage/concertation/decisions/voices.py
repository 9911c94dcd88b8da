"""Who may speak in a decision, for which seat, and what counts of what was said.

A seat is one voice, whoever holds it. Where the space keeps more seats for citizens than there are colleges at the
table (its seat plan), each citizen who holds the college's seat is a voice of their own. Observers, in the words of
the space's own list, have no voice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from maillage.actors.models import Withdrawal
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Person
from maillage.concertation.decisions import outcome
from maillage.concertation.decisions.models import Decision, Delegation, Position
from maillage.concertation.governance.holders import holders_of, seats_held
from maillage.concertation.models import Attendance, MeetingInvitation, Seat, SeatHolder, SeatPlan, Space
from maillage.concertation.vocabulary import Stand
from maillage.core.text import fold

Key = tuple[int, int | None]
OF_THE_ACTOR = frozenset({Withdrawal.Reason.PROPOSES, Withdrawal.Reason.CARRIES_OUT, Withdrawal.Reason.CONCERNED})
"""Reasons that are the organisation's own: its whole seat is out, the substitute too."""


@dataclass(frozen=True)
class Voice:
    """Someone who may take a position: a seat, or a citizen of a college. ``key`` tells it in ``Position.voice``."""

    seat: Seat
    holder: SeatHolder | None
    """The citizen, in a college with several voices."""
    holders: tuple[SeatHolder, ...]
    substitutes: tuple[SeatHolder, ...]

    @property
    def key(self) -> Key:
        return (self.seat.pk, self.holder.pk if self.holder else None)

    @property
    def label(self) -> str:
        """For those inside: the actor, and the citizen of a college."""
        return f"{self.seat.actor.name} · {self.holder.person.name}" if self.holder else self.seat.actor.name


def observes(seat: Seat) -> bool:
    """The space's own words make it an observer: it sits, and takes no position."""
    return "observ" in fold(seat.category)


def voices_of(space: Space, day: dt.date) -> list[Voice]:
    """The voices of the space on ``day``, by name of actor. Three queries."""
    held_seats = seats_held(space, day).filter(actor__merged_into=None).order_by("actor__sort_key", "pk")
    seats = [seat for seat in held_seats if not observes(seat)]
    held: dict[int, list[SeatHolder]] = defaultdict(list)
    for row in holders_of(space, day):
        held[row.seat_id].append(row)
    planned = sum(
        SeatPlan.objects.at(day).filter(space=space, college=ActorType.CITIZENS).values_list("seats", flat=True)
    )
    colleges = sum(seat.actor.type == ActorType.CITIZENS for seat in seats)
    found = []
    for seat in seats:
        rows = held[seat.pk]
        holders = tuple(row for row in rows if row.part == SeatHolder.Part.HOLDER)
        substitutes = tuple(row for row in rows if row.part == SeatHolder.Part.SUBSTITUTE)
        if seat.actor.type == ActorType.CITIZENS and planned > colleges and holders:
            found += [Voice(seat, row, (row,), substitutes) for row in holders]
        else:
            found.append(Voice(seat, None, holders, substitutes))
    return found


def several_of(voices: Iterable[Voice]) -> dict[int, int]:
    """How many voices each college has, where its citizens are voices of their own: seat → citizens."""
    found: dict[int, int] = defaultdict(int)
    for voice in voices:
        if voice.holder is not None:
            found[voice.seat.pk] += 1
    return dict(found)


@dataclass(frozen=True)
class Speaker:
    """A voice a person may speak for now."""

    voice: Voice
    by_substitute: bool


@dataclass
class Room:
    """Everything that says who may speak and what counts, on one day. Build it with :func:`room_of`."""

    decision: Decision
    voices: list[Voice]
    positions: list[Position]
    """All of them, the oldest first."""
    left: dict[int, str]
    """Persons who withdrew from the decision or its agenda item → why."""
    actors_out: frozenset[int]
    """Actors that withdrew as such."""
    delegated: frozenset[int]
    """Holders whose substitute may answer."""
    in_the_room: dict[int, int]
    """Seats present in the meeting → how many people."""
    by_substitutes: frozenset[int]
    """Those of them present by their substitute."""
    by_key: dict[Key, Voice] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {voice.key: voice for voice in self.voices}

    @property
    def current(self) -> list[Position]:
        """The last word of each voice, those that no longer sit included, without what waits for a second person."""
        return [row for row in self.positions if row.superseded_at is None and not row.waits]

    @property
    def waiting(self) -> list[Position]:
        return [row for row in self.positions if row.superseded_at is None and row.waits]

    def who_spoke(self, voice: Voice) -> tuple[Person | None, bool]:
        """Whose words are heard in the room for this voice, where it is one person's; whether it is the substitute."""
        by_substitute = voice.seat.pk in self.by_substitutes
        rows = voice.substitutes if by_substitute else voice.holders
        return (rows[0].person if len(rows) == 1 else None), by_substitute

    def is_out(self, voice: Voice) -> bool:
        """Withdrawn: as an actor, by its own position, or because every holder left and nobody else may answer."""
        if voice.seat.actor_id in self.actors_out:
            return True
        said = self._said().get(voice.key)
        if said is not None and said.stand == Stand.WITHDRAWN:
            return True
        if not voice.holders or not all(row.person_id in self.left for row in voice.holders):
            return False
        return said is None or said.person_id is None or said.person_id in self.left

    def _said(self) -> dict[Key, Position]:
        return {row.voice: row for row in self.current}

    def counted(self) -> dict[Key, Position]:
        """The positions that count: of a voice that still sits, and of nobody who withdrew."""
        return {
            key: row
            for key, row in self._said().items()
            if key in self.by_key
            and row.stand != Stand.WITHDRAWN
            and row.person_id not in self.left
            and not self.is_out(self.by_key[key])
        }

    def out(self) -> list[Voice]:
        return [voice for voice in self.voices if self.is_out(voice)]

    def gone(self) -> list[Position]:
        """Positions of voices that sit here no more: kept, and they do not count."""
        return [row for row in self.current if row.voice not in self.by_key]

    def silent(self) -> list[Voice]:
        """Voices that may take a position and have not."""
        counted = self.counted()
        return [voice for voice in self.voices if voice.key not in counted and not self.is_out(voice)]

    def also_present(self) -> int:
        """Voices in the room that took no position and did not withdraw."""
        answered: dict[int, int] = defaultdict(int)
        able: dict[int, int] = defaultdict(int)
        counted = self.counted()
        for voice in self.voices:
            if voice.key in counted:
                answered[voice.seat.pk] += 1
            elif not self.is_out(voice):
                able[voice.seat.pk] += 1
        return sum(min(max(people - answered[seat], 0), able[seat]) for seat, people in self.in_the_room.items())

    def result(self) -> outcome.Result:
        """The outcome if it closed now."""
        decision = self.decision
        stands = [row.stand for row in self.counted().values()] + [Stand.WITHDRAWN.value] * len(self.out())
        return outcome.decide(
            stands, rule=decision.rule, seats=len(self.voices), share_percent=decision.share_percent,
            fallback=decision.fallback, quorum=decision.quorum, also_present=self.also_present(),
        )  # fmt: skip

    def substitute_may(self, voice: Voice) -> bool:
        """The holder delegated, is away, left for a reason of their own, or there is none."""
        if voice.seat.actor_id in self.actors_out:
            return False
        if not voice.holders:
            return True
        return any(row.pk in self.delegated for row in voice.holders) or all(
            row.person_id in self.left for row in voice.holders
        )

    def speaks_for(self, person: Person) -> list[Speaker]:
        """The voices this person may speak for now: their own seats, then those of holders who let them."""
        if person.pk in self.left:
            return []
        own = [
            Speaker(voice, False)
            for voice in self.voices
            if any(row.person_id == person.pk for row in voice.holders) and voice.seat.actor_id not in self.actors_out
        ]
        seats = {speaker.voice.seat.pk for speaker in own}
        stands_in: list[Speaker] = []
        said = self._said()
        for voice in self.voices:
            if voice.seat.pk in seats or not any(row.person_id == person.pk for row in voice.substitutes):
                continue
            taken = said.get(voice.key)
            by_another = taken is not None and taken.by_substitute and taken.person_id != person.pk
            if self.substitute_may(voice) and not by_another:
                stands_in.append(Speaker(voice, True))
        return own + stands_in


def withdrawn_from(references: Iterable[str]) -> tuple[dict[int, str], frozenset[int]]:
    """The persons who left these, with their reason; the actors that left as such. One query."""
    rows = Withdrawal.objects.filter(reference__in=list(references), lifted_at=None)
    found = list(rows.values_list("person_id", "reason", "actor_id"))
    actors = frozenset(actor for _person, reason, actor in found if actor is not None and reason in OF_THE_ACTOR)
    return {person: reason for person, reason, _actor in found}, actors


def _away(decision: Decision) -> Q:
    """Holders who let their substitute answer: they said so, or will not be at the meeting of the item."""
    said = Q(pk__in=Delegation.objects.filter(decision=decision, ended_at=None).values("holder"))
    if decision.agenda_item is None:
        return said
    answers = MeetingInvitation.objects.filter(
        meeting=decision.agenda_item.meeting_id,
        answer__in=[MeetingInvitation.Answer.NO, MeetingInvitation.Answer.SUBSTITUTE],
    )
    replaced = Attendance.objects.filter(
        meeting=decision.agenda_item.meeting_id, by_substitute=True, seat__isnull=False
    )
    return said | Q(person__in=answers.values("person")) | Q(seat__in=replaced.values("seat"))


def room_of(decision: Decision, day: dt.date) -> Room:
    """The room of the decision on ``day``. A bounded number of queries, whatever the number of seats."""
    left, actors_out = withdrawn_from(decision.references)
    away = SeatHolder.objects.filter(_away(decision), seat__space=decision.space_id, part=SeatHolder.Part.HOLDER)
    present: dict[int, int] = {}
    by_substitutes: set[int] = set()
    if decision.agenda_item is not None:
        rows = Attendance.objects.filter(meeting=decision.agenda_item.meeting_id, seat__isnull=False)
        for seat, people, substitute in rows.values_list("seat_id", "people", "by_substitute"):
            present[seat] = people
            by_substitutes |= {seat} if substitute else set()
    positions = decision.positions.select_related("seat__actor", "holder__person", "person", "version")
    said = list(positions.order_by("given_at", "pk"))
    for row in said:
        row.decision = decision
    return Room(
        decision=decision,
        voices=voices_of(decision.space, day),
        positions=said,
        left=left,
        actors_out=actors_out,
        delegated=frozenset(away.values_list("pk", flat=True)),
        in_the_room=present,
        by_substitutes=frozenset(by_substitutes),
    )
