"""Delegates: the mandate, what goes back to the board, the answer; who writes and who reads it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.actors.interests.services import withdraw
from maillage.alliances.acts.models import ActInName
from maillage.alliances.links import services as links
from maillage.concertation.endorsements import mandates
from maillage.concertation.models import DelegateMandate
from maillage.core import contributions
from tests.concertation.endorsements.making import NOW, decision_in, member_of, space_in
from tests.factories import ActorFactory, AllianceFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
BOARD = dt.date(2026, 12, 3)


@pytest.fixture
def person(space):
    return member_of(space)


@pytest.fixture
def seat(person):
    return person.seats_held.get().seat


@pytest.fixture
def decision(space):
    return decision_in(space)


def ask(seat, decision, person, **more):
    values = {"question": "Engager deux jours?", "board_on": BOARD, "now": NOW, "by": person.user, **more}
    return mandates.ask_board(seat=seat, decision=decision, person=person, **values)


def panel(alliance, viewer, decision):
    found = contributions.panels.collect(alliance, viewer, alliance.today(NOW), page="decision", subject=decision)
    return next((one for one in found if one.template.endswith("decision_panel.html")), None)


def test_a_standing_mandate_is_kept_and_written_again(seat, person):
    first = mandates.give(seat=seat, mandate="Appuyer le plan.", person=person, now=NOW, by=person.user)
    second = mandates.give(seat=seat, mandate="Appuyer, sauf les coupes.", person=person, now=NOW, by=person.user)
    assert (first.pk, second.mandate) == (second.pk, "Appuyer, sauf les coupes.")
    with pytest.raises(ValidationError):
        mandates.give(seat=seat, mandate=" ", person=person, now=NOW, by=person.user)
    assert not ActInName.objects.exists()


def test_a_question_goes_back_to_the_board_and_comes_back_answered(alliance, seat, decision, person):
    row = ask(seat, decision, person)
    other = member_of(seat.space)
    [shown] = panel(alliance, other.user, decision).context["boards"]
    assert (shown.board_on, shown.question) == (BOARD, "Engager deux jours?")
    mandates.answer_board(mandate=row, answer="Oui, deux jours.", on=BOARD, by=person.user)
    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_on) == ("answered", "Oui, deux jours.", BOARD)


def test_bad_input_is_refused(space, seat, decision, person):
    for wrong in ({"question": " "}, {"board_on": dt.date(2020, 1, 1)}):
        with pytest.raises(ValidationError):
            ask(seat, decision, person, **wrong)
    closed = decision_in(space, state="closed", outcome="adopted")
    elsewhere = decision_in(space_in(space.alliance))
    for wrong in (closed, elsewhere):
        with pytest.raises(ValidationError):
            ask(seat, wrong, person)
    given = mandates.give(seat=seat, mandate="x", person=person, now=NOW, by=person.user)
    with pytest.raises(ValidationError):
        mandates.answer_board(mandate=given, answer="x", on=BOARD, by=person.user)


def test_what_the_agent_writes_for_a_delegate_is_told_to_everyone(alliance, seat, decision, person):
    ask(seat, decision, person, by=user_with(alliance))
    told = ActInName.objects.get(kind="mandate-recorded")
    assert told.on_behalf == seat.actor.name


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "observer", None])
def test_nobody_else_writes_nor_reads(alliance, seat, decision, person, kind):
    other = user_with(alliance, kind) if kind else user_with(AllianceFactory())
    with pytest.raises(PermissionDenied):
        ask(seat, decision, person, by=other)
    ask(seat, decision, person)
    shown = panel(alliance, other, decision)
    assert shown is None or not shown.context["boards"]


def test_a_withdrawn_delegate_neither_sees_nor_acts(client, alliance, seat, decision, person):
    ask(seat, decision, person)
    withdraw(person=person, reference=decision.reference, reason="other", by=person.user, now=NOW)
    with pytest.raises(PermissionDenied):
        ask(seat, decision, person)
    client.force_login(person.user, backend=BACKEND)
    page = client.get(reverse("concertation_in:my_mandates", args=[alliance.slug])).content.decode()
    assert decision.title not in page
    assert "Engager deux jours?" not in page
    assert panel(alliance, person.user, decision) is None
    token = links.make(person=person, purpose="mandates")
    client.logout()
    assert decision.title not in client.get(reverse("concertation:mandates_link", args=[token])).content.decode()


@pytest.mark.parametrize("road", ["own", "link", "agent"])
def test_the_page_by_each_road(client, alliance, seat, decision, person, road):
    if road == "own":
        client.force_login(person.user, backend=BACKEND)
        address = reverse("concertation_in:my_mandates", args=[alliance.slug])
    elif road == "agent":
        client.force_login(user_with(alliance), backend=BACKEND)
        address = reverse("concertation_in:seat_mandates", args=[alliance.slug, seat.pk])
    else:
        address = reverse("concertation:mandates_link", args=[links.make(person=person, purpose="mandates")])
    assert decision.title in client.get(address).content.decode()
    on = {"seat": seat.pk, "decision": decision.uuid}
    refused = client.post(address, {**on, "question": "", "board_on": "2099-01-01"})
    assert refused.status_code == 400
    assert "2099-01-01" in refused.content.decode()
    assert client.post(address, {**on, "question": "Combien?", "board_on": "2099-01-01"})["Location"] == address
    assert client.post(address, {**on, "answer": "Deux", "on": "2099-01-02"})["Location"] == address
    assert client.post(address, {"seat": seat.pk, "mandate": "Appuyer"})["Location"] == address
    rows = {row.decision_id: row for row in DelegateMandate.objects.all()}
    assert (rows[decision.pk].answer, rows[None].mandate) == ("Deux", "Appuyer")


def test_no_one_acts_on_another_seat_from_their_page(client, alliance, space, seat, person):
    other = member_of(space)
    client.force_login(other.user, backend=BACKEND)
    address = reverse("concertation_in:my_mandates", args=[alliance.slug])
    assert client.post(address, {"seat": seat.pk, "mandate": "Pris"}).status_code == 403


def test_a_board_that_has_met_is_asked_once(alliance, seat, decision, person, mailoutbox):
    person.email = "deleguee@exemple.test"
    person.save()
    ask(seat, decision, person)
    [daily] = [one for one in contributions.daily if one.room == "concertation-endorsements"]
    assert daily.run(NOW) == 0
    after = dt.datetime(2026, 12, 5, 12, tzinfo=dt.UTC)
    assert (daily.run(after), daily.run(after)) == (1, 0)
    assert decision.title in mailoutbox[0].body
    keys = {todo.key for todo in contributions.todo.collect(alliance, person.user, dt.date(2026, 12, 5))}
    assert any(key.startswith("board:") for key in keys)


def test_a_withdrawn_delegate_is_not_reminded(alliance, seat, decision, person, mailoutbox):
    person.email = "deleguee@exemple.test"
    person.save()
    ask(seat, decision, person)
    withdraw(person=person, reference=decision.reference, reason="other", by=person.user, now=NOW)
    [daily] = [one for one in contributions.daily if one.room == "concertation-endorsements"]
    assert daily.run(dt.datetime(2026, 12, 5, 12, tzinfo=dt.UTC)) == 0
    assert not mailoutbox


def test_the_page_runs_as_many_queries_for_one_decision_as_for_many(
    client, alliance, space, seat, decision, person, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(person.user, backend=BACKEND)
    address = reverse("concertation_in:my_mandates", args=[alliance.slug])
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(12):
        decision_in(space, title=f"Autre {number}")
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_mandates_are_exported_and_erased(seat, decision, person):
    ask(seat, decision, person)
    [data] = [one for one in contributions.personal_data if one.room == "concertation-endorsements"]
    assert "Engager deux jours?" in json.dumps(data.export(person))
    assert data.erase(person) == 1
    assert DelegateMandate.objects.get().person is None


def test_the_public_log_names_neither_an_actor_nor_a_space_that_is_not_shown(alliance, seat, decision, person):
    seat.actor.is_public = seat.space.is_public = False
    seat.actor.save()
    seat.space.save()
    ask(seat, decision, person, by=user_with(alliance))
    told = ActInName.objects.get(kind="mandate-recorded")
    assert (told.on_behalf, told.label) == ("", "Un espace qui n’est pas public")


def test_a_citizens_college_has_peers_and_no_board(client, alliance, space, decision):
    citizen = member_of(space, actor=ActorFactory(alliance=alliance, type="citizens", name="Collège citoyen"))
    client.force_login(citizen.user, backend=BACKEND)
    page = reverse("concertation_in:my_mandates", args=[alliance.slug])
    text = client.get(page).content.decode()
    for words in (
        "Ce que votre collège vous mandate",
        "Mandat donné par votre collège",
        "Cela doit retourner aux pairs",
    ):
        assert words in text
    assert "administration" not in text.replace("Réponses attendues", "")
    seat = citizen.seats_held.get().seat
    ask(seat, decision, citizen)
    text = client.get(page).content.decode()
    assert "Réponse de vos pairs" in text
    assert "administration" not in text
    shown = panel(alliance, member_of(space).user, decision)
    assert "doit retourner aux pairs le 3" in render_to_string(shown.template, shown.context)


def test_a_citizen_is_reminded_of_their_peers(alliance, space, decision, mailoutbox):
    citizen = member_of(space, actor=ActorFactory(alliance=alliance, type="citizens", name="Collège citoyen"))
    citizen.email = "citoyenne@exemple.test"
    citizen.save()
    ask(citizen.seats_held.get().seat, decision, citizen)
    now = dt.datetime(2026, 12, 5, 12, tzinfo=dt.UTC)
    [daily] = [one for one in contributions.daily if one.room == "concertation-endorsements"]
    assert daily.run(now) == 1
    (message,) = mailoutbox
    assert message.subject == "Qu’ont répondu vos pairs?"
    assert "Vous deviez rencontrer vos pairs le 3" in message.body
