"""Meetings and their agenda, for the tests of notes, minutes and tasks."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from maillage.actors.models import Withdrawal
from maillage.alliances.models import Role
from maillage.concertation.models import AgendaItem, Decision, Meeting, SeatHolder
from tests.factories import PersonFactory, RoleFactory, SeatFactory, SpaceFactory

STARTS = dt.datetime(2026, 11, 12, 18, 30, tzinfo=dt.UTC)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    space = factory.SubFactory(SpaceFactory)
    alliance = factory.SelfAttribute("space.alliance")
    title = factory.Sequence(lambda n: f"Rencontre {n}")
    starts_at = STARTS
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(hours=2))


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.Sequence(int)
    title = factory.Sequence(lambda n: f"Point {n}")


class HolderFactory(DjangoModelFactory):
    class Meta:
        model = SeatHolder
        skip_postgeneration_save = True

    seat = factory.SubFactory(SeatFactory)
    person = factory.SubFactory(PersonFactory, alliance=factory.SelfAttribute("..seat.space.alliance"))

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        """Whoever holds a seat is a member."""
        if create and not self.person.roles.exists():
            RoleFactory(person=self.person, kind=Role.Kind.MEMBER)


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    space = factory.SubFactory(SpaceFactory)
    alliance = factory.SelfAttribute("space.alliance")
    title = factory.Sequence(lambda n: f"Proposition {n}")
    sort_key = ""


def withdraw(person, thing) -> Withdrawal:
    return Withdrawal.objects.create(
        alliance=person.alliance, person=person, reference=thing.reference, reason=Withdrawal.Reason.DECLARED
    )
