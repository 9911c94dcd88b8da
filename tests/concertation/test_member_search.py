"""Search finds what each reader may read: members their own tables, nobody another's, never what they withdrew from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from maillage.actors.interests import services as interests
from maillage.alliances.models import Role
from maillage.concertation import services as spaces
from maillage.concertation.decisions import services as decisions
from maillage.concertation.meetings import agenda
from maillage.concertation.meetings import services as meetings
from maillage.concertation.models import Facilitation, MeetingInvitation, SeatHolder
from maillage.core import search
from tests.concertation.decisions.world import hold, member, table
from tests.factories import ActorFactory, AllianceFactory, RoleFactory, SeatFactory, SpaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def t():
    """A table with a draft decision about the « framboise », and a private meeting with a point about the « mûre »."""
    t = table(2)
    now = timezone.now()
    t.decision = decisions.create_decision(
        space=t.space, title="La framboise partagée", text="Que la groseille soit servie.", by=t.agent, now=now,
        rule="consensus",
    )  # fmt: skip
    t.meeting = meetings.create_meeting(
        space=t.space, title="Rencontre close", starts_at=now + dt.timedelta(days=3), is_public=False,
        ends_at=now + dt.timedelta(days=3, hours=2), by=t.agent,
    )  # fmt: skip
    (t.item,) = agenda.add_items(
        meeting=t.meeting, items=[{"title": "La mûre sauvage", "preparation": "Lire le cassis."}], by=t.agent, now=now
    )
    return t


def found(client, t, user, text):
    if user is None:
        client.logout()
    else:
        client.force_login(user)
    page = client.get(f"/{t.alliance.slug}/recherche/", {"q": text})
    everywhere = client.get("/recherche/", {"q": text})
    assert everywhere.status_code == 200
    assert everywhere.context["total"] == 0, "what is not public is never found across the instance"
    return page.context["total"] if page.status_code == 200 else 0


WORDS = ("framboise", "groseille", "mûre", "cassis", "close")


def counts(client, t, user):
    return [found(client, t, user, word) for word in WORDS]


HERS = [1, 1, 1, 1, 2]
"""« close » is in the title of the meeting, and in the text of its point."""


def test_a_member_finds_what_is_not_public_of_her_own_space(client, t):
    assert counts(client, t, t.people[0].user) == HERS


def test_those_who_steer_and_oversee_find_it_too(client, t):
    assert counts(client, t, t.agent) == HERS
    regional = RoleFactory(person__alliance=t.alliance, kind=Role.Kind.REGIONAL).person.user
    assert counts(client, t, regional) == HERS


def test_nobody_else_does(client, t):
    other_space = SeatFactory(space=SpaceFactory(alliance=t.alliance), actor=ActorFactory(alliance=t.alliance))
    of_other_space = member(t.alliance)
    hold(other_space, of_other_space)
    elsewhere = table(1)
    past = member(t.alliance)
    hold(t.seats[0], past, part="substitute", since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1))
    for user in (
        None, of_other_space.user, member(t.alliance).user, past.user, elsewhere.people[0].user, elsewhere.agent,
        RoleFactory(person__alliance=t.alliance, kind=Role.Kind.TREASURER).person.user,
    ):  # fmt: skip
        assert counts(client, t, user) == [0, 0, 0, 0, 0], user


def test_her_role_ended_she_finds_no_more(client, t):
    Role.objects.filter(person=t.people[0]).update(until=t.alliance.today())
    assert counts(client, t, t.people[0].user) == [0, 0, 0, 0, 0]


def test_whoever_withdrew_does_not_find_it(client, t):
    person = t.people[0]
    now = timezone.now()
    interests.withdraw(person=person, reference=t.item.reference, reason="other", by=person.user, now=now)
    assert counts(client, t, person.user) == [1, 1, 0, 0, 1]
    interests.withdraw(person=person, reference=t.decision.reference, reason="other", by=person.user, now=now)
    assert counts(client, t, person.user) == [0, 0, 0, 0, 1]
    assert counts(client, t, t.people[1].user) == HERS


def test_a_guest_finds_the_meeting_and_its_points_and_nothing_else_of_the_space(client, t):
    guest = member(t.alliance)
    MeetingInvitation.objects.create(meeting=t.meeting, person=guest)
    assert counts(client, t, guest.user) == [0, 0, 1, 1, 2]


def test_whoever_leads_the_space_finds_its_decisions(client, t):
    leader = member(t.alliance)
    Facilitation.objects.create(space=t.space, actor=t.seats[0].actor, person=leader, since=dt.date(2026, 1, 1))
    assert counts(client, t, leader.user)[:2] == [1, 1]


def test_everything_that_changes_it_is_followed(client, t):
    user, now = t.people[0].user, timezone.now()
    agenda.update_item(item=t.item, changes={"title": "Le bleuet"}, by=t.agent, now=now)
    assert (found(client, t, user, "mûre"), found(client, t, user, "bleuet")) == (0, 1)
    agenda.remove_item(item=t.item, by=t.agent, now=now)
    assert found(client, t, user, "bleuet") == 0
    decisions.update_decision(decision=t.decision, changes={"title": "Le pimbina"}, by=t.agent, now=now)
    assert (found(client, t, user, "framboise"), found(client, t, user, "pimbina")) == (0, 1)
    decisions.open_decision(
        decision=t.decision, by=t.agent, now=now, site="https://essai.test", closes_at=now + dt.timedelta(days=7)
    )
    decisions.amend(
        decision=t.decision, text="Que la camerise soit servie.", why="Mieux.", by=t.agent, now=now,
        site="https://essai.test",
    )  # fmt: skip
    assert (found(client, t, user, "groseille"), found(client, t, user, "camerise")) == (0, 1)


def test_what_becomes_public_is_found_by_everyone_and_back(t):
    def public(text):
        return search.find(text, alliance_id=t.alliance.pk).total

    agenda.update_item(item=t.item, changes={"is_public": True}, by=t.agent, now=timezone.now())
    assert public("mûre") == 0
    meetings.update_meeting(meeting=t.meeting, changes={"is_public": True}, by=t.agent, now=timezone.now())
    assert (public("mûre"), public("close")) == (1, 2)
    spaces.update_space(space=t.space, changes={"is_public": False}, by=t.agent)
    assert (public("mûre"), public("close")) == (0, 0)


def test_a_point_even_public_is_not_found_by_whoever_withdrew_from_it(client, t):
    now, person = timezone.now(), t.people[0]
    agenda.update_item(item=t.item, changes={"is_public": True}, by=t.agent, now=now)
    meetings.update_meeting(meeting=t.meeting, changes={"is_public": True}, by=t.agent, now=now)
    interests.withdraw(person=person, reference=t.item.reference, reason="other", by=person.user, now=now)
    client.force_login(person.user)
    for address in (f"/{t.alliance.slug}/recherche/", "/recherche/"):
        assert client.get(address, {"q": "mûre"}).context["total"] == 0
    client.logout()
    assert client.get("/recherche/", {"q": "mûre"}).context["total"] == 1


def test_the_index_made_again_says_the_same(client, t):
    search.rebuild()
    assert counts(client, t, t.people[0].user) == HERS
    assert counts(client, t, None) == [0, 0, 0, 0, 0]


def test_as_many_queries_for_one_seat_as_for_twenty(client, t, django_assert_max_num_queries):
    person = t.people[0]

    def queries():
        client.force_login(person.user)
        with django_assert_max_num_queries(60) as seen:
            assert client.get(f"/{t.alliance.slug}/recherche/", {"q": "framboise"}).context["total"] >= 1
        return len(seen.captured_queries)

    one = queries()
    for n in range(20):
        space = SpaceFactory(alliance=t.alliance)
        hold(SeatFactory(space=space, actor=ActorFactory(alliance=t.alliance)), person)
        decisions.create_decision(
            space=space, title=f"Framboise {n}", text="Oui.", by=t.agent, now=timezone.now(), rule="consensus"
        )
    assert queries() == one
    assert SeatHolder.objects.filter(person=person).count() == 21


def test_groups_of_nobody_and_of_another_alliance_are_empty(t):
    from django.contrib.auth.models import AnonymousUser

    today = t.alliance.today()
    assert search.groups_of(t.alliance, AnonymousUser(), today) == frozenset()
    assert search.groups_of(AllianceFactory(), t.agent, today) == frozenset()


def test_a_change_of_name_of_a_space_does_not_read_its_agendas_again(t, django_assert_max_num_queries):
    def queries(**changes):
        t.space.refresh_from_db()
        with django_assert_max_num_queries(80) as seen:
            spaces.update_space(space=t.space, changes=changes, by=t.agent)
        return seen.captured_queries

    def agendas(seen):
        return [query for query in seen if 'FROM "concertation_agendaitem"' in query["sql"]]

    seen = queries(name="Table du verger")
    assert agendas(seen) == []
    assert search.find("verger", alliance_id=t.alliance.pk).total == 1
    assert agendas(queries(is_public=False)) == [], "its only meeting was not public already"
    for n in range(20):
        meeting = meetings.create_meeting(
            space=t.space, title=f"Rencontre {n}", starts_at=timezone.now() + dt.timedelta(days=n + 9), by=t.agent,
            ends_at=timezone.now() + dt.timedelta(days=n + 9, hours=2),
        )  # fmt: skip
        agenda.add_items(meeting=meeting, items=[{"title": "Abricot"}], by=t.agent, now=timezone.now())
    assert len(queries(name="Table du jardin")) == len(seen)
    assert search.find("abricot", alliance_id=t.alliance.pk).total == 0
    queries(is_public=True)
    assert search.find("abricot", alliance_id=t.alliance.pk).total == 20
