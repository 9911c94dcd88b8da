"""Calendars, read by two programs' own parsers: icalendar and ics."""

import datetime as dt

import icalendar
import ics
import pytest
from django.urls import reverse

from maillage.actors.interests.selectors import forget
from maillage.actors.models import Withdrawal
from maillage.alliances.models import PersonLink, Role
from maillage.concertation.meetings import calendars, series, services
from maillage.concertation.models import Meeting
from tests.concertation.meetings.factories import HolderFactory, InvitationFactory, ItemFactory, MeetingFactory
from tests.factories import AllianceFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 10, 20, 15, 0, tzinfo=dt.UTC)
SITE = "https://exemple.test"
BACKEND = "django.contrib.auth.backends.ModelBackend"
AWKWARD = "Logement; loyer, « bail » \\ été\nde 2026 " + "é" * 100


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres", name="Alliance des Rivières")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def feed(client, alliance, space=None, **headers):
    args = [alliance.slug, space.uuid] if space else [alliance.slug]
    return client.get(
        reverse(f"concertation_in:calendar_{'space' if space else 'alliance'}", args=args), headers=headers
    )


def events(content):
    """``{uid: (begin, end, summary)}`` as each of the two parsers reads it."""
    by_icalendar = {
        str(event["UID"]): (event.decoded("DTSTART"), event.decoded("DTEND"), str(event["SUMMARY"]))
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
    }
    by_ics = {
        event.uid: (event.begin.datetime, event.end.datetime, event.name)
        for event in ics.Calendar(content.decode()).events
    }
    return by_icalendar, by_ics


# What two parsers read


def test_both_parsers_read_the_same_instants_across_the_change_of_hour(client, alliance, agent, space):
    made = series.create_series(
        space=space, title="Table Logement", every="week", first=dt.date(2026, 10, 22), at=dt.time(13, 30),
        minutes=120, until=dt.date(2026, 11, 12), by=agent,
    )  # fmt: skip
    night = services.create_meeting(
        space=space, title="Nuit", by=agent,
        starts_at=services.instant(dt.date(2026, 10, 31), dt.time(23), alliance),
        ends_at=services.instant(dt.date(2026, 11, 1), dt.time(3), alliance),
    )  # fmt: skip
    response = feed(client, alliance)
    wanted = {
        f"{row.uuid}@maillage": (row.starts_at, row.ends_at)
        for row in [*made.meetings.all(), night]
    }  # fmt: skip
    for read in events(response.content):
        assert {uid: found[:2] for uid, found in read.items()} == wanted
    local = {begin.astimezone(alliance.zone).strftime("%H:%M") for begin, _end in wanted.values()}
    assert local == {"13:30", "23:00"}
    begin, end = wanted[f"{night.uuid}@maillage"]
    assert end - begin == dt.timedelta(hours=5)


def test_awkward_texts_come_back_whole_from_both_parsers(client, alliance, agent, space):
    title = AWKWARD.replace("\n", " ")
    MeetingFactory(space=space, title=title, place="Salle B; 2e étage, à droite", introduction=AWKWARD)
    content = feed(client, alliance).content
    [event] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    [other] = ics.Calendar(content.decode()).events
    for summary, place, text in (
        (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["DESCRIPTION"])),
        (other.name, other.location, other.description),
    ):
        assert summary == f"{title} (Table Logement)"
        assert place == "Salle B; 2e étage, à droite"
        assert AWKWARD in text


def test_lines_are_folded_at_75_bytes_and_end_as_the_standard_says(client, alliance, space):
    MeetingFactory(space=space, title="é" * 190)
    content = feed(client, alliance).content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_an_event_has_what_calendar_programs_ask_for(client, alliance, agent, space):
    meeting = MeetingFactory(space=space, place="Salle B")
    services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW)
    content = feed(client, alliance).content
    calendar = icalendar.Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert (calendar["VERSION"], "PRODID" in calendar, "METHOD" in calendar) == ("2.0", True, False)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{meeting.uuid}@maillage", 1, "CONFIRMED")
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == NOW
    assert b"DTSTART:20261210T183000Z" in content
    assert str(event["URL"]).endswith(meeting.get_absolute_url())


def test_what_is_cancelled_says_so(client, alliance, agent, space):
    meeting = MeetingFactory(space=space)
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW)
    [event] = icalendar.Calendar.from_ical(feed(client, alliance).content).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_a_feed_without_meeting_is_still_a_calendar(client, alliance):
    content = feed(client, alliance).content
    assert events(content) == ({}, {})


# Who gets what


def test_public_feeds_have_what_is_public_whoever_asks(client, alliance, agent, space):
    shown = MeetingFactory(space=space)
    ItemFactory(meeting=shown, title="Point montré")
    ItemFactory(meeting=shown, title="Point caché", is_public=False)
    MeetingFactory(space=space, title="Rencontre cachée", is_public=False)
    MeetingFactory(space=SpaceFactory(alliance=alliance, is_public=False), title="D’un espace caché")
    other = MeetingFactory(space=SpaceFactory(alliance=alliance), title="D’une autre table")
    MeetingFactory(title="Ailleurs")
    client.force_login(agent, backend=BACKEND)
    content = feed(client, alliance).content
    assert set(events(content)[0]) == {f"{shown.uuid}@maillage", f"{other.uuid}@maillage"}
    assert "Point montré" in content.decode()
    assert "Point caché" not in content.decode()
    assert set(events(feed(client, alliance, space).content)[0]) == {f"{shown.uuid}@maillage"}
    closed = SpaceFactory(alliance=alliance, is_public=False)
    assert feed(client, alliance, closed).status_code == 404


def test_a_feed_that_did_not_change_is_not_sent_again(client, alliance, agent, space):
    meeting = MeetingFactory(space=space)
    first = feed(client, alliance)
    again = feed(client, alliance, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    services.update_meeting(meeting=meeting, changes={"place": "Ailleurs"}, by=agent, now=NOW)
    changed = feed(client, alliance, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def own_address(client, alliance):
    page = client.post(reverse("concertation_in:calendar_open", args=[alliance.slug])).content.decode()
    return page.split("http://testserver/calendrier/")[1].split('"')[0]


def test_a_persons_feed_has_what_they_are_expected_at_by_an_address_they_may_close(client, alliance, space):
    user = user_with(alliance, "member")
    person = user.persons.get()
    HolderFactory(space=space, person=person)
    hidden = MeetingFactory(space=space, is_public=False, online_url="https://salle.exemple.test/")
    ItemFactory(meeting=hidden, title="Point caché", is_public=False)
    invited_to = InvitationFactory(meeting=MeetingFactory(space__alliance=alliance), person=person).meeting
    MeetingFactory(space__alliance=alliance)
    client.force_login(user, backend=BACKEND)
    path = f"/calendrier/{own_address(client, alliance)}"
    client.logout()
    content = client.get(path).content
    assert set(events(content)[0]) == {f"{hidden.uuid}@maillage", f"{invited_to.uuid}@maillage"}
    text = content.decode().replace("\r\n ", "")
    assert "Point caché" in text
    assert "salle.exemple.test" in text
    assert client.get(path, headers={"If-None-Match": client.get(path)["ETag"]}).status_code == 304
    # A new address closes the former; closing leaves none.
    client.force_login(user, backend=BACKEND)
    newer = f"/calendrier/{own_address(client, alliance)}"
    assert client.get(path).status_code == 410
    assert client.get(newer).status_code == 200
    client.post(reverse("concertation_in:calendar_close", args=[alliance.slug]))
    assert client.get(newer).status_code == 410
    assert client.get("/calendrier/xyz.ics").status_code == 410


def test_a_private_calendar_ends_with_the_role(client, alliance):
    user = user_with(alliance, "member")
    client.force_login(user, backend=BACKEND)
    path = f"/calendrier/{own_address(client, alliance)}"
    client.logout()
    assert client.get(path).status_code == 200
    Role.objects.filter(person__user=user).update(until=alliance.today())
    assert client.get(path).status_code == 410


def test_only_the_digest_of_a_private_address_is_kept(client, alliance):
    client.force_login(user_with(alliance, "member"), backend=BACKEND)
    address = own_address(client, alliance)
    [link] = PersonLink.objects.filter(purpose="calendar")
    assert address.removesuffix(".ics") not in link.digest
    assert address not in client.get(reverse("concertation_in:calendar", args=[alliance.slug])).content.decode()


def test_the_feed_of_someone_who_left_a_space_forgets_its_meetings(client, alliance, space):
    row = HolderFactory(space=space, until=dt.date(2026, 10, 1))
    MeetingFactory(space=space, is_public=False)
    assert events(calendars.person_feed(row.person, NOW, SITE)) == ({}, {})


def test_a_withdrawn_persons_feed_does_not_have_the_title_of_the_point(alliance, space):
    row = HolderFactory(space=space)
    item = ItemFactory(meeting=MeetingFactory(space=space), title="Terrain des Saules")
    ItemFactory(meeting=item.meeting, title="Autre point")
    assert "Saules" in calendars.person_feed(row.person, NOW, SITE).decode()
    Withdrawal.objects.create(alliance=alliance, person=row.person, reference=item.reference, reason="concerned")
    forget()
    text = calendars.person_feed(row.person, NOW, SITE).decode().replace("\r\n ", "")
    assert "Saules" not in text
    assert "1. Vous vous êtes retirée ou retiré de ce point." in text
    assert "2. Autre point" in text


def test_how_to_subscribe_is_explained_with_addresses_to_copy(client, alliance, space):
    page = client.get(reverse("concertation_in:calendar", args=[alliance.slug])).content.decode()
    for words in ("Google Agenda", "Outlook", "iPhone", "Thunderbird", "rencontres.ics", str(space.uuid)):
        assert words in page
    assert "adresse privée" not in page


def test_the_file_of_one_meeting_is_to_put_in_a_calendar_by_hand(client, alliance, space):
    meeting = MeetingFactory(space=space)
    response = client.get(reverse("concertation_in:meeting_file", args=[alliance.slug, meeting.uuid]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    for read in events(response.content):
        assert set(read) == {f"{meeting.uuid}@maillage"}
    assert Meeting.objects.count() == 1


def test_a_feed_is_bounded(alliance, space, django_assert_max_num_queries):
    MeetingFactory.create_batch(20, space=space)
    for meeting in Meeting.objects.all():
        ItemFactory(meeting=meeting)
    with django_assert_max_num_queries(4):
        assert len(events(calendars.public_feed(alliance, NOW, SITE))[0]) == 20
