"""Rows of how spaces work, for tests."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from maillage.concertation.models import SeatHolder, SeatPlan, SpaceLink, SpaceSetting
from tests.factories import PersonFactory, SeatFactory, SpaceFactory


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
