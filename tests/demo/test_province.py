"""The large instance: the same invariants as the services keep, in a small version of it."""

import datetime as dt

import pytest
from django.db.models import Count, F

from maillage.actors.models import Actor
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance, Role
from maillage.concertation.models import Seat
from maillage.core.models import AuditEntry
from maillage.core.text import sort_key
from maillage.demo import province, services
from tests.factories import AllianceFactory

TODAY = dt.date(2026, 11, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db, monkeypatch) -> None:
    monkeypatch.setattr(province, "ACTORS", 2_400)
    assert province.load(today=TODAY)


def test_it_covers_the_real_territories_with_fictional_alliances(loaded) -> None:
    local = Alliance.objects.filter(scale="local")
    assert local.count() == 104
    assert Alliance.objects.filter(scale="regional").count() == 17
    assert not local.filter(parent=None).exists()
    assert not Alliance.objects.filter(fictional=False).exists()
    assert local.filter(coverage__territory__kind__in=["mrc", "te"]).distinct().count() == 104
    assert Role.objects.filter(kind="agent").count() == 104


def test_every_actor_and_seat_keeps_the_rules_of_the_services(loaded) -> None:
    assert Actor.objects.count() == 2_400
    assert Seat.objects.count() == 7_200
    assert not Seat.objects.exclude(space__alliance=F("actor__alliance")).exists()
    assert not Seat.objects.filter(since__lt=F("actor__since")).exists()
    assert not Seat.objects.values("space", "actor").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert all(row.sort_key == sort_key(row.name) for row in Actor.objects.all())
    assert not Actor.objects.filter(type=ActorType.CITIZENS, organisation__isnull=False).exists()
    assert not Actor.objects.exclude(type=ActorType.CITIZENS).filter(organisation=None).exists()
    assert Actor.objects.values("organisation").annotate(n=Count("alliance", distinct=True)).filter(n__gt=1).exists()
    assert AuditEntry.objects.filter(action="actors.created").count() == 2_400
    assert AuditEntry.objects.filter(action="concertation.seat_given").count() == 7_200


def test_once_is_enough(loaded) -> None:
    assert province.load(today=TODAY) is False


def test_it_stands_beside_the_demonstration_and_leaves_with_it(loaded) -> None:
    services.load(today=TODAY)
    services.reset(today=TODAY)
    assert Alliance.objects.count() == 4


def test_it_refuses_where_anything_is_real(db) -> None:
    AllianceFactory()
    with pytest.raises(services.DemoRefused, match="vraies alliances"):
        province.load(today=TODAY)


def test_it_refuses_in_production(settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(services.DemoRefused):
        province.load(today=TODAY)


@pytest.mark.parametrize(("total", "parts"), [(20_000, 104), (2_400, 104), (500, 10)])
def test_the_sizes_add_up(total, parts) -> None:
    import random

    sizes = province.split(total, parts, random.Random(1))
    assert sum(sizes) == total
    assert min(sizes) >= 0
