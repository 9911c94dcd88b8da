"""Rows of how spaces work, for tests."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from maillage.concertation.models import (
    Charter,
    ConditionOffer,
    DecisionStep,
    Facilitation,
    Meeting,
    Obstacle,
    SeatHolder,
    SeatPlan,
    SpaceLink,
    SpaceSetting,
)
from tests.factories import ActorFactory, PersonFactory, SeatFactory, SpaceFactory


class SpaceSettingFactory(DjangoModelFactory):
    class Meta:
        model = SpaceSetting

    space = factory.SubFactory(SpaceFactory)


class SpaceLinkFactory(DjangoModelFactory):
    class Meta:
        model = SpaceLink

    space = factory.SubFactory(SpaceFactory)
    other = factory.SubFactory(SpaceFactory, alliance=factory.SelfAttribute("..space.alliance"))
    kind = SpaceLink.Kind.REPORTS_TO


class SeatPlanFactory(DjangoModelFactory):
    class Meta:
        model = SeatPlan

    space = factory.SubFactory(SpaceFactory)
    college = "citizens"
    seats = 2


class SeatHolderFactory(DjangoModelFactory):
    class Meta:
        model = SeatHolder

    seat = factory.SubFactory(SeatFactory)
    person = factory.SubFactory(PersonFactory, alliance=factory.SelfAttribute("..seat.space.alliance"), user=None)


class FacilitationFactory(DjangoModelFactory):
    class Meta:
        model = Facilitation

    space = factory.SubFactory(SpaceFactory)
    actor = factory.SubFactory(ActorFactory, alliance=factory.SelfAttribute("..space.alliance"))


class ConditionOfferFactory(DjangoModelFactory):
    class Meta:
        model = ConditionOffer

    space = factory.SubFactory(SpaceFactory)
    code = "peers"


class HeldMeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    space = factory.SubFactory(SpaceFactory)
    alliance = factory.SelfAttribute("space.alliance")
    title = "Rencontre"
    state = Meeting.State.HELD
    starts_at = dt.datetime(2026, 10, 6, 13, 0, tzinfo=dt.UTC)
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + dt.timedelta(hours=2))


class CharterFactory(DjangoModelFactory):
    class Meta:
        model = Charter

    space = factory.SubFactory(SpaceFactory)
    number = 1
    text = "## Ensemble\n\nChaque personne parle à son tour."


class ObstacleFactory(DjangoModelFactory):
    class Meta:
        model = Obstacle

    space = factory.SubFactory(SpaceFactory)
    code = "resources"
    words = "Il manque de temps."


class DecisionStepFactory(DjangoModelFactory):
    class Meta:
        model = DecisionStep

    space = factory.SubFactory(SpaceFactory)
    alliance = factory.SelfAttribute("space.alliance")
    scale = "mrc"
    part = "decides"
