"""The public register of withdrawals (counts), and the agent's page of conflicts."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.actors.interests.selectors import has_withdrawn
from maillage.actors.interests.services import lift, withdraw
from maillage.actors.models import Withdrawal, WithdrawalNote
from maillage.alliances.models import ActInName
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.found import Counts, counts, overview
from maillage.concertation.models import Attendance, SeatHolder
from maillage.core import contributions
from tests.concertation.endorsements.making import DAY, NOW, concerned, decision_in, item_in, member_of, space_in
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    RoleFactory,
    SpaceFactory,
    signed_in,
    user_with,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory()


def large(alliance, name="Table Logement"):
    space = SpaceFactory(alliance=alliance, name=name)
    people = [member_of(space) for _ in range(5)]
    return space, people


def left(person, subject, reason="concerned"):
    return withdraw(person=person, reference=subject.reference, reason=reason, by=person.user, now=NOW)


def test_withdrawals_are_counted_by_year_and_space_and_by_year_and_reason(alliance):
    space, people = large(alliance)
    for _ in range(3):
        left(people[0], decision_in(space))
        left(people[3], decision_in(space))
    for person in people:
        left(person, item_in(space), "declared")
    lifted = left(people[2], decision_in(space))
    lift(withdrawal=lifted, why="Erreur", by=user_with(alliance), now=NOW)
    found = counts(alliance)
    assert found.spaces == [(2026, "Table Logement", 11)]
    assert sorted(found.reasons) == [(2026, "l’organisme est concerné", 6), (2026, "un intérêt déclaré", 5)]
    assert found.total == 11


@pytest.mark.parametrize("n", [1, 2, 4])
def test_under_the_threshold_no_number_is_told_anywhere(client, alliance, n):
    space, people = large(alliance)
    for person in people[:n]:
        left(person, decision_in(space))
    assert counts(alliance) == Counts([], [], 0, few=True)
    page = client.get(reverse("concertation_in:withdrawals", args=[alliance.slug])).content.decode()
    assert "Trop peu pour être comptés" in page
    assert "Table Logement" not in page
    [export] = [one for one in contributions.exports.collect(alliance, None, DAY) if one.name == "withdrawals"]
    assert list(export.rows()) == []
    assert "withdrawals" not in {section.key for section in contributions.report.collect(alliance, None, DAY)}


def test_a_lone_withdrawal_is_told_with_others_so_that_no_subtraction_gives_it(alliance):
    space, people = large(alliance)
    other, others = large(alliance, "Table Transport")
    left(others[0], decision_in(other))
    for person in people:
        left(person, decision_in(space))
    left(people[0], decision_in(space), "declared")
    found = counts(alliance)
    assert found.spaces == [(2026, "autres espaces", 7)], "1, and 6 that would give it"
    assert found.reasons == [(2026, "autres raisons", 7)]
    last_year = left(others[1], decision_in(other))
    type(last_year).objects.filter(pk=last_year.pk).update(at=NOW.replace(year=2025))
    found = counts(alliance)
    assert (found.spaces, found.reasons, found.total, found.years_untold) == ([], [], 8, 2)


def test_a_small_or_hidden_space_is_counted_with_the_others(alliance):
    small = SpaceFactory(alliance=alliance, name="Petit comité")
    left(member_of(small), decision_in(small))
    hidden, people = large(alliance, "Comité caché")
    type(hidden).objects.filter(pk=hidden.pk).update(is_public=False)
    for person in people:
        left(person, decision_in(hidden))
    assert counts(alliance).spaces == [(2026, "autres espaces", 6)]


def test_the_page_the_export_and_the_account_say_how_many_never_who(client, alliance):
    space, people = large(alliance)
    person = people[0]
    type(person).objects.filter(pk=person.pk).update(name="Personne Nommée")
    decision = decision_in(space, title="TITRE SECRET")
    for one in people:
        conflicts.leave(person=one, subject=decision, now=NOW, by=one.user, public_words="MOTS")
    actor = person.seats_held.get().seat.actor
    page = client.get(reverse("concertation_in:withdrawals", args=[alliance.slug])).content.decode()
    [export] = [one for one in contributions.exports.collect(alliance, None, DAY) if one.name == "withdrawals"]
    sections = {section.key: section for section in contributions.report.collect(alliance, None, DAY)}
    assert "Table Logement" in page
    rows = [list(row) for row in export.rows()]
    assert rows[0] == [2026, "space", "Table Logement", 5]
    for told in (page, str(rows), str(sections["withdrawals"])):
        for secret in ("Personne Nommée", "TITRE SECRET", "MOTS", actor.name):
            assert secret not in told


def test_the_agent_sees_who_was_found_and_what_they_answered(client, alliance):
    space, people = large(alliance)
    decision = decision_in(space, title="Halte-chaleur", context="MARQUE-CONTEXTE")
    for person in people[:3]:
        concerned(decision, person.seats_held.get().seat.actor)
    conflicts.say_no_conflict(person=people[0], subject=decision, words="Rien pour nous", now=NOW, by=people[0].user)
    conflicts.leave(person=people[1], subject=decision, now=NOW, by=people[1].user)
    assert [line.waits for line in overview(alliance, DAY)].count(True) == 1
    signed_in(client, alliance)
    page = client.get(reverse("concertation_in:conflicts", args=[alliance.slug])).content.decode()
    assert "Rien pour nous" in page
    assert people[2].name in page
    assert "1 réponse est attendue." in page
    assert "MARQUE-CONTEXTE" not in page
    agent = user_with(alliance)
    assert "conflicts" in {todo.key for todo in contributions.todo.collect(alliance, agent, DAY)}


def test_a_withdrawn_agent_does_not_read_what_others_answered(client, alliance):
    space, people = large(alliance)
    decision = decision_in(space)
    concerned(decision, people[0].seats_held.get().seat.actor)
    conflicts.say_no_conflict(person=people[0], subject=decision, words="MARQUE-MOTS", now=NOW, by=people[0].user)
    agent = RoleFactory(person__alliance=alliance, kind="agent").person
    left(agent, decision)
    client.force_login(agent.user, backend=BACKEND)
    assert "MARQUE-MOTS" not in client.get(reverse("concertation_in:conflicts", args=[alliance.slug])).content.decode()


def test_the_agents_page_runs_as_many_queries_for_one_as_for_many(client, alliance, django_assert_num_queries):
    space, people = large(alliance)
    concerned(decision_in(space), people[0].seats_held.get().seat.actor)
    left(people[0], decision_in(space))
    signed_in(client, alliance)
    address = reverse("concertation_in:conflicts", args=[alliance.slug])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(12):
        decision = decision_in(space, title=f"Autre {number}")
        concerned(decision, people[number % 5].seats_held.get().seat.actor)
        left(people[number % 5], decision_in(space))
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_a_member_withdraws_by_a_page_and_lands_where_nothing_is_shown(client, alliance):
    space, people = large(alliance)
    item = item_in(space)
    client.force_login(people[0].user, backend=BACKEND)
    address = reverse("concertation_in:withdraw", args=[alliance.slug, "point", item.uuid])
    assert item.title in client.get(address).content.decode()
    assert "Ce champ est obligatoire" in client.post(address, {}).content.decode()
    assert client.post(address, {"reason": "declared"}).status_code == 302
    assert has_withdrawn(type(people[0].user).objects.get(pk=people[0].user.pk), item.reference)
    assert "Vous êtes en retrait de ce point" in client.get(address).content.decode()
    stranger = member_of(space_in(alliance))
    client.force_login(stranger.user, backend=BACKEND)
    assert client.get(address).status_code == 404


def test_the_agent_writes_down_a_withdrawal_and_someone_else_lifts_it(client, alliance):
    space, people = large(alliance)
    decision = decision_in(space)
    agent = RoleFactory(person__alliance=alliance, kind="agent").person
    client.force_login(agent.user, backend=BACKEND)
    address = reverse("concertation_in:withdraw", args=[alliance.slug, "decision", decision.uuid])
    assert people[0].name in client.get(address, {"personne": ""}).content.decode()
    chosen = f"{address}?personne={people[0].uuid}"
    assert "Ce champ est obligatoire" in client.post(chosen, {"reason": "concerned"}).content.decode()
    client.post(chosen, {"reason": "concerned", "source": "Appel du 12 novembre"})
    note = WithdrawalNote.objects.get()
    confirm = reverse("concertation_in:withdrawal_note", args=[alliance.slug, note.uuid])
    assert "une deuxième personne" in client.get(confirm).content.decode()
    client.post(confirm, {"do": "confirm"})
    assert not Withdrawal.objects.exists()
    assert people[0].name in client.get(reverse("concertation_in:conflicts", args=[alliance.slug])).content.decode()
    second = Client()
    second.force_login(people[1].user, backend=BACKEND)
    assert note.reference not in second.get(confirm).content.decode()
    second.post(confirm, {"do": "confirm"})
    row = Withdrawal.objects.get()
    assert (row.person, row.recorded_by) == (people[0], agent.user)
    lift_it = reverse("concertation_in:withdrawal_lift", args=[alliance.slug, row.uuid])
    assert "Ce champ est obligatoire" in client.post(lift_it, {"why": ""}).content.decode()
    client.post(lift_it, {"why": "Erreur de point"})
    row.refresh_from_db()
    assert row.lifted_why == "Erreur de point"
    own = left(agent, decision)
    assert (
        client.post(
            reverse("concertation_in:withdrawal_lift", args=[alliance.slug, own.uuid]), {"why": "Moi"}
        ).status_code
        == 403
    )


def test_an_unknown_kind_or_an_item_elsewhere_is_not_found(client, alliance):
    signed_in(client, alliance)
    other = decision_in(space_in(AllianceFactory()))
    for kind, key in (("projet", other.uuid), ("decision", other.uuid)):
        assert client.get(reverse("concertation_in:withdraw", args=[alliance.slug, kind, key])).status_code == 404


def test_the_register_is_empty_before_the_first(client, alliance):
    ActorFactory(alliance=alliance)
    page = client.get(reverse("concertation_in:withdrawals", args=[alliance.slug])).content.decode()
    assert "Aucun retrait pour l’instant" in page
    keys = {section.key for section in contributions.report.collect(alliance, None, DAY)}
    assert not keys & {"withdrawals", "endorsements"}


# A withdrawal written down for someone


def written(person, subject, agent, **more):
    asked = {"person": person, "subject": subject, "by": agent, "now": NOW, "reason": "other", "source": "Appel"}
    return conflicts.write_down(**{**asked, **more})


@pytest.mark.parametrize("make", [decision_in, item_in])
def test_who_may_be_the_second_person(alliance, make):
    space, people = large(alliance)
    subject, agent = make(space), user_with(alliance)
    note = written(people[0], subject, agent)
    elsewhere = member_of(SpaceFactory(alliance=alliance)).user
    strangers = [user_with(alliance, kind) for kind in ("observer", "evaluator", "elected")]
    for by in (*strangers, elsewhere, user_with(AllianceFactory()), None):
        for act in (conflicts.confirm, conflicts.turn_down):
            with pytest.raises(PermissionDenied):
                act(note=note, by=by, now=NOW)
    left(people[4], subject)
    with pytest.raises(PermissionDenied):
        conflicts.confirm(note=note, by=people[4].user, now=NOW)
    for act in (conflicts.confirm, conflicts.turn_down):
        with pytest.raises(ValidationError):
            act(note=note, by=agent, now=NOW)
    conflicts.confirm(note=note, by=people[1].user, now=NOW)
    assert has_withdrawn(people[0].user, subject.reference)
    with pytest.raises(ValidationError):
        conflicts.turn_down(note=note, by=people[2].user, now=NOW)
    other = written(people[3], subject, agent)
    conflicts.turn_down(note=other, by=user_with(alliance), now=NOW)
    assert not has_withdrawn(people[3].user, subject.reference)


@pytest.mark.parametrize("state", ["planned", "open", "held", "cancelled"])
def test_in_the_room_it_holds_at_once_for_a_person_noted_present(alliance, state, mailoutbox):
    space, people = large(alliance)
    item = item_in(space)
    type(item.meeting).objects.filter(pk=item.meeting.pk).update(state=state)
    item = conflicts.subject_of(item.reference)
    for person in people[:2]:
        person.email = f"p{person.pk}@exemple.test"
        person.save()
    seat = SeatHolder.objects.get(person=people[0]).seat
    Attendance.objects.create(meeting=item.meeting, kind="seat", seat=seat, actor=seat.actor, type=seat.actor.type)
    there, absent = (written(person, item, user_with(alliance)) for person in people[:2])
    assert isinstance(there, Withdrawal) == (state in {"open", "held"})
    assert isinstance(absent, WithdrawalNote)
    assert len(mailoutbox) == 2
    assert {act.kind for act in ActInName.objects.all()} == {"withdrawal-recorded"}


def test_what_waits_is_shown_to_whoever_may_confirm_and_to_nobody_else(alliance):
    space, people = large(alliance)
    decision, agent = decision_in(space), user_with(alliance)
    written(people[0], decision, agent)

    def keys(user):
        found = contributions.todo.collect(alliance, user, DAY)
        return [row.key for row in found if row.key.startswith("withdrawal:")]

    assert len(keys(people[1].user)) == len(keys(user_with(alliance))) == 1
    for other in (agent, people[0].user, user_with(alliance, "observer")):
        assert keys(other) == []


def test_what_waits_elsewhere_does_not_hide_what_waits_here(alliance, monkeypatch):
    monkeypatch.setattr("maillage.concertation.endorsements.contributions.SHOWN", 2)
    (there, others), (here, people) = large(alliance), large(alliance)
    for number in range(3):
        written(others[number], decision_in(there, title=f"Ailleurs {number}"), user_with(alliance))
    written(people[0], decision_in(here), user_with(alliance))
    rows = contributions.todo.collect(alliance, people[1].user, DAY)
    assert len([row for row in rows if row.key.startswith("withdrawal:")]) == 1


def test_a_substitute_without_a_role_is_told_whom_to_write_to_not_sent_to_a_closed_page(alliance, mailoutbox):
    space, people = large(alliance)
    seat = SeatHolder.objects.get(person=people[0]).seat
    guest = PersonFactory(alliance=alliance, user=None, email="suppleante@exemple.test")
    SeatHolder.objects.create(seat=seat, person=guest, part="substitute")
    people[0].email = "titulaire@exemple.test"
    people[0].save()
    decision = decision_in(space)
    for person in (guest, people[0]):
        written(person, decision, user_with(alliance))
    bodies = {mail.to[0]: mail.body for mail in mailoutbox}
    assert "/interets/" not in bodies["suppleante@exemple.test"]
    assert "dites-le à l’équipe" in bodies["suppleante@exemple.test"]
    assert "/interets/" in bodies["titulaire@exemple.test"]
