import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.links import services as links
from maillage.alliances.models import ActInName, Role
from maillage.concertation.meetings import agenda
from maillage.concertation.meetings.services import update_meeting
from maillage.concertation.minutes import keeping, reading
from maillage.concertation.models import (
    Amendment,
    Attendance,
    Meeting,
    Minutes,
    MinutesItem,
    MinutesText,
    Note,
    Task,
)
from maillage.concertation.services import update_space
from maillage.core import search
from maillage.core.models import AuditEntry
from tests.concertation.minutes.factories import (
    STARTS,
    DecisionFactory,
    HolderFactory,
    ItemFactory,
    MeetingFactory,
    withdraw,
)
from tests.factories import ActorFactory, AllianceFactory, RoleFactory, SeatFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = STARTS + dt.timedelta(hours=3)
SITE = "https://exemple.test"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def meeting():
    return MeetingFactory(state=Meeting.State.HELD, starts_at=NOW - dt.timedelta(hours=3))


@pytest.fixture
def agent(meeting):
    return user_with(meeting.alliance)


@pytest.fixture
def points(meeting):
    rows = [ItemFactory(meeting=meeting, title=f"Sujet {n}") for n in range(3)]
    for number, row in enumerate(rows[:2]):
        Note.objects.create(item=row, text=f"Notes du sujet {number}", version=1)
    return rows


@pytest.fixture
def there(meeting):
    """Someone who was there, in their seat."""
    return someone(meeting)


def someone(meeting, *, present=True, substitute=False, **more):
    seat = SeatFactory(space=meeting.space, actor=ActorFactory(alliance=meeting.alliance, type="community", **more))
    holder = HolderFactory(
        seat=seat, person__email=f"{seat.pk}@exemple.test", part="substitute" if substitute else "holder",
        person__name=f"Personne Secrète {seat.pk}",
    )  # fmt: skip
    if present:
        Attendance.objects.create(
            meeting=meeting, kind="seat", seat=seat, actor=seat.actor, type=seat.actor.type, by_substitute=substitute
        )
    return holder.person


def again(user):
    return type(user).objects.get(pk=user.pk)


def prepared(meeting, agent, state=Minutes.State.DRAFT, until=None):
    minutes = keeping.prepare_minutes(meeting=meeting, by=agent, now=NOW)
    if state != Minutes.State.DRAFT:
        keeping.circulate(
            minutes=minutes, until=until or meeting.alliance.today(NOW) + WEEK, by=agent, now=NOW, site=SITE,
            tell=not keeping.nobody_noted(meeting),
        )  # fmt: skip
    if state == Minutes.State.APPROVED:
        approved(minutes, agent)
    minutes = Minutes.objects.get(pk=minutes.pk)
    minutes.meeting = meeting
    return minutes


def next_meeting(meeting, **more):
    return MeetingFactory(
        space=meeting.space, starts_at=meeting.starts_at + 4 * WEEK, **{"state": Meeting.State.HELD, **more}
    )


def approved(minutes, agent):
    keeping.propose_approval(minutes=minutes, meeting=next_meeting(minutes.meeting), by=agent)
    return keeping.record_approval(minutes=Minutes.objects.get(pk=minutes.pk), by=agent, now=NOW + 4 * WEEK)


def rows_of(minutes):
    rows = list(MinutesItem.objects.filter(minutes=minutes).select_related("item").order_by("item__position"))
    for row in rows:
        row.minutes = minutes
        row.item.meeting = minutes.meeting
    return rows


def url(name, meeting, **more):
    return reverse(f"concertation_in:{name}", kwargs={"slug": meeting.alliance.slug, "key": meeting.uuid, **more})


def in_as(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


# Made and corrected


def test_minutes_are_made_of_the_notes_one_item_a_point(meeting, agent, points):
    minutes = prepared(meeting, agent)
    assert [row.text for row in rows_of(minutes)] == ["Notes du sujet 0", "Notes du sujet 1", ""]


def test_made_again_they_follow_the_notes_but_for_what_was_corrected(meeting, agent, points):
    first, _second, _third = rows_of(prepared(meeting, agent))
    keeping.correct_item(item=first, text="Corrigé", base_version=1, by=agent, now=NOW)
    Note.objects.update(text="Notes revues")
    ItemFactory(meeting=meeting, title="Ajouté")
    minutes = prepared(meeting, agent)
    assert [row.text for row in rows_of(minutes)] == ["Corrigé", "Notes revues", "", ""]


def test_no_minutes_before_the_meeting_began(meeting, agent, points):
    Meeting.objects.update(state=Meeting.State.PLANNED)
    with pytest.raises(ValidationError):
        keeping.prepare_minutes(meeting=meeting, by=agent, now=NOW)


def test_a_correction_keeps_the_former_text(meeting, agent, points):
    row = rows_of(prepared(meeting, agent))[0]
    row = keeping.correct_item(item=row, text="Deux", base_version=1, by=agent, now=NOW)
    assert (row.text, row.version) == ("Deux", 2)
    assert list(MinutesText.objects.values_list("version", "text")) == [(1, "Notes du sujet 0")]


def test_two_corrections_from_the_same_text_are_woven_or_refused(meeting, agent, points):
    Note.objects.update(text="un\ndeux\ntrois")
    row = rows_of(prepared(meeting, agent))[0]
    keeping.correct_item(item=row, text="UN\ndeux\ntrois", base_version=1, by=agent, now=NOW)
    row = keeping.correct_item(item=row, text="un\ndeux\nTROIS", base_version=1, by=agent, now=NOW)
    assert row.text == "UN\ndeux\nTROIS"
    with pytest.raises(ValidationError) as refused:
        keeping.correct_item(item=row, text="autre\ndeux\ntrois", base_version=1, by=agent, now=NOW)
    assert refused.value.code == "changed"


# Circulated


def test_they_circulate_among_those_who_were_there_only(meeting, agent, points, there, mailoutbox):
    someone(meeting, present=False)
    substitute = someone(meeting, substitute=True)
    minutes = prepared(meeting, agent)
    told = keeping.circulate(minutes=minutes, until=meeting.alliance.today(NOW) + WEEK, by=agent, now=NOW, site=SITE)
    assert told == 2
    assert {mail.to[0] for mail in mailoutbox} == {there.email, substitute.email}
    with pytest.raises(ValidationError):
        keeping.circulate(minutes=minutes, until=meeting.alliance.today(NOW) - WEEK, by=agent, now=NOW, site=SITE)


def test_they_do_not_circulate_before_presences_are_noted(client, meeting, agent, points):
    someone(meeting, present=False)
    minutes = prepared(meeting, agent)
    client.force_login(agent, backend=BACKEND)
    words = "Aucune présence n’est notée"
    page = reverse("concertation_in:minutes", args=[meeting.alliance.slug, meeting.uuid])
    assert words in client.get(page).content.decode()
    until = timezone.localdate() + WEEK
    address = reverse("concertation_in:minutes_circulate", args=[meeting.alliance.slug, meeting.uuid])
    assert words in client.post(address, {"until": until.isoformat()}).content.decode()
    with pytest.raises(ValidationError, match="Aucune présence"):
        keeping.circulate(minutes=minutes, until=meeting.alliance.today(NOW) + WEEK, by=agent, now=NOW, site=SITE)
    minutes.refresh_from_db()
    assert minutes.state == Minutes.State.DRAFT
    someone(meeting)
    assert words not in client.get(page).content.decode()


def test_only_who_was_there_asks_for_a_correction(meeting, agent, points, there):
    absent = someone(meeting, present=False)
    row = rows_of(prepared(meeting, agent, Minutes.State.CIRCULATED))[0]
    keeping.propose_amendment(item=row, text="Il manque un chiffre", by=there.user, person=there, now=NOW)
    for person in (absent, RoleFactory(person__alliance=meeting.alliance).person):
        with pytest.raises(PermissionDenied):
            keeping.propose_amendment(item=row, text="Non", by=person.user, person=person, now=NOW)
        with pytest.raises(PermissionDenied):
            keeping.propose_amendment(item=row, text="Non", by=None, person=person, now=NOW)
    assert Amendment.objects.count() == 1


def test_not_before_they_circulate_nor_after_the_date(meeting, agent, points, there):
    row = rows_of(prepared(meeting, agent))[0]
    with pytest.raises(ValidationError):
        keeping.propose_amendment(item=row, text="Tôt", by=there.user, person=there, now=NOW)
    row = rows_of(prepared(meeting, agent, Minutes.State.CIRCULATED))[0]
    with pytest.raises(ValidationError):
        keeping.propose_amendment(item=row, text="Tard", by=there.user, person=there, now=NOW + 2 * WEEK)
    with pytest.raises(ValidationError):
        keeping.propose_amendment(item=row, text="  ", by=there.user, person=there, now=NOW)


def test_corrections_and_their_answers_are_read_by_those_who_were_there(meeting, agent, points, there):
    other, absent = someone(meeting), someone(meeting, present=False)
    row = rows_of(prepared(meeting, agent, Minutes.State.CIRCULATED))[0]
    asked = keeping.propose_amendment(item=row, text="Il manque un chiffre", by=there.user, person=there, now=NOW)
    refused = keeping.propose_amendment(item=row, text="Autre chose", by=other.user, person=other, now=NOW)
    with pytest.raises(ValidationError):
        keeping.settle_amendment(amendment=refused, accepted=False, by=agent, now=NOW)
    keeping.settle_amendment(amendment=refused, accepted=False, reply="Pas dit en salle", by=agent, now=NOW)
    keeping.settle_amendment(
        amendment=asked, accepted=True, text="Notes du sujet 0 : 12 ménages", base_version=1, by=agent, now=NOW
    )
    with pytest.raises(ValidationError):
        keeping.settle_amendment(amendment=asked, accepted=False, reply="Non", by=agent, now=NOW)
    page = in_as(other.user).get(url("minutes", meeting)).content.decode()
    for words in ("Il manque un chiffre", "Pas dit en salle", "12 ménages"):
        assert words in page
    page = in_as(absent.user).get(url("minutes", meeting)).content.decode()
    assert "12 ménages" in page
    assert "Il manque un chiffre" not in page


# Approved


def test_they_are_approved_by_a_later_meeting_of_the_space_in_two_steps(meeting, agent, points, there):
    minutes = prepared(meeting, agent)
    later = next_meeting(meeting, state=Meeting.State.PLANNED)
    with pytest.raises(ValidationError):
        keeping.propose_approval(minutes=minutes, meeting=later, by=agent)
    minutes = prepared(meeting, agent, Minutes.State.CIRCULATED)
    for other in (
        meeting,
        MeetingFactory(starts_at=NOW + WEEK),
        MeetingFactory(space=meeting.space, starts_at=STARTS - WEEK),
    ):
        with pytest.raises(ValidationError):
            keeping.propose_approval(minutes=minutes, meeting=other, by=agent)
    with pytest.raises(ValidationError):
        keeping.record_approval(minutes=minutes, by=agent, now=NOW)
    minutes = keeping.propose_approval(minutes=minutes, meeting=later, by=agent)
    with pytest.raises(ValidationError):
        keeping.record_approval(minutes=minutes, by=agent, now=NOW)
    Meeting.objects.filter(pk=later.pk).update(state=Meeting.State.OPEN)
    row = rows_of(minutes)[0]
    asked = keeping.propose_amendment(item=row, text="Un chiffre", by=there.user, person=there, now=NOW)
    minutes = Minutes.objects.get()
    with pytest.raises(ValidationError):
        keeping.record_approval(minutes=minutes, by=agent, now=NOW)
    keeping.settle_amendment(amendment=asked, accepted=True, by=agent, now=NOW)
    for _ in range(2):
        minutes = keeping.record_approval(minutes=minutes, by=agent, now=NOW)
    assert (minutes.state, minutes.approved_in) == ("approved", later)
    assert AuditEntry.objects.filter(action="concertation.minutes_approved").count() == 1


def test_once_approved_the_text_no_longer_changes_an_erratum_is_added(meeting, agent, points, there):
    minutes = prepared(meeting, agent, Minutes.State.APPROVED)
    row = rows_of(minutes)[0]
    for act in (
        lambda: keeping.correct_item(item=row, text="Autre", base_version=1, by=agent, now=NOW),
        lambda: keeping.prepare_minutes(meeting=meeting, by=agent, now=NOW),
        lambda: keeping.circulate(minutes=minutes, until=NOW.date() + WEEK, by=agent, now=NOW, site=SITE),
        lambda: keeping.propose_amendment(item=row, text="Non", by=there.user, person=there, now=NOW),
        lambda: keeping.propose_approval(minutes=minutes, meeting=next_meeting(meeting), by=agent),
    ):
        with pytest.raises(ValidationError):
            act()
    keeping.add_erratum(item=row, text="Lire 14 ménages", by=agent, now=NOW)
    row.refresh_from_db()
    assert row.text == "Notes du sujet 0"
    assert "Lire 14 ménages" in in_as(agent).get(url("minutes", meeting)).content.decode()


def test_an_erratum_waits_for_the_approval(meeting, agent, points):
    with pytest.raises(ValidationError):
        keeping.add_erratum(item=rows_of(prepared(meeting, agent))[0], text="Non", by=agent, now=NOW)


def test_what_changes_after_the_approval_changes_no_minutes(meeting, agent, points, there):
    task = Task.objects.create(alliance=meeting.alliance, agenda_item=points[0], title="Tâche d’alors")
    prepared(meeting, agent, Minutes.State.APPROVED)
    Task.objects.filter(pk=task.pk).update(title="Tâche renommée")
    Attendance.objects.all().delete()
    page = in_as(agent).get(url("minutes", meeting)).content.decode()
    assert "Tâche d’alors" in page
    assert there.seats_held.get().seat.actor.name in page


# Public


def publish(minutes, agent, *rows):
    return keeping.choose_public(minutes=minutes, items={row.pk for row in rows}, by=agent, now=NOW)


def test_the_public_reads_the_points_chosen_of_approved_minutes_only(meeting, agent, points, there):
    secret = someone(meeting, is_public=False)
    minutes = prepared(meeting, agent, Minutes.State.CIRCULATED)
    rows = rows_of(minutes)
    publish(minutes, agent, rows[0])
    assert Client().get(url("minutes", meeting)).status_code == 404
    assert Client().get(url("minutes_pdf", meeting)).status_code == 404
    minutes = approved(minutes, agent)
    page = Client().get(url("minutes", meeting)).content.decode()
    assert "Notes du sujet 0" in page
    assert "Notes du sujet 1" not in page
    actor = there.seats_held.get().seat.actor
    assert actor.name in page
    for hidden in (there.name, secret.name, secret.seats_held.get().seat.actor.name):
        assert hidden not in page
    act = ActInName.objects.get()
    assert act.kind == keeping.PUBLISHED
    publish(minutes, agent)
    assert Client().get(url("minutes", meeting)).status_code == 404


def test_a_point_that_is_not_public_on_the_agenda_is_not_shown(meeting, agent, points):
    points[0].is_public = False
    points[0].save()
    minutes = prepared(meeting, agent, Minutes.State.APPROVED)
    with pytest.raises(ValidationError):
        publish(minutes, agent, rows_of(minutes)[0])


def test_search_knows_the_public_points_only(meeting, agent, points):
    from maillage.concertation.minutes import indexing

    minutes = prepared(meeting, agent, Minutes.State.CIRCULATED)
    rows = rows_of(minutes)
    publish(minutes, agent, rows[0])
    assert list(indexing.rows()) == []
    approved(minutes, agent)
    [entry] = indexing.rows()
    assert entry.body == "Notes du sujet 0"
    Meeting.objects.filter(pk=meeting.pk).update(is_public=False)
    assert list(indexing.rows()) == []


def test_search_forgets_minutes_with_what_is_no_longer_public(meeting, agent, points):
    def found():
        return [hit.title for hit in search.find("Notes", kinds=["minutes"]).results]

    minutes = prepared(meeting, agent, Minutes.State.CIRCULATED)
    publish(minutes, agent, rows_of(minutes)[0])
    approved(minutes, agent)
    assert found()
    now = timezone.now()
    for change in (
        lambda shown: agenda.update_item(item=points[0], changes={"is_public": shown}, by=agent, now=now),
        lambda shown: update_meeting(meeting=meeting, changes={"is_public": shown}, by=agent, now=now),
        lambda shown: update_space(space=meeting.space, changes={"is_public": shown}, by=agent),
    ):
        change(False)
        assert not found()
        change(True)
        assert found()


def test_the_public_log_gives_no_title_to_a_meeting_that_is_not_public(meeting, agent, points):
    meeting.is_public = False
    meeting.save()
    minutes = prepared(meeting, agent, Minutes.State.APPROVED)
    publish(minutes, agent, rows_of(minutes)[0])
    act = ActInName.objects.get()
    assert meeting.title not in act.label
    assert act.on_behalf == ""


def test_people_without_a_seat_are_never_told_under_the_threshold_nor_by_subtraction():
    everyone = {"citizens": 12, "community": 3}
    assert reading.people_shown(everyone, None).by_type == (("community", 3), ("citizens", 12))
    shown = reading.people_shown(everyone, 5)
    assert (shown.total, shown.by_type) == (15, ())
    assert reading.people_shown({"citizens": 4}, 5) == reading.People(True, None)
    assert reading.people_shown({"citizens": 2, "group": 2}, 5) == reading.People(True, None)
    assert reading.people_shown({"citizens": 5, "group": 6}, 5).by_type == (("citizens", 5), ("group", 6))
    assert reading.people_shown({}, 5) == reading.People(False, 0)


# Withdrawn


@pytest.mark.parametrize("how", ["item", "decision"])
def test_who_withdrew_sees_nothing_of_the_point_by_any_road(meeting, agent, points, there, how):
    decision = DecisionFactory(space=meeting.space, agenda_item=points[0], title="Fonds caché")
    withdraw(there, points[0] if how == "item" else decision)
    minutes = prepared(meeting, agent, Minutes.State.CIRCULATED)
    row = rows_of(minutes)[0]
    other = someone(meeting)
    keeping.propose_amendment(item=row, text="Délibération", by=other.user, person=other, now=NOW)
    client = in_as(there.user)
    page = client.get(url("minutes", meeting)).content.decode()
    for words in ("Notes du sujet 0", "Fonds caché", "Délibération"):
        assert words not in page
    assert "Notes du sujet 1" in page
    assert "Notes du sujet 0" not in client.get(meeting.get_absolute_url()).content.decode()
    assert client.get(url("minutes_amend", meeting, item=points[0].uuid)).status_code == 404
    with pytest.raises(PermissionDenied):
        keeping.propose_amendment(item=row, text="Non", by=again(there.user), person=there, now=NOW)
    with pytest.raises(PermissionDenied):
        keeping.propose_amendment(item=row, text="Non", by=None, person=there, now=NOW)
    token = links.make(person=there, purpose=keeping.LINK, reference=meeting.reference)
    page = Client().get(reverse("concertation:minutes_link", args=[token])).content.decode()
    assert "Notes du sujet 1" in page
    assert "Notes du sujet 0" not in page
    read = reading.read(minutes, again(there.user))
    assert [point.row is None for point in read.points] == [True, False, False]


def test_the_agent_who_withdrew_keeps_nothing_of_the_point_and_does_not_unpublish_it(meeting, agent, points):
    minutes = prepared(meeting, agent, Minutes.State.APPROVED)
    rows = rows_of(minutes)
    publish(minutes, agent, rows[0], rows[1])
    withdraw(agent.persons.get(), points[0])
    client = in_as(agent)
    for name in ("minutes_item", "minutes_erratum"):
        assert client.get(url(name, meeting, item=points[0].uuid)).status_code == 404
    client.post(url("minutes_publish", meeting), {"points": [rows[2].pk]})
    assert [row.is_public for row in rows_of(minutes)] == [True, False, True]


# Who may


@pytest.mark.parametrize("kind", Role.Kind.values)
@pytest.mark.parametrize("state", Minutes.State.values)
def test_who_reads_and_keeps_minutes_by_role_and_state(meeting, agent, points, kind, state):
    minutes = prepared(meeting, agent, state)
    publish(minutes, agent, rows_of(minutes)[0])
    client = in_as(user_with(meeting.alliance, kind))
    agents = kind in {Role.Kind.AGENT, Role.Kind.REGIONAL}
    page = client.get(url("minutes", meeting))
    assert page.status_code == (200 if agents or state == "approved" else 404)
    assert ("Notes du sujet 1" in page.content.decode()) == agents
    for name in ("minutes_prepare", "minutes_circulate", "minutes_propose", "minutes_approve", "minutes_publish"):
        assert (client.post(url(name, meeting)).status_code == 403) == (not agents)


def test_strangers_read_what_is_public_only(meeting, agent, points):
    minutes = prepared(meeting, agent, Minutes.State.APPROVED)
    stranger = in_as(user_with(AllianceFactory()))
    assert stranger.get(url("minutes", meeting)).status_code == 404
    publish(minutes, agent, rows_of(minutes)[0])
    assert "Notes du sujet 1" not in stranger.get(url("minutes", meeting)).content.decode()
    assert stranger.post(url("minutes_approve", meeting)).status_code == 403


# Pages


def test_the_whole_life_from_the_pages(meeting, agent, points, there, time_machine):
    time_machine.move_to(NOW)
    client = in_as(agent)
    assert client.get(url("minutes", meeting)).status_code == 200
    client.post(url("minutes_prepare", meeting))
    edit = url("minutes_item", meeting, item=points[0].uuid)
    assert client.get(edit).status_code == 200
    client.post(edit, {"text": "Corrigé", "base": "1"})
    page = client.post(edit, {"text": "Autre", "base": "1"}).content.decode()
    assert "Autre" in page
    assert "Corrigé" in page
    assert "1999" in client.post(url("minutes_circulate", meeting), {"until": "1999-01-01"}).content.decode()
    client.post(url("minutes_circulate", meeting), {"until": (NOW.date() + WEEK).isoformat()})
    member = in_as(there.user)
    amend = url("minutes_amend", meeting, item=points[0].uuid)
    assert member.get(amend).status_code == 200
    member.post(amend, {"text": "Il manque un mot"})
    asked = Amendment.objects.get()
    settle = url("minutes_settle", meeting, key2=asked.uuid)
    assert "Il manque un mot" in client.get(settle).content.decode()
    refused = client.post(settle, {"choix": "refuser", "text": "Gardé", "base": "2", "reply": ""}).content.decode()
    assert "Gardé" in refused
    client.post(settle, {"choix": "accepter", "text": "Corrigé, un mot", "base": "2", "reply": ""})
    later = next_meeting(meeting)
    assert client.post(url("minutes_propose", meeting), {"meeting": "x"}).status_code == 200
    client.post(url("minutes_propose", meeting), {"meeting": later.pk})
    client.post(url("minutes_approve", meeting))
    row = MinutesItem.objects.get(item=points[0])
    client.post(url("minutes_publish", meeting), {"points": [row.pk]})
    client.post(url("minutes_erratum", meeting, item=points[0].uuid), {"text": "Lire autrement"})
    page = Client().get(url("minutes", meeting)).content.decode()
    assert "Corrigé, un mot" in page
    assert "Lire autrement" in page
    pdf = Client().get(url("minutes_pdf", meeting))
    assert pdf.content.startswith(b"%PDF-")
    assert "attachment" in pdf["Content-Disposition"]
    assert client.get(url("minutes_pdf", meeting)).content != pdf.content


def test_a_correction_from_the_mail_without_signing_in(meeting, agent, points, there, time_machine):
    time_machine.move_to(NOW)
    prepared(meeting, agent, Minutes.State.CIRCULATED)
    token = links.make(person=there, purpose=keeping.LINK, reference=meeting.reference)
    address = reverse("concertation:minutes_link", args=[token])
    assert "Notes du sujet 0" in Client().get(address).content.decode()
    Client().post(address, {"point": points[0].uuid, "text": "Depuis le courriel"})
    assert Amendment.objects.get().person == there
    assert AuditEntry.objects.get(action="concertation.amendment_asked").via == "link"
    Attendance.objects.all().delete()
    assert Client().get(address).status_code == 410


def test_as_many_queries_for_one_point_as_for_fifty(meeting, agent):
    def fill(many):
        for _ in range(many):
            person = someone(meeting)
            item = ItemFactory(meeting=meeting)
            DecisionFactory(space=meeting.space, agenda_item=item)
            Task.objects.create(alliance=meeting.alliance, agenda_item=item, title="t")
            keeping.prepare_minutes(meeting=meeting, by=agent, now=NOW)
            row = MinutesItem.objects.get(item=item)
            Amendment.objects.create(item=row, person=person, text="x")

    client = in_as(agent)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("minutes", meeting)).status_code == 200
        return len(queries)

    fill(1)
    Minutes.objects.update(state="circulated", amendments_until=dt.date(2100, 1, 1))
    count()
    one = count()
    fill(15)
    assert count() == one
