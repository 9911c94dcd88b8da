"""Conflicts of interest found from the data, the question put to the person, and what withdrawing closes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import RequestFactory
from django.urls import reverse

from maillage.actors.interests.selectors import has_withdrawn
from maillage.actors.interests.services import withdraw
from maillage.actors.models import Interest, Mandate, Withdrawal
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.found import (
    conflicts_in,
    conflicts_of,
    to_answer,
)
from maillage.concertation.endorsements.gate import gate, key_of, require_free
from maillage.concertation.models import Endorsement, Minutes, NoConflict
from tests.concertation.endorsements.making import DAY, NOW, concerned, decision_in, item_in, member_of
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def request_of(person, method="get"):
    request = getattr(RequestFactory(), method)("/x/")
    request.user = person.user
    request.alliance = person.alliance
    request.session = {}
    return request


@pytest.mark.parametrize("how", ["proposes", "carries-out", "concerned"])
def test_the_seat_of_an_actor_that_proposes_carries_out_or_is_concerned(space, actor, person, how):
    decision = decision_in(space)
    concerned(decision, actor, how)
    [found] = conflicts_of(person, decision, DAY)
    assert (found.actor, found.reason, found.through) == (actor, how, "seat")
    assert conflicts_of(member_of(space), decision, DAY) == []


def test_mandates_and_declared_interests_count_while_they_hold(alliance, space, actor):
    decision = decision_in(space)
    concerned(decision, actor)
    speaks, declared, former = member_of(space), member_of(space), member_of(space)
    Mandate.objects.create(person=speaks, actor=actor)
    Interest.objects.create(person=declared, actor=actor, kind="family", what="x", is_private=True)
    Mandate.objects.create(person=former, actor=actor, until=DAY)
    assert [one.through for one in conflicts_of(speaks, decision, DAY)] == ["mandate"]
    assert [one.through for one in conflicts_of(declared, decision, DAY)] == ["interest"]
    assert conflicts_of(former, decision, DAY) == []
    assert set(conflicts_in(decision, DAY)) == {speaks.pk, declared.pk}


def test_the_presenter_proposes_unless_said_without_interest(space, actor, person):
    decision = decision_in(space, presenter=actor)
    assert [one.reason for one in conflicts_of(person, decision, DAY)] == ["proposes"]
    concerned(decision, actor, "proposes", interest=False)
    assert conflicts_of(person, decision, DAY) == []


def test_a_shared_task_without_interest_is_no_conflict(space, actor, person):
    decision = decision_in(space)
    concerned(decision, actor, "carries-out", interest=False)
    assert conflicts_of(person, decision, DAY) == []


def test_an_agenda_item_through_its_presenter_and_its_decisions(space, actor, person):
    item = item_in(space, presenter=actor)
    assert conflicts_of(person, item, DAY)
    assert not conflicts_of(person, item_in(space, presenter=actor, kind="information"), DAY)
    other = item_in(space)
    concerned(decision_in(space, agenda_item=other), actor)
    assert conflicts_of(person, other, DAY)


def test_who_steers_and_speaks_for_the_actor_is_found_too(alliance, space, actor):
    agent = RoleFactory(person__alliance=alliance, kind="agent").person
    Mandate.objects.create(person=agent, actor=actor)
    decision = decision_in(space, presenter=actor)
    assert agent.pk in conflicts_in(decision, DAY)


def test_finding_takes_as_many_queries_for_one_as_for_twenty(space, actor, django_assert_max_num_queries):
    decision = decision_in(space)
    concerned(decision, actor)
    for _ in range(20):
        Mandate.objects.create(person=member_of(space), actor=actor)
    with django_assert_max_num_queries(6):
        assert len(conflicts_in(decision, DAY)) == 20


def test_the_question_comes_before_the_deliberation_and_once_answered_no_more(client, alliance, space, actor, person):
    decision = decision_in(space, context="MARQUE-CONTEXTE")
    concerned(decision, actor)
    response = gate(request_of(person), alliance, decision)
    page = response.content.decode()
    assert "Maison du Ruisseau" in page
    assert "Votre organisation est concernée" in page
    assert "MARQUE-CONTEXTE" not in page
    assert gate(request_of(person, "post"), alliance, decision).status_code == 403
    with pytest.raises(PermissionDenied):
        require_free(by=person.user, subject=decision, today=DAY)
    client.force_login(person.user, backend=BACKEND)
    address = reverse("concertation_in:conflict_answer", args=[alliance.slug, key_of(person, decision)])
    refused = client.post(address, {"answer": "none", "words": " ", "next": "/ici/"})
    assert refused.status_code == 400
    assert "Dites en quelques mots" in refused.content.decode()
    answered = client.post(address, {"answer": "none", "words": "Nous n’en tirons rien.", "next": "/ici/"})
    assert answered["Location"] == "/ici/"
    said = NoConflict.objects.get()
    assert (said.person, said.actor, said.words, said.reference) == (
        person, actor, "Nous n’en tirons rien.", decision.reference,
    )  # fmt: skip
    assert gate(request_of(person), alliance, decision) is None
    require_free(by=person.user, subject=decision, today=DAY)


def test_something_found_since_is_asked_about_again(alliance, space, actor, person):
    decision = decision_in(space, presenter=actor)
    conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=NOW, by=person.user)
    assert to_answer(person, decision, DAY) == []
    other = ActorFactory(alliance=alliance)
    Mandate.objects.create(person=person, actor=other)
    concerned(decision, other, "carries-out")
    assert [one.actor for one in to_answer(person, decision, DAY)] == [other]


def test_nobody_is_asked_once_everything_may_be_read(space, actor, person):
    """A closed decision still holds its deliberation until it is published; a point, until its minutes are approved."""
    decision = decision_in(space, presenter=actor, state="closed", outcome="adopted")
    item = item_in(space, presenter=actor, meeting_state="held")
    minutes = Minutes.objects.create(meeting=item.meeting)
    assert to_answer(person, decision, DAY)
    assert to_answer(person, item, DAY)
    decision.is_public = True
    minutes.state = "approved"
    minutes.save()
    assert to_answer(person, decision, DAY) == []
    assert to_answer(person, item, DAY) == []
    assert to_answer(person, item_in(space, presenter=actor, meeting_state="cancelled"), DAY) == []
    assert to_answer(person, decision_in(space, presenter=actor, state="withdrawn"), DAY) == []


def test_withdrawing_from_the_question_works_without_an_account(client, alliance, space, actor):
    person = member_of(space, actor=actor, user=False)
    decision = decision_in(space, presenter=actor)
    address = reverse("concertation_in:conflict_answer", args=[alliance.slug, key_of(person, decision)])
    response = client.post(address, {"answer": "withdraw", "next": "https://ailleurs.test/"})
    assert response["Location"] == alliance.get_absolute_url()
    made = Withdrawal.objects.get()
    assert (made.person, made.actor, made.reason, made.found) == (person, actor, "proposes", True)
    request = RequestFactory().get("/x/")
    request.user, request.session = type("Nobody", (), {"is_authenticated": False, "pk": None})(), {}
    page = gate(request, alliance, decision, person=person).content.decode()
    assert "Vous êtes en retrait de ce point" in page


def test_a_key_made_elsewhere_or_for_another_alliance_opens_nothing(client, alliance, space, actor, person):
    other = AllianceFactory()
    decision = decision_in(space, presenter=actor)
    for slug, key in ((alliance.slug, "cle"), (other.slug, key_of(person, decision))):
        response = client.post(reverse("concertation_in:conflict_answer", args=[slug, key]), {"answer": "withdraw"})
        assert response.status_code == 410
    assert not Withdrawal.objects.exists()


def test_nobody_answers_for_another(alliance, space, actor, person):
    agent = RoleFactory(person__alliance=alliance, kind="agent").person.user
    with pytest.raises(PermissionDenied):
        conflicts.say_no_conflict(
            person=person, subject=decision_in(space, presenter=actor), words="Rien", now=NOW, by=agent
        )


def test_after_withdrawing_one_no_longer_says_there_is_no_conflict(space, actor, person):
    decision = decision_in(space, presenter=actor)
    conflicts.leave(person=person, subject=decision, now=NOW, by=person.user)
    with pytest.raises(ValidationError):
        conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=NOW, by=person.user)
    with pytest.raises(PermissionDenied):
        require_free(by=person.user, subject=decision, today=DAY)


def test_leaving_a_decision_closes_its_item_and_its_resolution_but_not_the_other_decisions(alliance, space, person):
    item = item_in(space)
    left, other = decision_in(space, agenda_item=item), decision_in(space, agenda_item=item)
    resolution = Endorsement.objects.create(
        alliance=alliance, decision=left, title="x", council=ActorFactory(alliance=alliance)
    )
    withdraw(person=person, reference=left.reference, reason="other", by=person.user, now=NOW)
    seen = [has_withdrawn(person.user, row.reference) for row in (left, item, resolution, other)]
    assert seen == [True, True, True, False]


def test_leaving_an_item_closes_every_decision_made_in_it_even_later(alliance, space, person):
    item = item_in(space)
    withdraw(person=person, reference=item.reference, reason="other", by=person.user, now=NOW)
    decision = decision_in(space, agenda_item=item)
    fresh = type(person.user).objects.get(pk=person.user.pk)
    assert has_withdrawn(fresh, decision.reference)


def test_a_stranger_is_never_asked(alliance, space, actor):
    decision = decision_in(space, presenter=actor)
    stranger = PersonFactory(alliance=AllianceFactory())
    assert gate(request_of(stranger), alliance, decision) is None
    assert dt.date(2026, 11, 20) == DAY
