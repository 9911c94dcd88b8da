import datetime as dt
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.actors.models import Participation
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Role, Stage
from maillage.concertation.models import (
    Attendance,
    ConditionOffer,
    Facilitation,
    Meeting,
    Note,
    NoteVersion,
    SpeakingTime,
    Task,
)
from tests.concertation.minutes.factories import DecisionFactory, HolderFactory, ItemFactory, MeetingFactory, withdraw
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    CycleFactory,
    RoleFactory,
    SeatFactory,
    SpaceFactory,
    StageFactory,
    signed_in,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def meeting():
    return MeetingFactory()


@pytest.fixture
def item(meeting):
    return ItemFactory(meeting=meeting)


@pytest.fixture
def agent(client, meeting):
    return signed_in(client, meeting.alliance)


def url(name, meeting, **more):
    return reverse(f"concertation_in:{name}", kwargs={"slug": meeting.alliance.slug, "key": meeting.uuid, **more})


def seat(meeting, type_=ActorType.COMMUNITY, **more):
    return SeatFactory(space=meeting.space, actor=ActorFactory(alliance=meeting.alliance, type=type_), **more)


def save(client, item, text, base=0, **more):
    data = {"text": text, "base": base, "key": f"{text}{base}"[:60], **more}
    address = url("note", item.meeting, item=item.uuid)
    return client.post(address, json.dumps(data), content_type="application/json")


# Who enters


@pytest.mark.parametrize("kind", Role.Kind.values)
def test_the_agent_and_who_leads_enter_the_room_nobody_else(client, meeting, kind):
    person = RoleFactory(person__alliance=meeting.alliance, kind=kind).person
    client.force_login(person.user, backend=BACKEND)
    allowed = kind in {Role.Kind.AGENT, Role.Kind.REGIONAL}
    assert client.get(url("room", meeting)).status_code == (200 if allowed else 403)
    holder = HolderFactory(seat=seat(meeting), person=person)
    assert client.get(url("room", meeting)).status_code == (200 if allowed else 403)
    Facilitation.objects.create(space=meeting.space, actor=holder.seat.actor, person=person)
    assert client.get(url("room", meeting)).status_code == 200


@pytest.mark.parametrize(
    ("days", "state", "at_top"), [(0, "planned", True), (-1, "open", True), (1, "planned", False), (-1, "held", False)]
)
def test_the_room_is_among_the_first_buttons_of_the_meeting_on_its_day_and_while_it_is_open(
    client, meeting, days, state, at_top
):
    noon = timezone.now().astimezone(meeting.alliance.zone).replace(hour=12)
    meeting.starts_at, meeting.state = noon + dt.timedelta(days=days), state
    meeting.ends_at = meeting.starts_at + dt.timedelta(hours=2)
    meeting.save()
    page_of = reverse("concertation_in:meeting", args=[meeting.alliance.slug, meeting.uuid])
    for kind, shown in ((Role.Kind.AGENT, at_top), (Role.Kind.MEMBER, False)):
        person = RoleFactory(person__alliance=meeting.alliance, kind=kind).person
        client.force_login(person.user, backend=BACKEND)
        top = client.get(page_of).content.decode().split('id="ordre-du-jour"')[0]
        assert (url("room", meeting) in top) == shown


def test_nobody_and_strangers_stay_out(client, meeting, item):
    for name in ("room", "room_state"):
        assert client.get(url(name, meeting)).status_code == 302
    assert save(client, item, "non").status_code == 302
    stranger = signed_in(client, AllianceFactory())
    assert stranger.get(url("room", meeting)).status_code == 403
    assert save(stranger, item, "non").status_code == 403
    assert not Note.objects.exists()


def test_who_withdrew_from_a_point_sees_and_writes_nothing_of_it(client, meeting, item):
    person = RoleFactory(person__alliance=meeting.alliance, kind=Role.Kind.AGENT).person
    Note.objects.create(item=item, text="Délibération", version=1)
    DecisionFactory(space=meeting.space, agenda_item=item, title="Décision cachée")
    withdraw(person, item)
    client.force_login(person.user, backend=BACKEND)
    page = client.get(url("room", meeting)).content.decode()
    assert "Délibération" not in page
    assert "Décision cachée" not in page
    assert "Vous vous en êtes retiré" in page or "retir" in page
    assert client.get(url("room_state", meeting)).json()["items"] == {}
    assert client.get(url("note", meeting, item=item.uuid)).status_code == 404
    assert save(client, item, "non", 1).status_code == 404
    for name in ("task_capture", "decision_capture"):
        assert client.post(url(name, meeting, item=item.uuid), {"title": "x"}).status_code == 404


# Notes


def test_the_page_saves_and_reads_notes_as_json(agent, item):
    answer = save(agent, item, "Bonjour").json()
    assert (answer["number"], answer["version"], answer["text"], answer["merged"]) == (1, 1, None, True)
    assert answer["said"].startswith("Enregistré à")
    other = save(agent, item, "Autre", 0).json()
    assert other["text"] == "Bonjour\nAutre"
    state = agent.get(url("room_state", item.meeting)).json()
    assert state["items"] == {str(item.uuid): 2}
    assert state["csrf"]
    assert agent.get(url("note", item.meeting, item=item.uuid)).json()["text"] == "Bonjour\nAutre"


def test_a_text_that_waits_is_shown_and_chosen(agent, item):
    save(agent, item, "le prix est haut")
    save(agent, item, "le prix est bas", 1)
    answer = save(agent, item, "le prix est juste", 1).json()
    assert answer["merged"] is False
    [beside] = answer["beside"]
    assert "le prix est juste" in agent.get(url("room", item.meeting)).content.decode()
    chosen = agent.post(beside["url"], {"choix": "both"}, headers={"accept": "application/json"}).json()
    assert (chosen["text"], chosen["beside"]) == ("le prix est bas\nle prix est juste", [])
    assert agent.post(beside["url"], {"choix": "x"}).status_code == 404


def test_without_a_script_a_button_saves(agent, item):
    address = url("note", item.meeting, item=item.uuid)
    response = agent.post(address, {"text": "Bonjour\r\n", "base": "0", "key": "a"})
    assert response.url.endswith(f"#point-{item.uuid}")
    agent.post(address, {"text": "Bonjour\r\n", "base": "0", "key": "a"})
    assert NoteVersion.objects.count() == 1
    assert "Bonjour" in agent.get(url("room", item.meeting)).content.decode()


def test_a_pasted_megabyte_is_refused_in_a_sentence_and_stays_on_the_page(agent, item):
    text = "mot " * 250_000
    answer = save(agent, item, text)
    assert answer.status_code == 413
    assert "trop longues" in answer.json()["error"]
    page = agent.post(url("note", item.meeting, item=item.uuid), {"text": text, "base": "0", "key": "a"})
    assert page.status_code == 413
    assert text.strip() in page.content.decode()
    assert not NoteVersion.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"text": 1, "base": 0, "key": "a"}', '{"text": "a", "base": -1, "key": "a"}',
             '{"text": "a", "base": true, "key": "a"}', '{"text": "a", "base": 99999999999, "key": "a"}',
             '{"text": "a", "base": 0}'],
)  # fmt: skip
def test_what_is_unreadable_is_refused(agent, item, body):
    address = url("note", item.meeting, item=item.uuid)
    assert agent.post(address, body, content_type="application/json").status_code == 400
    assert agent.post(address, {"text": "a", "base": "-1", "key": "a"}).status_code == 400


def test_a_token_that_is_no_longer_good_is_refused_and_given_again(meeting, item):
    client = Client(enforce_csrf_checks=True)
    signed_in(client, meeting.alliance)
    assert save(client, item, "Bonjour").status_code == 403
    token = client.get(url("room_state", meeting)).json()["csrf"]
    address = url("note", meeting, item=item.uuid)
    data = json.dumps({"text": "Bonjour", "base": 0, "key": "a"})
    answer = client.post(address, data, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


# Who is there


def test_attendance_by_tap_and_by_the_whole_form(agent, meeting):
    one, two = seat(meeting), seat(meeting, ActorType.CITIZENS)
    answer = agent.post(
        url("attendance", meeting), {f"siege-{one.pk}": "present"}, headers={"accept": "application/json"}
    )
    assert answer.json()["there"] == 1
    form = {f"siege-{one.pk}": "absent", f"siege-{two.pk}": "substitute", "personnes": "1", "citizens": "7"}
    assert agent.post(url("attendance", meeting), form).status_code == 302
    assert set(Attendance.objects.values_list("kind", "seat", "people", "by_substitute")) == {
        ("seat", two.pk, 1, True), ("citizens", None, 7, False),
    }  # fmt: skip
    refused = agent.post(url("attendance", meeting), {"personnes": "1", "citizens": "-3"})
    assert 'value="-3"' in refused.content.decode()
    assert agent.post(
        url("attendance", meeting), {"siege-999999": "present"}, headers={"accept": "application/json"}
    ).status_code == 400  # fmt: skip


def test_enter_notes_who_is_there_and_brings_nobody_in(agent, meeting):
    """The first button of a form is the one that Enter presses."""
    HolderFactory(seat=seat(meeting), part="substitute")
    page = agent.get(url("room", meeting)).content.decode()
    form = page[page.index("data-attendance") :]
    form = form[: form.index("</form>")]
    first = form[form.index("<button") :]
    assert 'value="substitute"' in first
    assert "name=" not in first[: first.index(">")]


def test_a_seat_of_another_table_or_of_another_day_is_refused(agent, meeting):
    elsewhere = SeatFactory(space=SpaceFactory(alliance=meeting.alliance))
    ended = seat(meeting, until=meeting.day)
    for row in (elsewhere, ended):
        agent.post(url("attendance", meeting), {f"siege-{row.pk}": "present"})
    assert not Attendance.objects.exists()


def test_guests_are_named_for_the_room_only(agent, meeting):
    assert agent.post(url("room_guest_add", meeting), {"label": "", "type": "institution"}).status_code == 200
    agent.post(url("room_guest_add", meeting), {"label": "Conférencière Fictive", "type": "institution"})
    guest = Attendance.objects.get()
    assert "Conférencière Fictive" in agent.get(url("room", meeting)).content.decode()
    assert "Conférencière Fictive" not in Client().get(meeting.get_absolute_url()).content.decode()
    agent.post(url("room_guest_remove", meeting, pk=guest.pk))
    assert not Attendance.objects.exists()


def test_speaking_time_typed_or_counted(agent, meeting):
    agent.post(url("speaking", meeting), {"community": "12.5", "citizens": ""})
    assert SpeakingTime.objects.get().seconds == 750
    data = json.dumps({"seconds": {"citizens": 61, "community": 0}})
    assert agent.post(url("speaking", meeting), data, content_type="application/json").status_code == 200
    assert dict(SpeakingTime.objects.values_list("college", "seconds")) == {"citizens": 61}
    for bad in ("{}", '{"seconds": {"x": 1}}', '{"seconds": {"citizens": 999999}}', '{"seconds": 3}'):
        assert agent.post(url("speaking", meeting), bad, content_type="application/json").status_code == 400


# What is captured


def test_a_task_is_captured_on_its_point(agent, item):
    row = seat(item.meeting)
    address = url("task_capture", item.meeting, item=item.uuid)
    agent.post(address, {"title": "Réserver la salle", "owner": row.actor.pk, "due_on": "2026-12-01"})
    task = Task.objects.get()
    assert (task.agenda_item, task.space, task.owner_actor) == (item, item.meeting.space, row.actor)
    page = agent.post(address, {"title": "Autre chose", "due_on": "demain"}).content.decode()
    assert "Autre chose" in page
    assert Task.objects.count() == 1


# Beginning, end, record of participation


def counts(meeting):
    rows = Participation.objects.filter(reference=meeting.reference)
    return {(row.actor_id, row.type): row.people for row in rows}


def test_the_end_records_who_took_part_once_and_corrections_follow(agent, meeting):
    stage = StageFactory(cycle=CycleFactory(alliance=meeting.alliance), state=Stage.State.ACTIVE)
    one, two = seat(meeting), seat(meeting, ActorType.CITIZENS)
    agent.post(url("room_move", meeting, step="debut"))
    agent.post(url("attendance", meeting), {f"siege-{one.pk}": "present", "personnes": "1", "citizens": "6"})
    agent.post(url("room_guest_add", meeting), {"label": "Invitée", "type": "citizens"})
    assert counts(meeting) == {}
    for _ in range(2):
        agent.post(url("room_move", meeting, step="fin"))
        assert counts(meeting) == {(one.actor_id, "community"): 1, (None, "citizens"): 7}
    assert {row.stage for row in Participation.objects.all()} == {stage}
    agent.post(url("attendance", meeting), {f"siege-{one.pk}": "absent", f"siege-{two.pk}": "present"})
    assert counts(meeting) == {(two.actor_id, "citizens"): 1, (None, "citizens"): 7}
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.HELD


def test_a_cancelled_meeting_notes_nobody(agent, meeting):
    row = seat(meeting)
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    agent.post(url("attendance", meeting), {f"siege-{row.pk}": "present"})
    agent.post(url("room_guest_add", meeting), {"label": "Invitée", "type": "citizens"})
    agent.post(url("room_move", meeting, step="debut"))
    assert not Attendance.objects.exists()


# Sixty seats, an agenda of two hundred points


def test_as_many_queries_for_sixty_seats_and_two_hundred_points(agent, meeting):
    def fill(seats, items):
        for _ in range(seats):
            row = seat(meeting)
            HolderFactory(seat=row)
            Attendance.objects.create(meeting=meeting, kind="seat", seat=row, actor=row.actor, type=row.actor.type)
        for _ in range(items):
            item = ItemFactory(meeting=meeting)
            note = Note.objects.create(item=item, text="a", version=1)
            NoteVersion.objects.create(note=note, number=1, base=0, text="b", key="k", merged=False)
            DecisionFactory(space=meeting.space, agenda_item=item)
            Task.objects.create(alliance=meeting.alliance, agenda_item=item, title="t", owner_actor=None)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert agent.get(url("room", meeting)).status_code == 200
        return len(queries)

    fill(1, 1)
    count()
    one = count()
    fill(59, 199)
    assert count() == one
    assert one < 40


def test_a_decision_is_captured_on_its_point_in_preparation(agent, item):
    address = url("decision_capture", item.meeting, item=item.uuid)
    agent.post(address, {"title": "Créer un fonds", "text": "Que la table crée un fonds."})
    decision = item.decisions.get()
    assert (decision.title, decision.state, decision.space) == ("Créer un fonds", "draft", item.meeting.space)
    assert "Créer un fonds" in agent.get(url("room", item.meeting)).content.decode()
    page = agent.post(address, {"title": "", "text": "Ce texte reste"}).content.decode()
    assert "Ce texte reste" in page
    assert item.decisions.count() == 1


def test_an_absent_holder_s_substitute_is_brought_in_with_one_button(client, agent, meeting):
    held, alone = seat(meeting), seat(meeting)
    HolderFactory(seat=held, person__name="Ana")
    HolderFactory(seat=held, person__name="Paul Roy", part="substitute")
    HolderFactory(seat=alone, person__name="Line")
    text = client.get(url("room", meeting)).content.decode()
    assert text.count("Faire entrer la personne substitut") == 1
    assert "Paul Roy" in text
    # As a browser sends it: the tapped state of every seat, then the button.
    sent = {f"siege-{held.pk}": ["absent", "substitute"], f"siege-{alone.pk}": ["absent"]}
    client.post(url("attendance", meeting), sent)
    (row,) = Attendance.objects.filter(meeting=meeting)
    assert (row.seat_id, row.by_substitute) == (held.pk, True)
    assert "Faire entrer" not in client.get(url("room", meeting)).content.decode()


def test_the_room_leads_to_conditions_only_where_some_are_promised(client, agent, meeting):
    conditions = url("conditions_kept", meeting)
    assert conditions not in client.get(url("room", meeting)).content.decode()
    ConditionOffer.objects.create(space=meeting.space, code="peers")
    assert conditions in client.get(url("room", meeting)).content.decode()
