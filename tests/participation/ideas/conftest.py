"""Two agents and a member of one alliance."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from maillage.alliances.models import Role
from maillage.participation.ideas import ground
from tests.factories import AllianceFactory, RoleFactory


@pytest.fixture(autouse=True)
def counted_numbers(monkeypatch):
    """Numbers in order, for tests to say them; the product draws them (``test_bringing``)."""
    monkeypatch.setattr(ground, "drawn", lambda taken: max(taken, default=0) + 1)


class People(SimpleNamespace):
    def __iter__(self):
        return iter((self.agent, self.second, self.member))


@pytest.fixture
def people(db):
    alliance = AllianceFactory(is_public=True)
    users = [RoleFactory(person__alliance=alliance, kind=kind).person.user for kind in ("agent", "agent", "member")]
    assert Role.objects.count() == 3
    return People(alliance=alliance, agent=users[0], second=users[1], member=users[2])
