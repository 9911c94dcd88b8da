"""Whoever was found in a conflict and has not answered reads nothing of the deliberation yet, by any road."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.actors.interests.selectors import has_withdrawn, left_by, references_left
from maillage.actors.interests.services import withdraw
from maillage.alliances.links import services as links
from maillage.concertation.decisions.services.common import LINK, tell_person
from maillage.concertation.endorsements import conflicts
from maillage.concertation.endorsements.found import asked
from maillage.concertation.minutes.keeping import items_left
from maillage.concertation.models import Endorsement, MeetingInvitation, Minutes, MinutesItem, ProposalVersion
from maillage.core import contributions
from maillage.core.withholding import is_withheld
from tests.concertation.endorsements.making import DAY, concerned, decision_in, item_in, member_of, space_in
from tests.factories import ActorFactory, AllianceFactory, RoleFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def fresh(person):
    return type(person.user).objects.get(pk=person.user_id)


def read(client, person, name, *args):
    client.force_login(person.user, backend=BACKEND)
    response = client.get(reverse(f"concertation_in:{name}", args=args))
    return response.status_code, response.content.decode()


def test_what_was_found_is_kept_from_them_until_they_answer(space, actor, person):
    item = item_in(space)
    decision, other = decision_in(space, agenda_item=item), decision_in(space, agenda_item=item)
    resolution = Endorsement.objects.create(
        alliance=space.alliance, decision=decision, title="x", council=ActorFactory(alliance=space.alliance)
    )
    concerned(decision, actor)
    kept = {decision.reference, item.reference, resolution.reference}
    assert references_left(fresh(person)) == kept == left_by([person.pk])[person.pk]
    assert not has_withdrawn(fresh(person), decision.reference)
    assert is_withheld(person.pk, decision.reference)
    assert not is_withheld(person.pk, other.reference)
    conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=timezone.now(), by=person.user)
    assert references_left(fresh(person)) == frozenset()
    assert not is_withheld(person.pk, decision.reference)


def test_whoever_presents_the_point_answers_before_its_decisions(space, actor, person, client):
    item = item_in(space, presenter=actor)
    decision = decision_in(space, agenda_item=item, context="MARQUE")
    ProposalVersion.objects.create(decision=decision, number=1, text="MARQUE")
    assert references_left(fresh(person)) == {item.reference, decision.reference}
    status, page = read(client, person, "decision", "ici", decision.uuid)
    assert (status, "êtes-vous en conflit" in page.lower(), "MARQUE" in page) == (200, True, False)
    conflicts.say_no_conflict(person=person, subject=item, words="Rien", now=timezone.now(), by=person.user)
    assert "MARQUE" in read(client, person, "decision", "ici", decision.uuid)[1]


def test_one_answer_on_the_decision_is_enough_for_the_same_conflict_over_its_point(space, actor, person):
    item = item_in(space, presenter=actor)
    decision = decision_in(space, agenda_item=item, presenter=actor)
    conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=timezone.now(), by=person.user)
    assert references_left(fresh(person)) == frozenset()


def test_answering_for_a_point_answers_for_every_reason_it_holds(space, actor, person):
    """One actor, two reasons in two decisions: no question comes back once the point was answered for."""
    item = item_in(space)
    concerned(decision_in(space, agenda_item=item), actor, "proposes")
    concerned(decision_in(space, agenda_item=item), actor, "carries-out")
    conflicts.say_no_conflict(person=person, subject=item, words="Rien", now=timezone.now(), by=person.user)
    assert references_left(fresh(person)) == frozenset()


def test_leaving_one_decision_is_an_answer_and_closes_no_other(space, actor, person):
    item = item_in(space, presenter=actor)
    decision, other = decision_in(space, agenda_item=item, presenter=actor), decision_in(space, agenda_item=item)
    withdraw(person=person, reference=decision.reference, reason="other", by=person.user, now=timezone.now())
    assert references_left(fresh(person)) == {decision.reference, item.reference}
    assert not is_withheld(person.pk, other.reference)


def test_ties_of_another_alliance_or_of_the_past_keep_nothing(space, actor, person):
    decision = decision_in(space, presenter=actor)
    stranger = member_of(space_in(AllianceFactory()))
    former = member_of(space, actor=actor, part="substitute")
    former.seats_held.update(since=dt.date(2020, 1, 1), until=dt.date(2024, 1, 1))
    assert references_left(fresh(stranger)) == references_left(fresh(former)) == frozenset()
    assert references_left(fresh(person)) == {decision.reference}


def test_as_many_queries_for_one_item_as_for_many(space, actor, person):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            left = left_by([person.pk])
        return len(seen), len(left[person.pk])

    for number in (1, 30):
        for _ in range(number):
            item = item_in(space, presenter=actor)
            concerned(decision_in(space, agenda_item=item), actor)
    one = queries()
    assert one[1] == 62
    for _ in range(20):
        concerned(decision_in(space, agenda_item=item_in(space, presenter=actor)), actor)
    assert queries() == (one[0], 102)
    assert one[0] <= 14


def test_an_elected_official_still_reads_the_resolution_to_disclose_and_abstain(space, actor, person, client):
    """The law: they disclose their interest in session and abstain. They may stay; the decision still asks first."""
    decision = decision_in(space, presenter=actor, state="closed", outcome="adopted", context="MARQUE")
    ProposalVersion.objects.create(decision=decision, number=1, text="MARQUE")
    resolution = Endorsement.objects.create(
        alliance=space.alliance, decision=decision, title="La résolution", resolved="RÉSOLU",
        council=ActorFactory(alliance=space.alliance), state="sent", sent_on=space.alliance.today(),
        session_on=space.alliance.today(),
    )  # fmt: skip
    status, page = read(client, person, "endorsement", "ici", resolution.uuid)
    assert (status, "RÉSOLU" in page, "Votre organisation est concernée" in page) == (200, False, True)
    RoleFactory(person=person, kind="elected")
    assert "RÉSOLU" in read(client, person, "endorsement", "ici", resolution.uuid)[1]
    assert "MARQUE" not in read(client, person, "decision", "ici", decision.uuid)[1]
    client.post(
        reverse("concertation_in:endorsement_announce", args=["ici", resolution.uuid]),
        {"elected_as": "Conseillère", "nature": "Siège au conseil"},
    )
    assert resolution.interests.get().person == person


def test_pages_show_the_neutral_title_and_where_to_answer(space, actor, person, client):
    item = item_in(space, presenter=actor, title="Le point neutre", preparation="MARQUE")
    meeting = item.meeting
    MeetingInvitation.objects.create(meeting=meeting, person=person, sent_at=timezone.now())
    decision = decision_in(space, title="La décision neutre", agenda_item=item, context="MARQUE")
    minutes = Minutes.objects.create(meeting=meeting, state="circulated", circulated_at=timezone.now())
    MinutesItem.objects.create(minutes=minutes, item=item, text="MARQUE")
    ask = reverse("concertation_in:withdraw", args=["ici", "point", item.uuid])
    for name, args in (("meeting", [meeting.uuid]), ("minutes", [meeting.uuid])):
        status, page = read(client, person, name, "ici", *args)
        assert (status, "MARQUE" in page) == (200, False), name
        assert "Le point neutre" in page
        assert ask in page
        assert "Vous êtes en retrait" not in page
    page = read(client, person, "decisions", "ici")[1]
    assert "La décision neutre" in page
    assert "Répondez d’abord" in page
    status, page = read(client, person, "withdraw", "ici", "point", item.uuid)
    assert "Votre organisation est concernée" in page
    assert f'value="{meeting.get_absolute_url()}"' in page
    assert decision.get_absolute_url() not in page


def test_the_agents_pages_of_a_point_ask_first_instead_of_answering_404(space, actor, client):
    agent = member_of(space, actor=actor, kind="agent")
    item = item_in(space, presenter=actor, preparation="MARQUE")
    client.force_login(agent.user, backend=BACKEND)
    for name in ("agenda_item", "note"):
        address = reverse(f"concertation_in:{name}", args=["ici", item.meeting.uuid, item.uuid])
        response = client.post(address, {"text": "x"})
        assert (response.status_code, "MARQUE" in response.content.decode()) == (403, False)
    assert (
        "Votre organisation est concernée" in read(client, agent, "agenda_item", "ici", item.meeting.uuid, item.uuid)[1]
    )


def test_mails_say_only_that_an_answer_is_awaited(space, actor, person):
    person.email = "personne@exemple.test"
    person.save()
    decision = decision_in(space, presenter=actor)
    common = {
        "person": person,
        "decision": decision,
        "kind": "position-asked",
        "subject": "MARQUE",
        "lines": ["MARQUE"],
    }
    sent = tell_person(**common, site="https://exemple.test", now=timezone.now(), must=True)
    assert sent
    [message] = mail.outbox
    assert "Répondez d’abord" in message.subject
    assert "MARQUE" not in message.subject + message.body
    assert "conflit d’intérêts" in message.body
    assert not tell_person(**common, site="https://exemple.test", now=timezone.now())
    conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=timezone.now(), by=person.user)
    assert tell_person(**common, site="https://exemple.test", now=timezone.now(), must=True)
    assert "MARQUE" in mail.outbox[-1].body


def test_the_personal_address_asks_first_too(space, actor, client):
    person = member_of(space, actor=actor, user=False)
    decision = decision_in(space, presenter=actor, context="MARQUE")
    ProposalVersion.objects.create(decision=decision, number=1, text="MARQUE")
    token = links.make(person=person, purpose=LINK, reference=decision.reference)
    page = client.get(reverse("concertation:position", args=[token])).content.decode()
    assert ("Votre organisation est concernée" in page, "MARQUE" in page) == (True, False)


def test_what_takes_a_decision_up_again_is_named_to_whom_may_read_it(space, actor, person, client):
    """One in preparation is for those who prepare it; one the reader left, or must answer first, is not named."""
    agent = RoleFactory(person__alliance=space.alliance, kind="agent").person
    first = decision_in(space)
    ProposalVersion.objects.create(decision=first, number=1, text="x")
    decision_in(space, title="BROUILLON", after=first, state="draft", opened_at=None)
    decision_in(space, title="OUVERTE", after=first)
    concerned(decision_in(space, title="EN-CONFLIT", after=first), actor)
    left = decision_in(space, title="QUITTÉE", after=first)
    withdraw(person=person, reference=left.reference, reason="other", by=person.user, now=timezone.now())

    def named(reader):
        page = read(client, reader, "decision", "ici", first.uuid)[1]
        return [title for title in ("BROUILLON", "OUVERTE", "EN-CONFLIT", "QUITTÉE") if title in page]

    assert named(person) == ["OUVERTE"]
    assert named(agent) == ["BROUILLON", "OUVERTE", "EN-CONFLIT", "QUITTÉE"]


def test_a_proposal_is_not_brought_to_a_point_its_writer_must_not_read(space, actor, client):
    agent = member_of(space, actor=actor, kind="agent")
    kept, left, asked = (item_in(space, title=title) for title in ("PERMIS", "QUITTÉ", "EN-CONFLIT"))
    withdraw(person=agent, reference=left.reference, reason="other", by=agent.user, now=timezone.now())
    concerned(decision_in(space, agenda_item=asked), actor)
    client.force_login(agent.user, backend=BACKEND)
    address = f"{reverse('concertation_in:decision_new', args=['ici'])}?espace={space.uuid}"
    page = client.get(address).content.decode()
    assert ("PERMIS" in page, "QUITTÉ" in page, "EN-CONFLIT" in page) == (True, False, False)
    draft = decision_in(space, agenda_item=kept, state="draft", opened_at=None)
    ProposalVersion.objects.create(decision=draft, number=1, text="x")
    page = read(client, agent, "decision_edit", "ici", draft.uuid)[1]
    assert ("PERMIS" in page, "QUITTÉ" in page, "EN-CONFLIT" in page) == (True, False, False)


def test_whoever_withdrew_is_not_asked_again(space, actor, person, client):
    item = item_in(space, presenter=actor)
    withdraw(person=person, reference=item.reference, reason="other", by=person.user, now=timezone.now())
    assert asked(person, item, DAY) is None
    status, page = read(client, person, "withdraw", "ici", "point", item.uuid)
    assert (status, "êtes-vous en conflit" in page.lower()) == (200, False)
    assert 'name="answer"' not in page


def test_a_published_decision_is_everyones_whatever_waits_on_its_point(space, actor, person):
    item = item_in(space, presenter=actor, meeting_state="held")
    known = {"agenda_item": item, "state": "closed", "outcome": "adopted"}
    shown, kept = decision_in(space, **known, is_public=True), decision_in(space, **known)
    assert references_left(fresh(person)) == {item.reference, kept.reference}
    assert not is_withheld(person.pk, shown.reference)


def test_what_one_is_asked_waits_among_what_one_has_to_do(space, actor, person):
    item, decision = item_in(space, presenter=actor), decision_in(space, presenter=actor)

    def waiting():
        rows = contributions.todo.collect(space.alliance, fresh(person), DAY)
        return sorted(row.key for row in rows if row.key.startswith(("conflict:", "withdrawal-of-mine:")))

    assert waiting() == [f"conflict:{item.reference}", f"conflict:{decision.reference}"]
    conflicts.say_no_conflict(person=person, subject=decision, words="Rien", now=timezone.now(), by=person.user)
    assert waiting() == [f"conflict:{item.reference}"]
    note = conflicts.write_down(
        person=person, subject=item, by=user_with(space.alliance), now=timezone.now(), reason="other", source="Appel"
    )
    assert waiting() == [f"conflict:{item.reference}", f"withdrawal-of-mine:{note.uuid}"]


def test_minutes_by_a_personal_address_ask_as_much_for_one_point_as_for_many(space, actor, person):
    first = item_in(space, presenter=actor)
    decision_in(space, agenda_item=first)
    more = [item_in(space) for _ in range(12)]

    def queries(items):
        with CaptureQueriesContext(connection) as seen:
            assert items_left(person, items) == {first.pk}
        return len(seen)

    assert queries([first]) == queries([first, *more])
