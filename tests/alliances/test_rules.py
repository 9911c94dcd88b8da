"""Who may do what: every permission, for every role, in every state of it."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.alliances import rules  # noqa: F401  (registers the permissions)
from maillage.alliances.models import Role
from maillage.core.access import may
from tests.factories import AllianceFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db

PUBLIC = {"alliances.view"}
INSIDE = PUBLIC | {"alliances.view_inside"}
READS = INSIDE | {"alliances.oversee", "alliances.read_journal", "alliances.hand_over", "alliances.appoint"}
STEERS = READS | {
    "alliances.steer",
    "alliances.edit",
    "alliances.rename",
    "alliances.publish",
    "alliances.manage_cycle",
    "alliances.manage_people",
    "alliances.delegate",
    "alliances.remember",
    "alliances.manage_terms",
    "alliances.read_children",
}
EVERY = STEERS | {"alliances.create"}

MATRIX = {
    "nobody": PUBLIC,
    "account without role": PUBLIC,
    "operator": PUBLIC | {"alliances.create", "alliances.appoint"},
    "agent": STEERS,
    "member": INSIDE,
    "evaluator": INSIDE,
    "elected": INSIDE,
    "accompanying": INSIDE,
    "treasurer": INSIDE,
    "observer": INSIDE,
    "coordinator of the region": READS,
    "agent of the region": PUBLIC,
    "agent of a sister": PUBLIC,
    "member whose role is over": PUBLIC,
    "agent whose role ends today": PUBLIC,
    "agent whose role begins tomorrow": PUBLIC,
    "agent until tomorrow": STEERS,
    "agent of a closed account": set(),
    "agent who was erased": PUBLIC,
}


def reader(case, alliance, region, sister):
    today = alliance.today()
    day = dt.timedelta(days=1)
    special = {
        "nobody": lambda: AnonymousUser(),
        "account without role": lambda: UserFactory(),
        "operator": lambda: UserFactory(is_operator=True),
        "coordinator of the region": lambda: user_with(region, Role.Kind.REGIONAL),
        "agent of the region": lambda: user_with(region),
        "agent of a sister": lambda: user_with(sister),
        "member whose role is over": lambda: user_with(alliance, Role.Kind.MEMBER, until=today - day),
        "agent whose role ends today": lambda: user_with(alliance, until=today),
        "agent whose role begins tomorrow": lambda: user_with(alliance, since=today + day),
        "agent until tomorrow": lambda: user_with(alliance, until=today + day),
    }
    if case in special:
        return special[case]()
    if case == "agent of a closed account":
        user = user_with(alliance)
        user.is_active = False
        user.save()
        return user
    if case == "agent who was erased":
        user = user_with(alliance)
        user.persons.update(erased_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        return user
    return user_with(alliance, case)


@pytest.mark.parametrize("case", MATRIX)
def test_matrix(case):
    region = AllianceFactory(scale="regional")
    alliance, sister = AllianceFactory(parent=region), AllianceFactory(parent=region)
    user = reader(case, alliance, region, sister)
    assert {perm for perm in EVERY if may(user, perm, alliance)} == MATRIX[case]


def test_the_coordinator_steers_the_regional_alliance_itself():
    region = AllianceFactory(scale="regional")
    user = user_with(region, Role.Kind.REGIONAL)
    assert {perm for perm in EVERY if may(user, perm, region)} == STEERS


@pytest.mark.parametrize("case", ["nobody", "account without role", "operator", "agent of a sister"])
def test_a_closed_alliance_shows_nothing_outside(case):
    region = AllianceFactory(scale="regional")
    alliance, sister = AllianceFactory(parent=region, is_public=False), AllianceFactory(parent=region)
    assert not may(reader(case, alliance, region, sister), "alliances.view", alliance)


def test_a_role_follows_the_date_of_its_own_alliance():
    """At 23 h 30 in Toronto it is already the next day in Halifax: the same role has ended there."""
    import time_machine

    toronto = AllianceFactory(time_zone="America/Toronto")
    halifax = AllianceFactory(time_zone="America/Halifax")
    users = [user_with(place, until=dt.date(2026, 11, 21)) for place in (toronto, halifax)]
    with time_machine.travel(dt.datetime(2026, 11, 21, 4, 30, tzinfo=dt.UTC), tick=False):
        assert toronto.today() == dt.date(2026, 11, 20)
        assert halifax.today() == dt.date(2026, 11, 21)
        assert may(users[0], "alliances.steer", toronto)
        assert not may(users[1], "alliances.steer", halifax)
