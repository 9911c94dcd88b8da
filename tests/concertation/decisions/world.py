"""A table with its seats and people, for the tests of decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from maillage.accounts.models import User
from maillage.alliances.models import Alliance, Person, Role
from maillage.concertation.decisions import services
from maillage.concertation.decisions.voices import room_of
from maillage.concertation.models import Decision, Seat, SeatHolder, Space
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory, SeatFactory, SpaceFactory

NOW = dt.datetime(2026, 11, 12, 19, 0, tzinfo=dt.UTC)
"""Two in the afternoon, in the alliance."""
LATER = NOW + dt.timedelta(days=7)
SITE = "https://essai.test"
TEXT = "Que l’Alliance crée un fonds de 45 000 $."


def member(alliance: Alliance, **fields: Any) -> Person:
    person: Person = PersonFactory(alliance=alliance, **fields)
    RoleFactory(person=person, kind=Role.Kind.MEMBER)
    person.email = person.email or f"p{person.pk}@exemple.test"
    person.save()
    return person


def hold(seat: Seat, person: Person, part: str = SeatHolder.Part.HOLDER, **fields: Any) -> SeatHolder:
    return SeatHolder.objects.create(seat=seat, person=person, part=part, **fields)


@dataclass
class Table:
    """A space with ``n`` members who each hold a seat, an agent, and a decision to come."""

    alliance: Alliance
    space: Space
    agent: User
    seats: list[Seat]
    people: list[Person]
    decision: Decision = field(init=False)

    def open(self, **fields: Any) -> Decision:
        fields.setdefault("closes_at", LATER)
        fields.setdefault("rule", "consensus")
        made = services.create_decision(
            space=self.space, title="Un fonds d’aide au premier loyer", text=TEXT, by=self.agent, now=NOW, **fields
        )
        self.decision = services.open_decision(decision=made, by=self.agent, now=NOW, site=SITE)
        return self.decision

    def say(self, index: int, stand: str, why: str = "", **fields: Any) -> Any:
        person = self.people[index]
        fields.setdefault("now", NOW + dt.timedelta(hours=1))
        return services.take_position(
            decision=self.decision, key=fields.pop("key", (self.seats[index].pk, None)), person=person, stand=stand,
            why=why or ("Trop bas." if stand == "objection" else ""), by=person.user, **fields,
        )  # fmt: skip

    def close(self, **fields: Any) -> Decision:
        fields.setdefault("now", NOW + dt.timedelta(hours=2))
        self.decision = services.close_decision(decision=self.decision, by=self.agent, site=SITE, **fields)
        return self.decision

    def room(self) -> Any:
        return room_of(self.decision, self.alliance.today(NOW))


def table(n: int = 5, **fields: Any) -> Table:
    alliance = fields.pop("alliance", None) or AllianceFactory()
    space = SpaceFactory(alliance=alliance, name="Table Logement")
    agent = RoleFactory(person__alliance=alliance, kind=Role.Kind.AGENT).person.user
    seats = [
        SeatFactory(space=space, actor=ActorFactory(alliance=alliance, name=f"Acteur {index:02}", type="community"))
        for index in range(n)
    ]
    people = [member(alliance) for _seat in seats]
    for seat, person in zip(seats, people, strict=True):
        hold(seat, person)
    return Table(alliance, space, agent, seats, people)
