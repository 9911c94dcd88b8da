import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.concertation import services
from maillage.concertation.models import Seat, Space
from maillage.core.models import AuditEntry
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)
LAST_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def test_a_space_is_created_changed_and_ended(alliance, agent):
    space = services.create_space(alliance=alliance, name="Table Logement", by=agent, since=LAST_YEAR)
    services.update_space(space=space, changes={"purpose": "Loger tout le monde.", "kind": "committee"}, by=agent)
    services.end_space(space=space, on=DAY, by=agent)
    space.refresh_from_db()
    assert (space.kind, space.until) == ("committee", DAY)
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["concertation.space_created"] + ["concertation.space_updated"] * 2


def test_a_space_is_never_part_of_itself_nor_of_another_alliance(alliance, agent):
    top = SpaceFactory(alliance=alliance)
    below = SpaceFactory(alliance=alliance, parent=top)
    for parent in (top, below, SpaceFactory()):
        with pytest.raises(ValidationError):
            services.update_space(space=top, changes={"parent": parent}, by=agent)
    with pytest.raises(ValidationError):
        services.create_space(alliance=alliance, name="Comité", parent=SpaceFactory(), by=agent)
    assert not Space.objects.filter(name="Comité").exists()


def test_an_end_never_comes_before_the_beginning(alliance, agent):
    space = SpaceFactory(alliance=alliance, since=DAY)
    with pytest.raises(ValidationError):
        services.end_space(space=space, on=LAST_YEAR, by=agent)
    seat = SeatFactory(space=space, since=DAY)
    with pytest.raises(ValidationError):
        services.end_seat(seat=seat, on=LAST_YEAR, by=agent)


def test_an_actor_sits_once_at_a_time_and_may_come_back(alliance, agent):
    space, actor = SpaceFactory(alliance=alliance), ActorFactory(alliance=alliance)
    seat = services.seat_actor(space=space, actor=actor, by=agent, category="Membres actifs")
    for since in (None, LAST_YEAR, DAY):
        with pytest.raises(ValidationError):
            services.seat_actor(space=space, actor=actor, by=agent, since=since)
    services.end_seat(seat=seat, on=LAST_YEAR, by=agent)
    services.seat_actor(space=space, actor=actor, by=agent, since=DAY)
    with pytest.raises(ValidationError):
        services.seat_actor(space=space, actor=actor, by=agent, since=LAST_YEAR)
    services.seat_actor(space=space, actor=actor, by=agent, since=LAST_YEAR, until=DAY)
    assert Seat.objects.count() == 3


def test_only_actors_of_the_alliance_that_still_stand_get_a_seat(alliance, agent):
    space = SpaceFactory(alliance=alliance)
    kept = ActorFactory(alliance=alliance)
    for actor in (ActorFactory(), ActorFactory(alliance=alliance, merged_into=kept)):
        with pytest.raises(ValidationError):
            services.seat_actor(space=space, actor=actor, by=agent)


@pytest.mark.parametrize(
    "kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer", "stranger"]
)
def test_who_may_not_change_spaces(alliance, kind):
    user = user_with(AllianceFactory()) if kind == "stranger" else user_with(alliance, kind)
    space = SpaceFactory(alliance=alliance)
    seat = SeatFactory(space=space)
    for attempt in (
        lambda: services.create_space(alliance=alliance, name="A", by=user),
        lambda: services.update_space(space=space, changes={"name": "B"}, by=user),
        lambda: services.end_space(space=space, on=DAY, by=user),
        lambda: services.seat_actor(space=space, actor=ActorFactory(alliance=alliance), by=user),
        lambda: services.end_seat(seat=seat, on=DAY, by=user),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
