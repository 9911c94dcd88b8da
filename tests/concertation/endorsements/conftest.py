"""The table that the tests of conflicts sit at: an actor, and the person who holds its seat."""

from __future__ import annotations

import pytest

from tests.concertation.endorsements.making import member_of, space_in
from tests.factories import ActorFactory, AllianceFactory


@pytest.fixture
def alliance():
    return AllianceFactory(slug="ici")


@pytest.fixture
def space(alliance):
    return space_in(alliance)


@pytest.fixture
def actor(alliance):
    return ActorFactory(alliance=alliance, name="Maison du Ruisseau")


@pytest.fixture
def person(space, actor):
    return member_of(space, actor=actor)
