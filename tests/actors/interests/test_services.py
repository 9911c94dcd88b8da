"""Declaring, withdrawing, lifting: who may, what is kept, who reads which words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from maillage.actors.interests import services
from maillage.actors.interests.selectors import (
    has_withdrawn,
    interests_read_by,
    left_by,
    person_has_left,
    references_left,
)
from maillage.actors.models import Interest, InterestReview, Withdrawal
from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.core.models import AuditEntry, AuditPersonalValue
from maillage.core.withholding import is_withheld
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory, user_with

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
ITEM = "concertation.decision:00000000-0000-0000-0000-000000000001"


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def person(alliance):
    return RoleFactory(person__alliance=alliance).person


def withdraw(person, **more):
    return services.withdraw(**{"person": person, "reference": ITEM, "reason": "concerned", "now": NOW, **more})


def test_a_person_declares_and_it_is_logged_without_words(alliance, person):
    actor = ActorFactory(alliance=alliance)
    made = services.declare(person=person, kind="office", what="Trésorière", actor=actor, by=person.user, now=NOW)
    assert (made.kind, made.what, made.is_private, made.recorded_by, made.declared_at) == (
        "office", "Trésorière", False, None, NOW,
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="actors.interest_declared")
    assert entry.after == {"kind": "office", "actor": actor.pk}
    assert not AuditPersonalValue.objects.filter(entry=entry).exists()
    assert InterestReview.objects.get(person=person).at == NOW
    assert not ActInName.objects.exists()


def test_the_same_declared_twice_is_one(person):
    first = services.declare(person=person, kind="interest", what="Terrain", by=person.user, now=NOW)
    assert services.declare(person=person, kind="interest", what=" Terrain ", by=person.user, now=NOW) == first


def test_a_family_tie_is_always_private_and_only_the_person_declares_it(person, agent):
    made = services.declare(person=person, kind="family", what="Ma sœur y travaille", by=person.user, now=NOW)
    assert made.is_private
    with pytest.raises(ValidationError):
        services.declare(person=person, kind="family", what="Sa sœur", source="appel", by=agent, now=NOW)


def test_what_the_agent_writes_for_someone_is_marked_with_its_source_and_told(person, agent):
    with pytest.raises(ValidationError):
        services.declare(person=person, kind="office", what="Trésorier", by=agent, now=NOW)
    made = services.declare(person=person, kind="office", what="Trésorier", source="appel du 3", by=agent, now=NOW)
    assert (made.recorded_by, made.source) == (agent, "appel du 3")
    told = ActInName.objects.get(kind="interest-recorded")
    assert told.at == NOW
    assert (told.reference, told.on_behalf, told.source) == ("", "", "")


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_nobody_else_declares_reads_or_withdraws_for_a_person(alliance, person, kind):
    other = user_with(alliance, kind)
    services.declare(person=person, kind="office", what="Trésorier", by=person.user, now=NOW)
    with pytest.raises(PermissionDenied):
        services.declare(person=person, kind="office", what="Autre", source="x", by=other, now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw(person, by=other)
    assert interests_read_by(other, person) == []
    assert interests_read_by(None, person) == []
    assert interests_read_by(user_with(AllianceFactory()), person) == []


def test_without_anyone_only_a_personal_address_acts(person):
    with pytest.raises(PermissionDenied):
        withdraw(person, by=None)
    assert withdraw(person, by=None, via="link").recorded_by is None
    assert AuditEntry.objects.get(action="actors.withdrew").via == "link"


def test_who_steers_reads_offices_but_never_the_words_of_a_family_tie(alliance, person, agent):
    actor = ActorFactory(alliance=alliance)
    for kind, what in (("office", "Trésorier"), ("family", "Ma sœur y travaille")):
        services.declare(person=person, kind=kind, what=what, actor=actor, by=person.user, now=NOW)
    read = {row.kind: (row.what, row.actor) for row in interests_read_by(agent, person)}
    assert read == {"office": ("Trésorier", actor), "family": ("", actor)}
    assert {row.what for row in interests_read_by(person.user, person)} == {"Trésorier", "Ma sœur y travaille"}
    assert {row.what for row in interests_read_by(None, person, herself=True)} == {"Trésorier", "Ma sœur y travaille"}


def test_an_interest_ends_and_stays(person):
    made = services.declare(
        person=person, kind="office", what="Trésorier", since=dt.date(2026, 1, 1), by=person.user, now=NOW
    )
    with pytest.raises(ValidationError):
        services.end_interest(interest=made, on=dt.date(2025, 1, 1), by=person.user)
    services.end_interest(interest=made, on=dt.date(2026, 12, 1), by=person.user)
    with pytest.raises(ValidationError):
        services.end_interest(interest=Interest.objects.get(), on=dt.date(2026, 12, 1), by=person.user)
    assert Interest.objects.get().until == dt.date(2026, 12, 1)


def test_only_the_person_confirms(person, agent):
    with pytest.raises(PermissionDenied):
        services.confirm(person=person, by=agent, now=NOW)
    services.confirm(person=person, by=person.user, now=NOW)
    assert InterestReview.objects.get().at == NOW


def test_a_withdrawal_holds_at_once_in_the_same_request_and_twice_is_once(alliance, person):
    user = person.user
    assert not has_withdrawn(user, ITEM)
    first = withdraw(person, by=user)
    assert has_withdrawn(user, ITEM)
    assert references_left(user) == {ITEM}
    assert is_withheld(person.pk, ITEM)
    assert person_has_left(person, ITEM)
    assert withdraw(person, by=user, reason="other") == first
    assert Withdrawal.objects.get().reason == "concerned"
    assert not has_withdrawn(RoleFactory(person__alliance=alliance).person.user, ITEM)


def test_asking_again_costs_nothing(person, django_assert_num_queries):
    withdraw(person, by=person.user)
    assert has_withdrawn(person.user, ITEM)
    with django_assert_num_queries(0):
        assert not has_withdrawn(person.user, "concertation.decision:autre")
        assert references_left(person.user)


def test_many_persons_are_asked_in_a_bounded_number_of_queries(alliance, django_assert_num_queries):
    people = [PersonFactory(alliance=alliance) for _ in range(20)]
    for who in people:
        withdraw(who, by=who.user)
    with django_assert_num_queries(4):
        assert len(left_by([who.pk for who in people])) == 20


def test_unknown_reasons_items_and_actors_are_refused(person):
    for wrong in (
        {"reason": "caprice"},
        {"reference": "n’importe quoi"},
        {"reference": "concertation.decision:x"},
        {"actor": ActorFactory()},
    ):
        with pytest.raises(ValidationError):
            withdraw(person, by=person.user, **wrong)
    assert not Withdrawal.objects.exists()


def test_no_one_alone_withdraws_somebody_else(alliance, person, agent):
    for alone in ({}, {"recorded_by": agent}):
        with pytest.raises(ValidationError) as refused:
            withdraw(person, by=agent, **alone)
        assert refused.value.code == "alone"
    assert not Withdrawal.objects.exists()


def test_a_withdrawal_said_in_the_room_is_marked_and_told_without_saying_who(alliance, person, agent):
    made = withdraw(person, by=agent, actor=ActorFactory(alliance=alliance), present=True)
    assert made.recorded_by == agent
    told = ActInName.objects.get(kind="withdrawal-recorded")
    assert (told.reference, told.on_behalf, told.label) == (ITEM, "", "Retrait noté au nom d’un membre")


def note(person, **more):
    asked = {"person": person, "reference": ITEM, "reason": "concerned", "source": "Appel du 3", "now": NOW}
    return services.note(**{**asked, **more})


@pytest.fixture
def written_to(person):
    person.email = "membre@exemple.test"
    person.save()
    return person


def test_what_is_written_down_hides_nothing_before_a_second_person(alliance, written_to, agent, mailoutbox):
    made = note(written_to, by=agent)
    assert note(written_to, by=agent) == made
    assert not has_withdrawn(written_to.user, ITEM)
    told = ActInName.objects.get()
    assert (told.kind, told.done_by, told.on_behalf) == ("withdrawal-recorded", agent, "")
    assert "à confirmer" in told.label
    second = user_with(alliance, "member")
    left = withdraw(written_to, by=second, recorded_by=agent)
    made.refresh_from_db()
    assert (left.recorded_by, made.settled_by, made.confirmed) == (agent, second, True)
    assert has_withdrawn(type(second).objects.get(pk=written_to.user_id), ITEM)
    assert ActInName.objects.filter(kind="withdrawal-confirmed", done_by=second).count() == 1
    assert [mail.to for mail in mailoutbox] == [["membre@exemple.test"]] * 2


def test_who_writes_down_a_withdrawal_and_from_what(alliance, person, agent):
    for by in (user_with(alliance, "member"), user_with(alliance, "observer"), user_with(AllianceFactory()), None):
        with pytest.raises(PermissionDenied):
            note(person, by=by)
    RoleFactory(person=person, kind=Role.Kind.AGENT)
    for wrong in ({"by": person.user}, {"source": " "}, {"reason": "x"}, {"reference": "x"}, {"actor": ActorFactory()}):
        with pytest.raises(ValidationError):
            note(person, **{"by": agent, **wrong})
    withdraw(person, by=person.user)
    with pytest.raises(ValidationError):
        note(person, by=agent)


def test_the_person_says_that_they_do_not_withdraw(alliance, person, agent):
    made = note(person, by=agent)
    for by in (agent, user_with(alliance, "member"), None):
        with pytest.raises(PermissionDenied):
            services.refuse_note(note=made, now=NOW, by=by)
    services.refuse_note(note=made, now=NOW, by=None, via="link")
    services.refuse_note(note=made, now=NOW, by=person.user)
    made.refresh_from_db()
    assert (made.settled_at, made.confirmed) == (NOW, False)
    assert AuditEntry.objects.filter(action="actors.withdrawal_note_dropped").count() == 1


def test_whoever_withdraws_themselves_settles_what_was_written_down(person, agent):
    made = note(person, by=agent)
    assert withdraw(person, by=person.user).recorded_by is None
    made.refresh_from_db()
    assert made.settled_by == person.user


def test_nobody_whose_role_ended_is_written_to_of_a_withdrawal(alliance, written_to, agent, mailoutbox):
    written_to.roles.update(until=alliance.today())
    note(written_to, by=agent)
    assert mailoutbox == []


def test_the_withdrawn_person_never_lifts_it_even_as_agent(alliance, person, agent):
    RoleFactory(person=person, kind=Role.Kind.AGENT)
    made = withdraw(person, by=person.user)
    for refused in (person.user, None, user_with(alliance, "member"), user_with(AllianceFactory())):
        with pytest.raises(PermissionDenied):
            services.lift(withdrawal=made, why="Erreur", by=refused, now=NOW)
    with pytest.raises(ValidationError):
        services.lift(withdrawal=made, why=" ", by=agent, now=NOW)
    services.lift(withdrawal=made, why="Erreur de point", by=agent, now=NOW)
    services.lift(withdrawal=made, why="Deux fois", by=agent, now=NOW)
    assert not has_withdrawn(person.user, ITEM)
    made.refresh_from_db()
    assert (made.lifted_at, made.lifted_why) == (NOW, "Erreur de point")
    assert AuditEntry.objects.filter(action="actors.withdrawal_lifted").count() == 1
    assert ActInName.objects.filter(kind="withdrawal-lifted").count() == 1
    again = withdraw(person, by=person.user, now=timezone.now())
    assert again.pk != made.pk
    assert has_withdrawn(person.user, ITEM)
