"""« Ce qui vous attend »: what waits for whoever is inside, their seats and meetings, what they are told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person, Role
from maillage.concertation.models import Meeting, MeetingInvitation, SeatHolder
from maillage.core import contributions
from maillage.core.contributions import Todo
from tests.factories import AllianceFactory, RoleFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory(slug="mrc")


@pytest.fixture
def person(alliance):
    return RoleFactory(person__alliance=alliance, person__email="ana@exemple.test").person


def enter(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def meeting_of(space, title="Rencontre de décembre", **more):
    start = timezone.now() + dt.timedelta(days=3)
    values = {"starts_at": start, "ends_at": start + dt.timedelta(hours=2), **more}
    return Meeting.objects.create(alliance=space.alliance, space=space, title=title, **values)


def test_what_waits_for_the_member_and_the_way_there(client, alliance, person, monkeypatch):
    def mine(scope, viewer, today):
        if viewer is not None and viewer.pk == person.user_id:
            yield Todo(title="Donner votre position", url="/mrc/x/", action="Répondre", key="x")

    monkeypatch.setattr(contributions.todo, "providers", [mine])
    page = enter(client, person.user).get("/mrc/moi/").content.decode()
    assert "Donner votre position" in page
    assert "Une chose vous attend." in page
    assert "/mrc/moi/" in client.get("/mrc/").content.decode(), "It is in the member's menu."
    client.logout()
    assert "/mrc/moi/" not in client.get("/mrc/").content.decode()
    other = signed_in(client, alliance, Role.Kind.MEMBER).get("/mrc/moi/").content.decode()
    assert "Donner votre position" not in other


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_everyone_inside_has_one(client, kind):
    alliance = AllianceFactory(slug="mrc", scale=Alliance.Scale.REGIONAL)
    assert signed_in(client, alliance, kind).get("/mrc/moi/").status_code == 200


def test_the_coordinator_of_the_region_is_inside_without_being_known_there(client, alliance):
    alliance.parent = AllianceFactory(scale=Alliance.Scale.REGIONAL)
    alliance.save()
    assert enter(client, user_with(alliance.parent, Role.Kind.REGIONAL)).get("/mrc/moi/").status_code == 200


def test_nobody_else(client, alliance):
    assert client.get("/mrc/moi/").status_code == 302
    assert signed_in(client, AllianceFactory()).get("/mrc/moi/").status_code == 403
    ended = user_with(alliance, Role.Kind.MEMBER, until=dt.date(2025, 1, 1))
    assert enter(client, ended).get("/mrc/moi/").status_code == 403


def test_seats_meetings_notices_and_addresses(client, alliance, person):
    space = SpaceFactory(alliance=alliance, name="Table Logement", is_public=False)
    elsewhere = SpaceFactory(alliance=alliance, name="Table Emploi")
    SeatHolder.objects.create(seat=SeatFactory(space=space, actor__name="Maison des jeunes"), person=person)
    meeting = meeting_of(space)
    MeetingInvitation.objects.create(meeting=meeting, person=person)
    meeting_of(elsewhere, "Rencontre d’ailleurs")
    meeting_of(space, "Rencontre annulée", state=Meeting.State.CANCELLED)
    links.make(person=person, purpose="notices")
    page = enter(client, person.user).get("/mrc/moi/").content.decode()
    for words in ("Table Logement", "Maison des jeunes", "Rencontre de décembre", "votre réponse est attendue"):
        assert words in page
    assert "Rencontre d’ailleurs" not in page
    assert "Rencontre annulée" not in page
    assert f"/mes-avis/{person.uuid}/" in page
    assert "1 adresse." in page


def test_as_many_queries_for_one_seat_as_for_many(client, alliance, person):
    def seat():
        space = SpaceFactory(alliance=alliance)
        SeatHolder.objects.create(seat=SeatFactory(space=space), person=person)
        MeetingInvitation.objects.create(meeting=meeting_of(space), person=person)

    enter(client, person.user)
    seat()
    client.get("/mrc/moi/")
    with CaptureQueriesContext(connection) as one:
        client.get("/mrc/moi/")
    for _number in range(12):
        seat()
    with CaptureQueriesContext(connection) as many:
        client.get("/mrc/moi/")
    assert len(many) <= len(one)


@pytest.mark.parametrize("kind", [Role.Kind.MEMBER, Role.Kind.OBSERVER, Role.Kind.EVALUATOR, None])
def test_a_provider_of_todos_gives_nothing_of_the_agents_to_the_others(alliance, kind):
    """Whoever just arrived, and nobody, have none of what waits for those who steer."""
    SpaceFactory(alliance=alliance)
    viewer = user_with(alliance, kind) if kind else None
    keys = [todo.key.split(":")[0] for todo in contributions.todo.collect(alliance, viewer, alliance.today())]
    assert set(keys) <= {"interests"}
    agent = user_with(alliance, Role.Kind.AGENT)
    assert len(list(contributions.todo.collect(alliance, agent, alliance.today()))) > len(keys)
    assert Person.objects.filter(alliance=alliance).exists()
