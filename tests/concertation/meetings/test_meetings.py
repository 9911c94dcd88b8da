"""Meetings and series: what is created, changed, cancelled; hours across the change of hour."""

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.concertation.meetings import series as series_services
from maillage.concertation.meetings import services, words
from maillage.concertation.meetings.selectors import meetings_of
from maillage.concertation.models import Facilitation, Meeting, MeetingSeries
from maillage.core.access import may
from maillage.core.models import AuditEntry
from tests.concertation.meetings.factories import HolderFactory, InvitationFactory, ItemFactory, MeetingFactory
from tests.factories import ActorFactory, AllianceFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db

Every = MeetingSeries.Every
NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
TORONTO = ZoneInfo("America/Toronto")


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres", time_zone="America/Toronto")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def hour(moment):
    return moment.astimezone(TORONTO).strftime("%Y-%m-%d %H:%M")


def made(space, agent, **values):
    given = {
        "title": "Rencontre", "starts_at": dt.datetime(2026, 12, 10, 18, 30, tzinfo=dt.UTC),
        "ends_at": dt.datetime(2026, 12, 10, 20, 30, tzinfo=dt.UTC),
    }  # fmt: skip
    return services.create_meeting(space=space, by=agent, **{**given, **values})


# Hours


def test_an_hour_is_that_of_the_alliances_clocks_in_both_seasons(alliance):
    summer = services.instant(dt.date(2026, 7, 1), dt.time(13, 30), alliance)
    winter = services.instant(dt.date(2026, 12, 1), dt.time(13, 30), alliance)
    assert (summer.hour, winter.hour) == (17, 18)


def test_an_hour_that_does_not_exist_comes_later_and_one_that_comes_twice_is_the_first(alliance):
    skipped = services.instant(dt.date(2026, 3, 8), dt.time(2, 30), alliance)
    assert hour(skipped) == "2026-03-08 03:30"
    twice = services.instant(dt.date(2026, 11, 1), dt.time(1, 30), alliance)
    assert twice == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)


def seated(space, kind="member"):
    """A user with this role who holds a seat of the space."""
    user = user_with(space.alliance, kind)
    HolderFactory(space=space, person=user.persons.get())
    return user


def test_a_meeting_across_the_change_of_hour_says_its_local_hours_and_lasts_what_it_lasts(space, agent):
    begins = services.instant(dt.date(2026, 10, 31), dt.time(23, 0), space.alliance)
    ends = services.instant(dt.date(2026, 11, 1), dt.time(3, 0), space.alliance)
    meeting = made(space, agent, starts_at=begins, ends_at=ends)
    assert meeting.minutes_long == 300
    told = words.when(meeting).replace("\u00a0", " ")
    assert told == "du samedi 31 octobre 2026, 23 h, au dimanche 1er novembre 2026, 3 h"


@pytest.mark.parametrize(
    ("every", "first", "days"),
    [
        (Every.WEEK, "2026-10-22", ["2026-10-22", "2026-10-29", "2026-11-05"]),
        (Every.FORTNIGHT, "2026-10-22", ["2026-10-22", "2026-11-05", "2026-11-19"]),
        (Every.MONTH, "2026-10-08", ["2026-10-08", "2026-11-12", "2026-12-10"]),
        (Every.MONTH, "2026-10-29", ["2026-10-29", "2026-11-26", "2026-12-31"]),
        (Every.QUARTER, "2026-10-08", ["2026-10-08", "2027-01-14", "2027-04-08"]),
    ],
)
def test_a_series_comes_on_the_same_weekday(every, first, days):
    found = islice(series_services.days_of(every, dt.date.fromisoformat(first)), 3)
    assert [day.isoformat() for day in found] == days


def test_a_series_ends_before_the_calendar_does():
    assert max(series_services.days_of(Every.QUARTER, dt.date(2190, 1, 1))) < dt.date(2199, 12, 31)


def a_series(space, agent, **values):
    given = {
        "title": "Table Logement", "every": Every.WEEK, "first": dt.date(2026, 10, 22), "at": dt.time(13, 30),
        "minutes": 120, "until": dt.date(2026, 11, 20),
    }  # fmt: skip
    return series_services.create_series(space=space, by=agent, **{**given, **values})


def test_the_meetings_of_a_series_keep_their_local_hour_across_the_change_of_hour(space, agent):
    series = a_series(space, agent)
    found = list(series.meetings.order_by("starts_at"))
    assert {hour(meeting.starts_at)[11:] for meeting in found} == {"13:30"}
    assert {meeting.starts_at.hour for meeting in found} == {17, 18}
    assert {meeting.minutes_long for meeting in found} == {120}


def test_generating_again_makes_only_what_is_missing(space, agent):
    series = a_series(space, agent)
    assert series.meetings.count() == 5
    again = series_services.generate(series=series, until=dt.date(2026, 11, 20), by=agent, today=dt.date(2026, 10, 1))
    assert again == []
    more = series_services.generate(series=series, until=dt.date(2026, 12, 4), by=agent, today=dt.date(2026, 11, 21))
    assert [meeting.series_day.isoformat() for meeting in more] == ["2026-11-26", "2026-12-03"]


def test_one_go_makes_sixty_at_most(space, agent):
    assert a_series(space, agent, until=dt.date(2030, 1, 1)).meetings.count() == 60


def test_cancelling_or_moving_one_leaves_the_rest_and_its_day_is_not_made_again(space, agent):
    series = a_series(space, agent)
    one, two, *rest = series.meetings.order_by("starts_at")
    services.cancel_meeting(meeting=one, by=agent, now=NOW)
    moved_to = two.starts_at + dt.timedelta(days=1)
    changes = {"starts_at": moved_to, "ends_at": moved_to + dt.timedelta(hours=2)}
    services.update_meeting(meeting=two, changes=changes, by=agent, now=NOW)
    assert (
        series_services.generate(series=series, until=dt.date(2026, 11, 20), by=agent, today=dt.date(2026, 1, 1)) == []
    )
    for meeting in rest:
        meeting.refresh_from_db()
        assert (meeting.state, meeting.by_hand) == ("planned", False)
    two.refresh_from_db()
    assert (two.by_hand, hour(two.starts_at)) == (True, "2026-10-30 13:30")


def test_changing_the_series_changes_those_to_come_that_nobody_touched(space, agent):
    now = dt.datetime(2026, 10, 25, tzinfo=dt.UTC)
    series = a_series(space, agent)
    past, touched, *rest = series.meetings.order_by("starts_at")
    services.update_meeting(meeting=touched, changes={"place": "Chez nous"}, by=agent, now=now)
    changed = series_services.update_series(
        series=series, changes={"at": dt.time(18, 0), "place": "Salle B"}, by=agent, now=now
    )
    assert changed == rest
    for meeting in (past, touched):
        meeting.refresh_from_db()
        assert hour(meeting.starts_at)[11:] == "13:30"
    for meeting in rest:
        meeting.refresh_from_db()
        assert (hour(meeting.starts_at)[11:], meeting.place, meeting.sequence) == ("18:00", "Salle B", 1)


def test_another_first_day_moves_those_to_come_one_by_one(space, agent):
    now = dt.datetime(2026, 10, 25, tzinfo=dt.UTC)
    series = a_series(space, agent)
    series_services.update_series(
        series=series, changes={"since": dt.date(2026, 10, 27), "every": Every.FORTNIGHT}, by=agent, now=now
    )
    days = [hour(row.starts_at)[:10] for row in series.meetings.order_by("starts_at")]
    assert days == ["2026-10-22", "2026-10-27", "2026-11-10", "2026-11-24", "2026-12-08"]


def test_ending_a_series_cancels_what_people_know_of_and_takes_the_rest_away(space, agent):
    now = dt.datetime(2026, 10, 25, tzinfo=dt.UTC)
    series = a_series(space, agent)
    _past, invited, prepared, free, touched = series.meetings.order_by("starts_at")
    InvitationFactory(meeting=invited)
    ItemFactory(meeting=prepared)
    services.update_meeting(meeting=touched, changes={"place": "Ailleurs"}, by=agent, now=now)
    cancelled, removed = series_services.end_series(series=series, on=dt.date(2026, 10, 26), by=agent, now=now)
    assert ({row.pk for row in cancelled}, removed) == ({invited.pk, prepared.pk}, 1)
    assert not Meeting.objects.filter(pk=free.pk).exists()
    touched.refresh_from_db()
    assert touched.state == "planned"
    with pytest.raises(ValidationError):
        series_services.end_series(series=series, on=dt.date(2020, 1, 1), by=agent, now=now)


# One meeting


def test_whose_turn_it_is_leads_unless_said(space, agent):
    turn, other = ActorFactory(alliance=space.alliance), ActorFactory(alliance=space.alliance)
    Facilitation.objects.create(space=space, actor=turn, since=dt.date(2026, 1, 1))
    assert made(space, agent).facilitator == turn
    assert made(space, agent, facilitator=other).facilitator == other
    with pytest.raises(ValidationError):
        made(space, agent, facilitator=ActorFactory())


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-12-10T18:00", "2026-12-10T18:00"),
        ("2026-12-10T18:00", "2026-12-10T17:00"),
        ("2026-12-10T18:00", "2026-12-25T18:00"),
        ("0001-01-02T00:00", "0001-01-02T01:00"),
    ],
)
def test_times_that_cannot_be_are_refused(space, agent, starts, ends):
    begins, finish = (dt.datetime.fromisoformat(f"{text}+00:00") for text in (starts, ends))
    with pytest.raises(ValidationError):
        made(space, agent, starts_at=begins, ends_at=finish)


def test_what_calendars_must_take_makes_the_sequence_grow_and_nothing_else_does(space, agent):
    meeting = made(space, agent, access=[("meal", "Soupe")])
    meeting = services.update_meeting(meeting=meeting, changes={"introduction": "Bienvenue"}, by=agent, now=NOW)
    assert (meeting.sequence, meeting.changed_at) == (0, NOW)
    meeting = services.update_meeting(meeting=meeting, changes={}, access=[("transport", "Navette")], by=agent, now=NOW)
    assert (meeting.sequence, [(row.code, row.note) for row in meeting.access.all()]) == (0, [("transport", "Navette")])
    meeting = services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW)
    assert meeting.sequence == 1
    before = AuditEntry.objects.count()
    services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW)
    assert AuditEntry.objects.count() == before


def test_a_cancelled_meeting_stays_and_changes_no_more(space, agent):
    meeting = services.cancel_meeting(meeting=made(space, agent), by=agent, now=NOW)
    assert (meeting.state, meeting.sequence) == ("cancelled", 1)
    assert services.cancel_meeting(meeting=meeting, by=agent, now=NOW).sequence == 1
    with pytest.raises(ValidationError):
        services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW)
    with pytest.raises(ValidationError):
        services.set_state(meeting=meeting, state="held", by=agent, now=NOW)


def test_a_meeting_that_was_held_is_not_cancelled(space, agent):
    meeting = services.set_state(meeting=made(space, agent), state="held", by=agent, now=NOW)
    with pytest.raises(ValidationError):
        services.cancel_meeting(meeting=meeting, by=agent, now=NOW)


KINDS = ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"]


@pytest.mark.parametrize("kind", [*KINDS, "nobody", "stranger"])
def test_only_those_who_steer_organise(space, agent, kind):
    if kind in KINDS:
        other = user_with(space.alliance, kind)
    else:
        other = user_with(AllianceFactory()) if kind == "stranger" else None
    meeting, series = made(space, agent), a_series(space, agent)
    acts = [
        lambda: made(space, other),
        lambda: services.update_meeting(meeting=meeting, changes={"place": "X"}, by=other, now=NOW),
        lambda: services.cancel_meeting(meeting=meeting, by=other, now=NOW),
        lambda: services.set_state(meeting=meeting, state="held", by=other, now=NOW),
        lambda: a_series(space, other),
        lambda: series_services.update_series(series=series, changes={"place": "X"}, by=other, now=NOW),
        lambda: series_services.generate(series=series, until=dt.date(2027, 1, 1), by=other, today=dt.date(2026, 1, 1)),
        lambda: series_services.end_series(series=series, on=dt.date(2027, 1, 1), by=other, now=NOW),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()


# Who sees what


def test_the_public_sees_public_meetings_of_public_spaces_and_members_see_those_of_their_spaces(space, agent):
    shown, hidden = made(space, agent), made(space, agent, is_public=False)
    closed = made(SpaceFactory(alliance=space.alliance, is_public=False), agent)
    holder, guest = seated(space), user_with(space.alliance, "observer")
    InvitationFactory(meeting=closed, person=guest.persons.get())
    day = dt.date(2026, 11, 20)

    def seen(viewer):
        return set(meetings_of(space.alliance, viewer, day))

    assert seen(None) == {shown}
    assert seen(user_with(space.alliance, "member")) == {shown}
    assert seen(agent) == {shown, hidden, closed}
    assert seen(user_with(AllianceFactory())) == {shown}
    assert seen(holder) == {shown, hidden}
    assert seen(guest) == {shown, closed}


# Pages


def read(client, alliance, name, *args, **asked):
    return client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, *args]), asked)


def test_the_agent_creates_a_meeting_with_local_hours_and_what_it_offers(client, alliance, space):
    signed_in(client, alliance)
    address = reverse("concertation_in:meeting_new", args=[alliance.slug]) + f"?espace={space.uuid}"
    values = {
        "title": "Table Logement", "day": "2027-03-14", "begins": "13:30", "ends": "15:30", "place": "Salle B",
        "offers_meal": "on", "note_transport": "Navette à 13 h", "is_public": "on",
    }  # fmt: skip
    page = client.post(address, values, follow=True).content.decode()
    assert "La rencontre est créée." in page
    meeting = Meeting.objects.get()
    # That Sunday is the first of summer time: 13:30 is 17:30 in UTC.
    assert meeting.starts_at == dt.datetime(2027, 3, 14, 17, 30, tzinfo=dt.UTC)
    assert sorted(meeting.access.values_list("code", "note")) == [("meal", ""), ("transport", "Navette à 13 h")]
    for sentence in ("de 13\u00a0h\u00a030 à 15\u00a0h\u00a030", "Salle B", "Navette à 13 h", "Repas"):
        assert sentence in page


def test_a_refused_form_keeps_what_was_typed(client, alliance, space):
    signed_in(client, alliance)
    address = reverse("concertation_in:meeting_new", args=[alliance.slug]) + f"?espace={space.uuid}"
    values = {"title": "À garder", "day": "x", "place": "Salle B", "note_meal": "Soupe"}
    page = client.post(address, values).content.decode()
    assert all(typed in page for typed in ("À garder", "Salle B", "Soupe"))
    assert not Meeting.objects.exists()


def test_the_address_to_join_on_line_is_for_those_invited(client, alliance, space):
    meeting = MeetingFactory(space=space, online_url="https://salle.exemple.test/abc")

    def shown():
        page = read(client, alliance, "meeting", meeting.uuid).content.decode()
        return "salle.exemple.test" in page + read(client, alliance, "meeting_file", meeting.uuid).content.decode()

    assert not shown()
    signed_in(client, alliance, "member")
    assert not shown()
    client.force_login(seated(space), backend="django.contrib.auth.backends.ModelBackend")
    assert shown()


def test_a_hidden_meeting_is_not_there_for_others(client, alliance, space):
    meeting = MeetingFactory(space=space, is_public=False)
    for name in ("meeting", "meeting_file", "agenda_print"):
        assert read(client, alliance, name, meeting.uuid).status_code == 404
    signed_in(client, alliance, "member")
    for name in ("meeting", "meeting_edit", "agenda", "answers"):
        assert read(client, alliance, name, meeting.uuid).status_code == 404
    assert read(signed_in(client, alliance), alliance, "meeting", meeting.uuid).status_code == 200
    elsewhere = AllianceFactory()
    assert read(client, elsewhere, "meeting", meeting.uuid).status_code == 404


def test_the_list_has_what_comes_then_what_is_past_and_filters_by_space(client, alliance, space):
    later = dt.datetime(2190, 1, 9, 18, tzinfo=dt.UTC)
    MeetingFactory(space=space, title="Rencontre passée", starts_at=dt.datetime(2020, 1, 9, 18, tzinfo=dt.UTC))
    MeetingFactory(space=space, title="Rencontre future", starts_at=later)
    MeetingFactory(space__alliance=alliance, title="D’une autre table", starts_at=later)
    MeetingFactory(title="Ailleurs")
    page = read(client, alliance, "meetings").content.decode()
    assert page.index("Rencontre future") < page.index("Rencontre passée")
    assert "D’une autre table" in page
    assert "Ailleurs" not in page
    page = read(client, alliance, "meetings", espace=space.uuid).content.decode()
    assert "Rencontre future" in page
    assert "D’une autre table" not in page


@pytest.mark.parametrize("name", ["meetings", "meeting", "agenda_print", "calendar_alliance"])
def test_the_same_queries_for_one_row_and_for_fifty(client, name, django_assert_max_num_queries):
    counts = []
    for size in (2, 25):
        alliance = AllianceFactory()
        found = MeetingFactory.create_batch(size, space__alliance=alliance)
        ItemFactory.create_batch(size, meeting=found[0], presenter=ActorFactory(alliance=alliance))
        args = [found[0].uuid] if name in {"meeting", "agenda_print"} else []
        with django_assert_max_num_queries(30) as captured:
            assert read(client, alliance, name, *args).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_ended_role_or_seat_ends_what_one_sees_at_once(space, agent):
    hidden = made(space, agent, is_public=False)
    holder, guest = seated(space), user_with(space.alliance, "observer")
    InvitationFactory(meeting=hidden, person=guest.persons.get())
    day = space.alliance.today()

    def sees(user):
        user = type(user).objects.get(pk=user.pk)
        listed = hidden in set(meetings_of(space.alliance, user, day))
        assert may(user, "concertation.view_meeting", hidden) is listed
        return listed

    assert (sees(holder), sees(guest)) == (True, True)
    holder.persons.get().seats_held.update(until=day)
    guest.persons.get().roles.update(until=day)
    assert (sees(holder), sees(guest)) == (False, False)
