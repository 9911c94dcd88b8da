"""Savoir d'expérience: promised, kept meeting by meeting, never about a person."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.alliances.models import Person
from maillage.concertation.governance import services
from maillage.concertation.governance.selectors.conditions import conditions_of, kept_in, promises_of, unnoted
from maillage.concertation.models import ConditionKept
from tests.concertation.governance.factories import ConditionOfferFactory, HeldMeetingFactory, SeatHolderFactory
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
OLD, NEW, TODAY = dt.date(2024, 3, 1), dt.date(2026, 2, 1), dt.date(2026, 11, 20)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def meetings(space, count, **values):
    begin = dt.datetime(2026, 3, 3, 14, tzinfo=dt.UTC)
    return [
        HeldMeetingFactory(space=space, starts_at=begin + dt.timedelta(days=14 * n), **values) for n in range(count)
    ]


def of(space, code="peers", **values):
    found = conditions_of(space, TODAY, inside=True, **values)
    return next(one for one in found.conditions if one.code == code)


def test_promises_are_dated_and_replaced(space, agent):
    promise = services.promise_conditions
    promise(space=space, promised={"peers": "Deux sièges", "ally": ""}, by=agent, since=OLD)
    promise(space=space, promised={"peers": "Quatre sièges", "costs": ""}, by=agent, since=NEW)
    told = lambda day: {code: row.note for code, row in promises_of(space, day).items()}  # noqa: E731
    assert told(dt.date(2024, 11, 20)) == {"peers": "Deux sièges", "ally": ""}
    assert told(TODAY) == {"peers": "Quatre sièges", "costs": ""}
    with pytest.raises(ValidationError):
        promise(space=space, promised={"inconnue": ""}, by=agent, since=TODAY)


def test_kept_not_kept_and_not_known(space, agent):
    ConditionOfferFactory(space=space, code="peers", since=OLD)
    rows = meetings(space, 5)
    for row, value in zip(rows, (True, True, False, True, None), strict=True):
        services.keep_conditions(meeting=row, kept={"peers": value}, by=agent)
    found = of(space)
    assert (found.meetings, found.kept, found.missed, found.unknown, found.share) == (5, 3, 1, 1, 0.75)


def test_too_few_meetings_give_no_share(space, agent, client, alliance):
    ConditionOfferFactory(space=space, code="peers", since=OLD)
    for row in meetings(space, 2):
        services.keep_conditions(meeting=row, kept={"peers": True}, by=agent)
    assert of(space).share is None
    page = client.get(reverse("concertation_in:conditions", args=[alliance.slug, space.uuid])).content.decode()
    assert "Pas assez de données" in page


def test_meetings_before_the_promise_do_not_count_nor_planned_ones(space, agent):
    ConditionOfferFactory(space=space, code="peers", since=dt.date(2026, 3, 15))
    meetings(space, 2)
    meetings(space, 1, state="planned")
    meetings(space, 1, state="cancelled")
    assert of(space).meetings == 1


def test_saying_it_again_corrects_and_unknown_takes_it_back(space, agent):
    [row] = meetings(space, 1)
    services.keep_conditions(meeting=row, kept={"peers": True, "ally": False}, by=agent, notes={"ally": "En retard"})
    services.keep_conditions(meeting=row, kept={"peers": None}, by=agent)
    assert list(ConditionKept.objects.values_list("code", "kept", "note")) == [("ally", False, "En retard")]
    with pytest.raises(ValidationError):
        services.keep_conditions(meeting=row, kept={"inconnue": True}, by=agent)


def test_who_may_say_it_the_agent_and_whoever_holds_a_citizens_seat(space, alliance, agent):
    [row] = meetings(space, 1)
    peer, other = user_with(alliance, "member"), user_with(alliance, "member")
    for user, type_ in ((peer, "citizens"), (other, "institution")):
        seat = SeatFactory(space=space, actor=ActorFactory(alliance=alliance, type=type_))
        SeatHolderFactory(seat=seat, person=Person.objects.get(user=user))
    services.keep_conditions(meeting=row, kept={"peers": True}, by=peer)
    for user in (other, None, user_with(alliance, "observer"), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            services.keep_conditions(meeting=row, kept={"peers": False}, by=user)


def test_meetings_that_wait_to_be_noted(space, agent):
    rows = [HeldMeetingFactory(space=space, starts_at=dt.datetime(2026, 11, day, 14, tzinfo=dt.UTC)) for day in (3, 10)]
    assert unnoted([space], TODAY) == []
    ConditionOfferFactory(space=space)
    services.keep_conditions(meeting=rows[0], kept={"peers": True}, by=agent)
    assert unnoted([space], TODAY) == [rows[1]]


def test_over_the_alliance(space, alliance, agent):
    for row in meetings(space, 3):
        services.keep_conditions(meeting=row, kept={"peers": True, "ally": False}, by=agent)
    assert kept_in(alliance, TODAY, since=OLD) == (3, 6)
    assert kept_in(alliance, TODAY, since=dt.date(2026, 3, 10)) == (2, 4)


def test_the_pages(client, alliance, space, agent):
    signed_in(client, alliance)
    address = reverse("concertation_in:conditions", args=[alliance.slug, space.uuid])
    asked = {"peers": "on", "peers_how": "Deux sièges", "since": "2026-02-01"}
    assert "Deux sièges" in client.post(address, asked, follow=True).content.decode()
    rows = meetings(space, 3)
    for row in rows:
        where = reverse("concertation_in:conditions_kept", args=[alliance.slug, row.uuid])
        assert "Au moins deux pairs" in client.get(where).content.decode()
        client.post(where, {"conditions-peers": "yes"})
    client.logout()
    page = client.get(address).content.decode()
    assert "3 sur 3" in page
    assert page.count('datetime="') == 0
    assert client.post(address, asked).status_code == 403


def test_a_meeting_hidden_from_the_public_is_not_listed_there(client, alliance, space, agent):
    ConditionOfferFactory(space=space)
    meetings(space, 1, is_public=False)
    assert conditions_of(space, TODAY, inside=False).lines == []
    assert len(conditions_of(space, TODAY, inside=True).lines) == 1


def test_a_meeting_without_any_promise_has_no_form(client, alliance, space):
    [row] = meetings(space, 1)
    address = reverse("concertation_in:conditions_kept", args=[alliance.slug, row.uuid])
    assert signed_in(client, alliance).get(address).status_code == 404


def test_what_was_kept_is_noted_from_the_page_of_the_meeting(client, space, agent):
    (meeting,) = meetings(space, 1)
    note = reverse("concertation_in:conditions_kept", args=[space.alliance.slug, meeting.uuid])
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    assert note not in client.get(meeting.get_absolute_url()).content.decode()
    ConditionOfferFactory(space=space, code="peers", since=OLD)
    assert note in client.get(meeting.get_absolute_url()).content.decode()
    assert client.get(note).status_code == 200
    member = user_with(space.alliance, "member")
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert note not in client.get(meeting.get_absolute_url()).content.decode()
