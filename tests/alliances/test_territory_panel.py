"""On the page of a territory: the alliances that cover it."""

import datetime as dt

import pytest

from maillage.alliances.models import AllianceTerritory
from maillage.territories.models import TerritoryMembership
from tests.factories import AllianceFactory, TerritoryFactory


@pytest.fixture
def places(db):
    region, mrc, town = (TerritoryFactory(kind=kind) for kind in ("region", "mrc", "municipality"))
    for child, parent in ((mrc, region), (town, mrc)):
        TerritoryMembership.objects.create(child=child, parent=parent, source="Essai")
    return region, mrc, town


def cover(territory, name: str, **more):
    dates = {key: more.pop(key) for key in ("since", "until") if key in more}
    alliance = AllianceFactory(name=name, **more)
    AllianceTerritory.objects.create(alliance=alliance, territory=territory, **dates)
    return alliance


def test_a_town_is_covered_by_what_covers_its_mrc_and_its_region(client, places):
    region, mrc, town = places
    cover(region, "Alliance régionale d\u2019essai")
    cover(mrc, "Alliance locale d\u2019essai")
    text = client.get(town.get_absolute_url()).content.decode()
    assert text.index("Alliance locale d\u2019essai") < text.index("Alliance régionale d\u2019essai")


def test_neither_a_closed_alliance_nor_an_ended_coverage_is_shown(client, places):
    _region, mrc, _town = places
    cover(mrc, "Alliance fermée", is_public=False)
    cover(mrc, "Alliance passée", until=dt.date(2020, 1, 1))
    text = client.get(mrc.get_absolute_url()).content.decode()
    assert "Alliance fermée" not in text
    assert "Alliance passée" not in text
    assert "alliances-ici" not in text


def test_an_alliance_of_an_mrc_is_not_said_to_cover_the_whole_region(client, places):
    region, mrc, _town = places
    cover(mrc, "Alliance locale d\u2019essai")
    assert "Alliance locale" not in client.get(region.get_absolute_url()).content.decode()
