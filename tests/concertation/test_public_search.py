"""What anyone finds follows what is open: the alliance's pages, an actor, a space, a line of the memory."""

from __future__ import annotations

import datetime as dt

import pytest

from maillage.actors import services as actors
from maillage.alliances import services as alliances
from maillage.concertation import services as spaces
from maillage.core import search
from tests.factories import AllianceFactory, user_with

pytestmark = pytest.mark.django_db
ALL = ["actor", "memory", "space"]


def public() -> list[str]:
    return sorted(hit.kind for hit in search.find("framboise").results)


@pytest.fixture
def closed():
    alliance = AllianceFactory(is_public=False)
    agent = user_with(alliance)
    actor = actors.create_actor(alliance=alliance, name="Comptoir de la framboise", by=agent)
    space = spaces.create_space(alliance=alliance, name="Table de la framboise", by=agent)
    event = alliances.remember(alliance, by=agent, on=dt.date(2024, 1, 1), title="Fête de la framboise")
    return alliance, agent, actor, space, event


def test_opening_and_closing_the_pages_of_an_alliance_reaches_everything_it_holds(closed, client):
    alliance, agent, *_rows = closed
    assert public() == []
    alliances.open_public_pages(alliance, by=agent)
    assert public() == ALL
    assert "Comptoir de la framboise" in client.get("/recherche/?q=framboise").content.decode()
    alliances.close_public_pages(alliance, by=agent)
    assert public() == []
    assert "Comptoir" not in client.get("/recherche/?q=framboise").content.decode()


def test_the_index_made_again_while_closed_is_whole_once_open(closed):
    alliance, agent, *_rows = closed
    search.rebuild()
    assert public() == []
    alliances.open_public_pages(alliance, by=agent)
    assert public() == ALL


def test_what_is_no_longer_shown_to_the_public_is_no_longer_found(closed):
    alliance, agent, actor, space, event = closed
    alliances.open_public_pages(alliance, by=agent)
    actors.update_actor(actor=actor, changes={"is_public": False}, by=agent)
    assert public() == ["memory", "space"]
    spaces.update_space(space=space, changes={"is_public": False}, by=agent)
    assert public() == ["memory"]
    alliances.update_memory(event, by=agent, is_public=False)
    assert public() == []
    inside = search.find("framboise", alliance_id=alliance.pk, include_private=True)
    assert sorted(hit.kind for hit in inside.results) == ALL
    actors.update_actor(actor=actor, changes={"is_public": True}, by=agent)
    assert public() == ["actor"]
