"""Invitations: mails and their calendar file, answers by every road, both answering, reminders, what is private."""

import datetime as dt

import icalendar
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.actors.interests.selectors import forget
from maillage.actors.models import Withdrawal
from maillage.alliances.links import services as links
from maillage.alliances.models import ActInName, NoticeChoice, PersonLink
from maillage.concertation.meetings import invitations, series, services
from maillage.concertation.meetings.contributed import personal
from maillage.concertation.meetings.invitations import Answer, Part, Via
from maillage.concertation.meetings.selectors import invited
from maillage.concertation.models import Meeting, MeetingInvitation, SeatHolder
from maillage.core import contributions
from maillage.core.models import AuditEntry, AuditPersonalValue
from tests.concertation.meetings.factories import HolderFactory, InvitationFactory, ItemFactory, MeetingFactory
from tests.factories import AllianceFactory, PersonFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
SITE = "https://exemple.test"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres", name="Alliance des Rivières", offers_english=True)


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def meeting(alliance):
    found = MeetingFactory(space=SpaceFactory(alliance=alliance, name="Table Logement"), title="Table Logement")
    found.place = "Salle B"
    found.save()
    return found


def holder(meeting, email="titulaire@exemple.test", part="holder", seat=None, **person):
    seat = seat or SeatFactory(space=meeting.space, actor__alliance=meeting.alliance, actor__name="Toit d’abord")
    made = PersonFactory(alliance=meeting.alliance, email=email, user=None, **person)
    return SeatHolder.objects.create(seat=seat, person=made, part=part)


def invite(meeting, agent, **values):
    invitations.list_people(meeting=meeting, by=agent)
    return invitations.send(meeting=meeting, by=agent, now=NOW, site=SITE, **values)


def said(invitation, choice, **values):
    return invitations.answer(invitation=invitation, choice=choice, now=NOW, by=None, via=Via.LINK, **values)


def calendar_of(message):
    [(name, content, kind)] = [part for part in message.attachments if part[2].startswith("text/calendar")]
    return name, icalendar.Calendar.from_ical(content), kind


def opened(message):
    """The path of the personal address that the mail holds."""
    return next(word for word in message.body.split() if "/rencontre/" in word).removeprefix(SITE)


# Sending


def test_holders_and_substitutes_of_the_day_are_invited_once_with_their_seat(meeting, agent):
    main = holder(meeting)
    second = holder(meeting, "substitut@exemple.test", "substitute", main.seat)
    gone = holder(meeting, "parti@exemple.test")
    gone.until = dt.date(2026, 12, 1)
    gone.save()
    HolderFactory(space=SpaceFactory(alliance=meeting.alliance))
    sent = invite(meeting, agent)
    rows = {row.person_id: (row.seat_id, row.part) for row in invited(meeting)}
    assert rows == {
        main.person_id: (main.seat_id, Part.HOLDER), second.person_id: (main.seat_id, Part.SUBSTITUTE),
    }  # fmt: skip
    assert (sent.sent, len(mail.outbox)) == (2, 2)
    assert invite(meeting, agent).sent == 0
    assert len(mail.outbox) == 2


def test_the_mail_says_all_and_carries_a_calendar_file_that_names_nobody_else(meeting, agent):
    services.update_meeting(meeting=meeting, changes={}, access=[("childcare", "À l’étage")], by=agent, now=NOW)
    ItemFactory(meeting=meeting, title="Fonds d’aide")
    ItemFactory(meeting=meeting, title="Point privé", is_public=False)
    holder(meeting, name="Fatou N.")
    holder(meeting, "autre@exemple.test", name="Quelqu’un d’autre")
    invite(meeting, agent)
    message = next(sent for sent in mail.outbox if sent.to == ["titulaire@exemple.test"])
    text = message.body.replace("\u00a0", " ")
    assert message.subject.replace("\u00a0", " ") == "Table Logement, 10 décembre 2026 : viendrez-vous?"
    for words in (
        "jeudi 10 décembre 2026, de 13 h 30 à 15 h 30",
        "Salle B",
        "À l’étage",
        "1. Fonds d’aide",
        "2. Point privé",
    ):
        assert words in text
    name, calendar, kind = calendar_of(message)
    assert (name, kind, calendar["METHOD"]) == ("invite.ics", "text/calendar; method=REQUEST", "REQUEST")
    [event] = calendar.walk("VEVENT")
    assert event["UID"] == f"{meeting.uuid}@maillage"
    assert event.decoded("DTSTART") == meeting.starts_at
    assert event["ATTENDEE"] == "mailto:titulaire@exemple.test"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert "Quelqu’un d’autre" not in calendar.to_ical().decode()
    assert "autre@exemple.test" not in calendar.to_ical().decode()


def test_the_mail_is_in_the_language_of_the_person(meeting, agent):
    holder(meeting, language="en")
    invite(meeting, agent)
    [message] = mail.outbox
    assert message.subject.replace("\u00a0", " ") == "Table Logement, December 10, 2026: will you come?"
    assert "1:30" in message.body
    assert "You are invited to a meeting" in message.body


def test_whoever_withdrew_from_a_point_reads_nothing_of_it_in_the_mail_nor_in_its_file(meeting, agent):
    item = ItemFactory(meeting=meeting, title="Terrain des Saules")
    row = holder(meeting)
    Withdrawal.objects.create(
        alliance=meeting.alliance, person=row.person, reference=item.reference, reason="concerned"
    )
    forget()
    invite(meeting, agent)
    [message] = mail.outbox
    assert "Saules" not in message.body
    assert "Saules" not in calendar_of(message)[1].to_ical().decode().replace("\r\n ", "")
    assert "Vous vous êtes retirée ou retiré de ce point." in message.body


def test_those_without_address_are_said_and_those_who_stop_notices_are_still_asked(meeting, agent):
    holder(meeting, "")
    row = holder(meeting)
    NoticeChoice.objects.create(person=row.person, kind="meeting-invitation", when="never")
    sent = invite(meeting, agent)
    assert (sent.sent, [one.person.email for one in sent.without_address]) == (1, [""])


def test_nobody_is_invited_to_what_is_over_or_cancelled(meeting, agent):
    holder(meeting)
    invitations.list_people(meeting=meeting, by=agent)
    with pytest.raises(ValidationError):
        invitations.send(meeting=meeting, by=agent, now=meeting.ends_at, site=SITE)
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW)
    with pytest.raises(ValidationError):
        invitations.send(meeting=meeting, by=agent, now=NOW, site=SITE)
    assert mail.outbox == []


def test_a_guest_is_someone_of_the_alliance(client, meeting, agent):
    client.force_login(agent, backend=BACKEND)
    url = reverse("concertation_in:guest_add", args=[meeting.alliance.slug, meeting.uuid])
    known = PersonFactory(alliance=meeting.alliance, email="connue@exemple.test")
    client.post(url, {"name": "Autre nom", "email": "Connue@exemple.test"})
    client.post(url, {"name": "Nouvelle venue", "email": ""})
    assert {row.person.name for row in invited(meeting)} == {known.name, "Nouvelle venue"}
    with pytest.raises(ValidationError):
        invitations.add_guest(meeting=meeting, person=PersonFactory(), by=agent)


# Changes


def test_a_new_hour_sends_a_newer_file_and_asks_again(meeting, agent):
    holder(meeting)
    invite(meeting, agent)
    said(meeting.invitations.get(), Answer.YES)
    later = meeting.starts_at + dt.timedelta(hours=1)
    changes = {"starts_at": later, "ends_at": later + dt.timedelta(hours=2)}
    services.update_meeting(meeting=meeting, changes=changes, by=agent, now=NOW, site=SITE)
    [_first, message] = mail.outbox
    _name, calendar, _kind = calendar_of(message)
    [event] = calendar.walk("VEVENT")
    assert (event["SEQUENCE"], event.decoded("DTSTART"), event["UID"]) == (1, later, f"{meeting.uuid}@maillage")
    assert message.subject.startswith("Nouvelle date")
    assert meeting.invitations.get().answer == Answer.NONE


def test_a_new_place_keeps_the_answers_and_a_new_text_sends_nothing(meeting, agent):
    holder(meeting)
    invite(meeting, agent)
    said(meeting.invitations.get(), Answer.YES)
    services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW, site=SITE)
    assert meeting.invitations.get().answer == Answer.YES
    assert "Salle C" in mail.outbox[1].body
    services.update_meeting(meeting=meeting, changes={"introduction": "Bienvenue"}, by=agent, now=NOW, site=SITE)
    assert len(mail.outbox) == 2


def test_cancelling_takes_it_off_the_calendars_of_those_invited_only(meeting, agent):
    holder(meeting)
    invite(meeting, agent)
    InvitationFactory(meeting=meeting, person__email="jamais@exemple.test")
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW, site=SITE)
    [_first, message] = mail.outbox
    _name, calendar, kind = calendar_of(message)
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], kind) == ("CANCEL", "text/calendar; method=CANCEL")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "/rencontre/" not in message.body


def test_changing_a_series_tells_those_invited_to_its_meetings(alliance, agent):
    made = series.create_series(
        space=SpaceFactory(alliance=alliance), title="Table", every="week", first=dt.date(2026, 12, 3),
        at=dt.time(13, 30), minutes=120, until=dt.date(2026, 12, 10), by=agent,
    )  # fmt: skip
    first, _second = made.meetings.order_by("starts_at")
    holder(first)
    invite(first, agent)
    series.update_series(series=made, changes={"at": dt.time(18, 0)}, by=agent, now=NOW, site=SITE)
    assert [message.subject[:13] for message in mail.outbox[1:]] == ["Nouvelle date"]


# Answering from the mail


def test_one_answers_from_the_mail_without_signing_in_and_changes_it(client, meeting, agent):
    row = holder(meeting)
    invite(meeting, agent)
    path = opened(mail.outbox[0])
    Meeting.objects.filter(pk=meeting.pk).update(online_url="https://salle.exemple.test/")
    page = client.get(path)
    text = page.content.decode()
    assert "Viendrez-vous?" in text
    assert meeting.invitations.get().answer == Answer.NONE, "a GET never answers"
    page = client.post(path, {"choice": "online", "needs": "Une place pour un fauteuil"}, follow=True).content.decode()
    assert "Merci! Votre réponse est gardée." in page
    found = meeting.invitations.get()
    assert (found.answer, found.answered_via, found.needs) == ("online", "link", "Une place pour un fauteuil")
    client.post(path, {"choice": "no", "needs": ""})
    found.refresh_from_db()
    assert (found.answer, found.needs) == ("no", "")
    file = client.get(f"{path}rencontre.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert "salle.exemple.test" in file.content.decode()
    assert row.person_id == found.person_id


def test_an_answer_is_wanted_and_what_was_typed_is_kept(client, meeting, agent):
    holder(meeting)
    invite(meeting, agent)
    path = opened(mail.outbox[0])
    for values in (
        {"needs": "À garder"},
        {"choice": "online", "needs": "À garder"},
        {"choice": "substitute", "needs": "À garder"},
    ):
        page = client.post(path, values).content.decode()
        assert "À garder" in page
        assert "Quelque chose demande votre attention" in page or "errors-list" in page
    assert meeting.invitations.get().answer == Answer.NONE


@pytest.mark.parametrize("dead", ["wrong", "other purpose", "expired", "revoked", "erased", "uninvited"])
def test_a_dead_address_opens_nothing(client, meeting, agent, dead):
    row = holder(meeting)
    invite(meeting, agent)
    path = opened(mail.outbox[0])
    if dead == "wrong":
        path = reverse("concertation:meeting_answer", args=["x" * 43])
    elif dead == "other purpose":
        path = reverse("concertation:meeting_answer", args=[links.make(person=row.person, purpose="calendar")])
    elif dead == "expired":
        PersonLink.objects.update(expires_at=NOW - dt.timedelta(days=400))
    elif dead == "revoked":
        links.revoke(person=row.person, purpose="meeting-answer")
    elif dead == "erased":
        row.person.erased_at = NOW
        row.person.save()
    else:
        meeting.invitations.all().delete()
    for answer in (client.get(path), client.post(path, {"choice": "yes"}), client.get(f"{path}rencontre.ics")):
        assert answer.status_code == 410
    assert not MeetingInvitation.objects.filter(answer=Answer.YES).exists()


def test_an_address_opens_its_own_meeting_only(client, meeting, agent):
    row = holder(meeting)
    other = InvitationFactory(meeting=MeetingFactory(space=meeting.space), person=row.person)
    invite(meeting, agent)
    client.post(opened(mail.outbox[0]), {"choice": "yes"})
    other.refresh_from_db()
    assert other.answer == Answer.NONE


def test_what_is_over_or_cancelled_takes_no_answer(client, meeting, agent):
    holder(meeting)
    invite(meeting, agent)
    found = meeting.invitations.get()
    with pytest.raises(ValidationError):
        invitations.answer(invitation=found, choice="yes", now=meeting.ends_at, by=None, via=Via.LINK)
    path = opened(mail.outbox[0])
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW, site=SITE)
    assert "Cette rencontre est annulée" in client.get(path).content.decode()
    client.post(path, {"choice": "yes"})
    assert meeting.invitations.get().answer == Answer.NONE


# Substitutes


def test_one_sends_a_known_substitute_or_gives_a_name(meeting, agent):
    main = holder(meeting)
    second = holder(meeting, "substitut@exemple.test", "substitute", main.seat)
    stranger = holder(meeting, "autre@exemple.test")
    invite(meeting, agent)
    found = meeting.invitations.get(person=main.person)
    found = said(found, Answer.SUBSTITUTE, substitute=second.person)
    assert (found.substitute, found.substitute_name) == (second.person, "")
    found = said(found, Answer.SUBSTITUTE, substitute_name="Une collègue")
    assert (found.substitute, found.substitute_name) == (None, "Une collègue")
    with pytest.raises(ValidationError):
        said(found, Answer.SUBSTITUTE, substitute=stranger.person)
    with pytest.raises(ValidationError):
        said(found, Answer.SUBSTITUTE)
    found = said(found, Answer.YES)
    assert found.substitute_name == ""


def test_both_answering_are_both_kept_and_the_seat_counts_once(client, meeting, agent):
    main = holder(meeting)
    second = holder(meeting, "substitut@exemple.test", "substitute", main.seat)
    third = holder(meeting, "troisieme@exemple.test")
    invite(meeting, agent)
    for row in (main, second):
        said(meeting.invitations.get(person=row.person), Answer.YES)
    said(meeting.invitations.get(person=third.person), Answer.NO)
    tally = invitations.tally(invited(meeting))
    assert (len(tally.seats), tally.coming, tally.declined, tally.waiting, len(tally.both)) == (2, 1, 1, 0, 1)
    assert meeting.invitations.filter(answer=Answer.YES).count() == 2
    client.force_login(agent, backend=BACKEND)
    page = client.get(reverse("concertation_in:answers", args=[meeting.alliance.slug, meeting.uuid])).content.decode()
    assert "Les deux réponses sont gardées; le siège compte une seule fois." in page


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("no", "yes", "comes"), ("no", "none", "declined"), ("none", "no", "waiting"), ("none", "yes", "comes"),
        ("substitute", "none", "comes"), ("no", "no", "declined"), ("online", "none", "comes"),
    ],
)  # fmt: skip
def test_what_a_seat_answers(meeting, first, second, expected):
    seat = SeatFactory(space=meeting.space)
    InvitationFactory(meeting=meeting, seat=seat, part="holder", answer=first)
    InvitationFactory(meeting=meeting, seat=seat, part="substitute", answer=second)
    [found] = invitations.tally(invited(meeting)).seats
    assert {"comes": found.comes, "declined": found.declined}.get(expected, not found.comes and not found.declined)


# In one's pages, by telephone


def test_one_answers_in_ones_pages_and_nobody_answers_for_another(client, meeting, agent):
    user = user_with(meeting.alliance, "member")
    row = InvitationFactory(meeting=meeting, person=user.persons.get(), sent_at=NOW)
    Meeting.objects.update(starts_at="2190-01-01T18:00Z", ends_at="2190-01-01T20:00Z")
    url = reverse("concertation_in:answer_own", args=[meeting.alliance.slug, meeting.uuid])
    client.force_login(user, backend=BACKEND)
    mine = reverse("concertation_in:my_meetings", args=[meeting.alliance.slug])
    assert "pas encore de réponse" in client.get(mine).content.decode()
    [todo] = [
        found
        for found in contributions.todo.collect(meeting.alliance, user, dt.date(2026, 11, 20))
        if found.key.startswith("meeting-answer")
    ]
    assert "#votre-reponse" in todo.url
    page = client.post(url, {"choice": "yes"}, follow=True).content.decode()
    assert "Merci! Votre réponse est gardée." in page
    row.refresh_from_db()
    assert (row.answer, row.answered_via) == ("yes", "page")
    signed_in(client, meeting.alliance, "member")
    assert client.post(url, {"choice": "no"}).status_code == 404
    other = user_with(meeting.alliance, "member")
    for by, via in (
        (other, Via.PAGE),
        (other, Via.LINK),
        (other, Via.TELEPHONE),
        (None, Via.PAGE),
        (None, Via.TELEPHONE),
    ):
        with pytest.raises(PermissionDenied):
            invitations.answer(invitation=row, choice="no", now=NOW, by=by, via=via)


def test_an_answer_received_by_telephone_is_marked_and_told_without_naming_the_person(client, meeting, agent):
    row = holder(meeting, "", name="Fatou N.")
    invitations.list_people(meeting=meeting, by=agent)
    Meeting.objects.update(starts_at="2190-01-01T18:00Z", ends_at="2190-01-01T20:00Z")
    found = meeting.invitations.get()
    url = reverse("concertation_in:answer_record", args=[meeting.alliance.slug, meeting.uuid, found.uuid])
    client.force_login(agent, backend=BACKEND)
    page = client.post(url, {"choice": "yes", "needs": "Un transport"}, follow=True).content.decode()
    assert "Par téléphone" in page
    assert "Un transport" in page
    found.refresh_from_db()
    assert (found.answer, found.answered_via) == ("yes", "telephone")
    [act] = ActInName.objects.all()
    assert (act.kind, act.on_behalf) == ("meeting-answer-recorded", row.seat.actor.name)
    assert "Fatou" not in f"{act.label} {act.on_behalf} {act.source}"


def test_the_public_log_gives_no_title_to_a_meeting_that_is_not_public(meeting, agent):
    row = holder(meeting, "", name="Fatou N.")
    invitations.list_people(meeting=meeting, by=agent)
    Meeting.objects.update(is_public=False, starts_at="2190-01-01T18:00Z", ends_at="2190-01-01T20:00Z")
    found = MeetingInvitation.objects.get(person=row.person)
    invitations.answer(invitation=found, choice="yes", now=NOW, by=agent, via=Via.TELEPHONE)
    assert meeting.title not in ActInName.objects.get().label


# What is private


def test_names_and_needs_are_for_whoever_organises(client, meeting, agent):
    row = holder(meeting, name="Fatou N.")
    invite(meeting, agent)
    said(meeting.invitations.get(), Answer.YES, needs="Un transport")
    url = reverse("concertation_in:meeting", args=[meeting.alliance.slug, meeting.uuid])
    user = user_with(meeting.alliance, "member")
    SeatHolder.objects.create(seat=row.seat, person=user.persons.get())
    client.force_login(agent, backend=BACKEND)
    assert "1 siège sur 1" in client.get(url).content.decode().replace("\u00a0", " ")
    for reader in (None, user, user_with(meeting.alliance, "observer")):
        client.logout()
        if reader:
            client.force_login(reader, backend=BACKEND)
        page = client.get(url).content.decode()
        assert "sièges sur" not in page.replace("\u00a0", " ")
        assert "Fatou" not in page
        assert "Un transport" not in page


def test_the_log_holds_no_need_nor_name(meeting, agent):
    holder(meeting, name="Fatou N.")
    invite(meeting, agent)
    said(meeting.invitations.get(), Answer.SUBSTITUTE, substitute_name="Une collègue", needs="Un transport")
    kept = "".join(f"{row.before}{row.after}" for row in AuditEntry.objects.all())
    kept += "".join(row.after for row in AuditPersonalValue.objects.all())
    assert not any(words in kept for words in ("Fatou", "collègue", "transport"))


def test_needs_leave_thirty_days_after_the_meeting_and_what_is_held_is_exported_and_erased(meeting):
    row = InvitationFactory(meeting=meeting, needs="Un transport", substitute_name="Une collègue", seat=SeatFactory())
    assert personal.export(row.person)["meeting_invitations"][0]["needs"] == "Un transport"
    assert personal.purge(dt.date(2027, 1, 9)) == 0
    assert personal.purge(dt.date(2027, 1, 10)) == 1
    row.refresh_from_db()
    assert (row.needs, row.substitute_name) == ("", "")
    guest = InvitationFactory(meeting=meeting, person=PersonFactory(alliance=meeting.alliance), substitute=row.person)
    MeetingInvitation.objects.filter(pk=row.pk).update(needs="Encore")
    assert personal.erase(row.person) == 2
    assert personal.erase(row.person) == 0
    assert personal.erase(guest.person) == 1
    assert personal.purge(dt.date(2030, 1, 1)) == 1
    assert not MeetingInvitation.objects.exists()


def test_two_files_on_one_person_become_one_and_back(meeting):
    kept, absorbed = PersonFactory(alliance=meeting.alliance), PersonFactory(alliance=meeting.alliance)
    both = MeetingFactory(space=meeting.space)
    for person in (kept, absorbed):
        InvitationFactory(meeting=both, person=person)
    InvitationFactory(meeting=meeting, person=absorbed)
    InvitationFactory(meeting=meeting, substitute=absorbed)
    before = list(MeetingInvitation.objects.order_by("pk").values())
    declared = [row for row in contributions.merge if row.model == "concertation.meetinginvitation"]
    traces = [row.apply(kept, absorbed) for row in declared]
    assert kept.meeting_invitations.count() == 2
    assert kept.substitutes_at.count() == 1
    for row, trace in zip(declared, traces, strict=True):
        row.undo(kept, absorbed, trace)
    assert list(MeetingInvitation.objects.order_by("pk").values()) == before


# Reminders


def days_before(meeting, days):
    return meeting.starts_at.replace(hour=15) - dt.timedelta(days=days)


def test_reminders_leave_seven_and_two_days_before_and_the_day_before_to_those_who_come(meeting, agent):
    silent, comes, no = (
        holder(meeting, "a@exemple.test"),
        holder(meeting, "b@exemple.test"),
        holder(meeting, "c@exemple.test"),
    )
    invite(meeting, agent)
    said(meeting.invitations.get(person=comes.person), Answer.YES)
    said(meeting.invitations.get(person=no.person), Answer.NO)
    told = []
    for days in range(12, -1, -1):
        mail.outbox.clear()
        invitations.remind(days_before(meeting, days), SITE)
        assert invitations.remind(days_before(meeting, days), SITE) == 0, "once a day"
        told += [(days, message.to[0][0]) for message in mail.outbox]
    assert told == [(7, "a"), (2, "a"), (1, "b")]
    assert silent.person.email == "a@exemple.test"


def test_a_day_without_worker_delays_the_reminder_and_who_was_just_invited_is_left_in_peace(meeting, agent):
    holder(meeting)
    invitations.list_people(meeting=meeting, by=agent)
    invitations.send(meeting=meeting, by=agent, now=days_before(meeting, 6), site=SITE)
    assert invitations.remind(days_before(meeting, 5), SITE) == 0
    assert invitations.remind(days_before(meeting, 1), SITE) == 1


def test_a_reminder_is_stopped_by_whoever_wants_none_and_never_keeps_an_address_in_a_digest(meeting, agent):
    never, weekly = holder(meeting, "a@exemple.test"), holder(meeting, "b@exemple.test")
    invite(meeting, agent)
    NoticeChoice.objects.create(person=never.person, kind="meeting-reminder", when="never")
    NoticeChoice.objects.create(person=weekly.person, kind="meeting-reminder", when="weekly")
    mail.outbox.clear()
    invitations.remind(days_before(meeting, 7), SITE)
    assert mail.outbox == []
    [notice] = weekly.person.notices.all()
    assert "/rencontre/" not in notice.url + notice.body


def test_the_daily_work_is_declared():
    assert "meetings" in {work.room for work in contributions.daily}


# Bounds


@pytest.mark.parametrize("name", ["meeting", "answers"])
def test_the_same_queries_for_two_seats_and_for_sixty(client, name, django_assert_max_num_queries):
    counts = []
    for size in (2, 60):
        alliance = AllianceFactory()
        signed_in(client, alliance)
        meeting = MeetingFactory(space__alliance=alliance, invited_at=NOW)
        for seat in SeatFactory.create_batch(size, space=meeting.space):
            InvitationFactory(meeting=meeting, seat=seat, part="holder", needs="Transport")
            InvitationFactory(meeting=meeting, seat=seat, part="substitute", answer="yes")
        with django_assert_max_num_queries(45) as captured:
            assert client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, meeting.uuid])).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_whoever_no_longer_holds_the_seat_is_written_to_no_more_and_their_address_is_dead(client, meeting, agent):
    row = holder(meeting)
    invite(meeting, agent)
    path = opened(mail.outbox[0])
    assert client.get(path).status_code == 200
    row.until = NOW.date()
    row.save()
    assert client.get(path).status_code == 410
    mail.outbox.clear()
    services.update_meeting(meeting=meeting, changes={"place": "Salle C"}, by=agent, now=NOW, site=SITE)
    assert mail.outbox == []
    # What they were sent leaves their calendar all the same.
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW, site=SITE)
    assert len(mail.outbox) == 1


def test_a_college_under_the_alliance_s_threshold_is_not_told_apart_but_to_whoever_organises(meeting):
    def seats(college, count):
        for _ in range(count):
            seat = SeatFactory(space=meeting.space, actor__type=college)
            InvitationFactory(meeting=meeting, seat=seat, part="holder", answer="yes")

    seats("community", 3)
    seats("citizens", 2)
    tally = invitations.tally(invited(meeting))
    assert tally.by_college() == {"community": (3, 3), "citizens": (2, 2)}
    assert tally.colleges_shown(6) == []
    assert (tally.may_tell(6), tally.may_tell(5)) == (False, True)
    assert tally.colleges_shown(5) == [("", (5, 5))]
    seats("citizens", 2)
    seats("community", 3)
    assert invitations.tally(invited(meeting)).colleges_shown(5) == [("", (10, 10))], "4 citizens are not read alone"
    seats("foundation", 1)
    assert invitations.tally(invited(meeting)).colleges_shown(5) == [("community", (6, 6)), ("", (5, 5))]
