"""Rows of this part, for tests."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation, SeatHolder
from tests.factories import PersonFactory, SeatFactory, SpaceFactory


class MeetingFactory(DjangoModelFactory):
    """A meeting of two hours, on 10 December 2026 at 13:30 in Toronto."""

    class Meta:
        model = Meeting

    space = factory.SubFactory(SpaceFactory)
    alliance = factory.SelfAttribute("space.alliance")
    title = factory.Sequence(lambda n: f"Rencontre {n}")
    starts_at = dt.datetime(2026, 12, 10, 18, 30, tzinfo=dt.UTC)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(hours=2))


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MeetingFactory)
    title = factory.Sequence(lambda n: f"Point {n}")
    position = factory.LazyAttribute(lambda row: row.meeting.items.count() + 1)


class HolderFactory(DjangoModelFactory):
    """A person with an account who holds a seat of ``space``."""

    class Meta:
        model = SeatHolder

    class Params:
        space = factory.SubFactory(SpaceFactory)

    seat = factory.SubFactory(SeatFactory, space=factory.SelfAttribute("..space"))
    person = factory.SubFactory(PersonFactory, alliance=factory.SelfAttribute("..space.alliance"))


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = MeetingInvitation

    meeting = factory.SubFactory(MeetingFactory)
    person = factory.SubFactory(PersonFactory, alliance=factory.SelfAttribute("..meeting.alliance"))
