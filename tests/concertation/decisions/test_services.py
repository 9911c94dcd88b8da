"""Decisions through their services: each hard case by its name."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.actors.interests import services as interests
from maillage.actors.models import Withdrawal
from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Role
from maillage.concertation import services as spaces
from maillage.concertation.decisions import services
from maillage.concertation.decisions.selectors import picture_of
from maillage.concertation.decisions.services.common import Late, Outdated
from maillage.concertation.models import (
    Decision,
    DecisionConcern,
    Facilitation,
    Objection,
    Position,
    SeatHolder,
    SeatPlan,
    SpaceSetting,
)
from maillage.core.access import may
from maillage.core.models import AuditEntry
from tests.concertation.decisions.world import LATER, NOW, SITE, TEXT, hold, member, table
from tests.concertation.meetings.factories import ItemFactory
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


# From the proposal to the outcome


def test_a_decision_is_written_opened_answered_and_closed():
    t = table()
    decision = t.open()
    assert (decision.code, decision.seats, decision.state) == ("2026-1", 5, "open")
    for index in range(4):
        t.say(index, "agree")
    t.say(4, "reservation", "Si le comité vérifie.")
    closed = t.close()
    assert (closed.outcome, closed.tally["reason"], closed.has_dissent) == ("adopted", "unopposed", False)
    assert (closed.tally["agree"], closed.tally["reservation"], closed.tally["present"]) == (4, 1, 5)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    wanted = {"decision_created", "decision_opened", "position_taken", "decision_closed"}
    assert {f"concertation.{code}" for code in wanted} <= actions


def test_the_rule_and_quorum_of_the_space_are_fixed_when_it_opens():
    t = table()
    SpaceSetting.objects.create(space=t.space, rule="qualified", share_percent=75, quorum_percent=50)
    decision = t.open(rule="")
    assert (decision.rule, decision.share_percent, decision.quorum) == ("qualified", 75, 3)
    with pytest.raises(ValidationError, match="ne peut plus changer"):
        services.update_decision(decision=decision, changes={"rule": "majority"}, by=t.agent, now=NOW)


def test_numbers_follow_one_another_in_each_alliance_and_year():
    t, other = table(2), table(2)
    assert [t.open().code, t.open().code, other.open().code] == ["2026-1", "2026-2", "2026-1"]
    # Taken back, its number is not given again: the register has no hole.
    services.take_back(decision=t.decision, by=t.agent, now=NOW)
    assert t.open().code == "2026-3"


def test_between_meetings_a_deadline_is_asked():
    t = table(2)
    with pytest.raises(ValidationError, match="jusqu’à quand"):
        t.open(closes_at=None)
    assert not Decision.objects.filter(state="open").exists()


def test_an_empty_proposal_or_an_empty_table_is_refused_with_a_sentence():
    t = table(0)
    with pytest.raises(ValidationError, match="Écrivez la proposition"):
        services.create_decision(space=t.space, title="Rien", text="  ", by=t.agent, now=NOW)
    with pytest.raises(ValidationError, match="Personne n’a de siège"):
        t.open()


def test_each_holder_is_written_to_once_with_an_address_of_their_own(mailoutbox):
    t = table(3)
    t.open()
    assert {mail.to[0] for mail in mailoutbox} == {person.email for person in t.people}
    assert all("/position/" in mail.body for mail in mailoutbox)


def test_observers_take_no_position():
    t = table(2)
    watching = SeatFactory(space=t.space, actor=ActorFactory(alliance=t.alliance), category="Membre observateur")
    hold(watching, member(t.alliance))
    assert t.open().seats == 2


# Positions


def test_a_changed_position_is_kept():
    t = table(2)
    t.open()
    t.say(0, "abstain")
    t.say(0, "agree", now=NOW + 2 * HOUR)
    first, second = Position.objects.all()
    assert (first.stand, first.aside, second.superseded_at) == ("abstain", "changed", None)
    # Said again in the same words: nothing to keep twice.
    t.say(0, "agree", now=NOW + 2 * HOUR)
    assert Position.objects.count() == 2


def test_an_objection_says_why():
    t = table(2)
    t.open()
    with pytest.raises(ValidationError, match="Une objection dit pourquoi"):
        services.take_position(
            decision=t.decision, key=(t.seats[0].pk, None), person=t.people[0], stand="objection", why=" ",
            by=t.people[0].user, now=NOW,
        )  # fmt: skip


def test_nobody_answers_for_another():
    t = table(2)
    t.open()
    with pytest.raises(PermissionDenied):
        services.take_position(
            decision=t.decision, key=(t.seats[1].pk, None), person=t.people[1], stand="agree", by=t.people[0].user,
            now=NOW,
        )  # fmt: skip
    with pytest.raises(ValidationError, match="n’occupez plus ce siège"):
        t.say(0, "agree", key=(t.seats[1].pk, None))


def test_a_vote_that_closes_while_someone_votes():
    """What is sent too late is refused with a sentence that says when it closed."""
    t = table(2)
    t.open()
    t.say(0, "agree")
    t.close()
    with pytest.raises(Late, match=r"Cette décision a été fermée le 12.*novembre 2026 à 16"):
        t.say(1, "objection", now=NOW + 3 * HOUR)
    assert Position.objects.count() == 1


def test_answers_stop_at_the_hour_that_was_said_and_nothing_closes_by_itself():
    t = table(2)
    t.open(closes_at=NOW + HOUR)
    with pytest.raises(Late, match="arrivée après"):
        t.say(0, "agree", now=NOW + HOUR)
    t.decision.refresh_from_db()
    assert t.decision.state == "open"


def test_two_agents_closing_the_same_decision():
    t = table(2)
    t.open()
    t.say(0, "agree")
    t.close()
    with pytest.raises(Late, match="a été fermée"):
        services.close_decision(decision=t.decision, by=user_with(t.alliance), now=NOW + 3 * HOUR, site=SITE)
    assert AuditEntry.objects.filter(action="concertation.decision_closed").count() == 1


def test_a_member_removed_during_a_decision():
    """Their position counts no more, and is kept."""
    t = table(3)
    t.open()
    for index in range(2):
        t.say(index, "agree")
    t.say(2, "objection")
    spaces.end_seat(seat=t.seats[2], on=t.alliance.today(NOW), by=t.agent)
    with pytest.raises(PermissionDenied):
        t.say(2, "agree", now=NOW + HOUR)
    closed = t.close()
    assert (closed.outcome, closed.tally["seats"], len(closed.tally["gone"])) == ("adopted", 2, 1)
    assert Position.objects.get(stand="objection").superseded_at is None
    assert Objection.objects.get().state == "lifted"
    assert [row.stand for row in picture_of(closed, inside=True, day=t.alliance.today(NOW)).gone] == ["objection"]


def test_a_closed_decision_is_read_as_it_was_counted_whoever_leaves_later():
    t = table(3)
    t.open()
    for index in range(3):
        t.say(index, "agree")
    closed = t.close()
    spaces.end_seat(seat=t.seats[2], on=t.alliance.today(NOW), by=t.agent)
    shown = picture_of(closed, inside=False, day=t.alliance.today(NOW))
    assert (shown.result.agree, shown.groups[0].count) == (3, 3)


# Quorum and withdrawals


def withdraw(t, index, reason="other", **fields):
    person = t.people[index]
    return interests.withdraw(
        person=person, reference=fields.pop("reference", t.decision.reference), reason=reason, now=NOW, by=person.user,
        actor=t.seats[index].actor, **fields,
    )  # fmt: skip


def test_quorum_lost_by_a_withdrawal():
    t = table(4)
    SpaceSetting.objects.create(space=t.space, quorum=4)
    t.open()
    for index in range(3):
        t.say(index, "agree")
    t.say(3, "withdrawn", "Notre organisme la réalisera.", reason="carries-out")
    closed = t.close()
    assert (closed.outcome, closed.tally["reason"], closed.tally["present"]) == ("no-quorum", "quorum-lost", 3)


def test_withdrawing_as_a_position_is_a_withdrawal():
    t = table(3)
    t.open()
    t.say(0, "withdrawn", "Possède des logements visés.", reason="concerned")
    row = Withdrawal.objects.get()
    assert (row.reference, row.reason, row.actor) == (t.decision.reference, "concerned", t.seats[0].actor)
    with pytest.raises(PermissionDenied):
        t.say(0, "agree", now=NOW + HOUR)
    t.say(1, "agree")
    t.say(2, "agree")
    assert t.close().tally["withdrawn"] == 1


def test_a_position_given_before_its_person_withdrew_does_not_count():
    t = table(3)
    t.open()
    t.say(0, "objection")
    t.say(1, "agree")
    t.say(2, "agree")
    withdraw(t, 0)
    assert Objection.objects.get().state == "lifted"
    closed = t.close()
    assert (closed.outcome, closed.tally["objection"], closed.tally["withdrawn"]) == ("adopted", 0, 1)


def test_leaving_the_agenda_item_leaves_its_decisions():

    t = table(3)
    item = ItemFactory(meeting__space=t.space)
    t.open(agenda_item=item)
    withdraw(t, 0, reference=item.reference)
    with pytest.raises(PermissionDenied):
        t.say(0, "agree")
    t.say(1, "agree")
    assert t.room().result().withdrawn == 1


def test_a_withdrawal_lifted_gives_the_seat_back():
    t = table(3)
    t.open()
    t.say(0, "withdrawn", "Par erreur.")
    interests.lift(withdrawal=Withdrawal.objects.get(), why="Erreur de case.", by=t.agent, now=NOW)
    t.people[0].user.__dict__.pop("_maillage_left", None)
    t.say(0, "agree", now=NOW + 2 * HOUR)
    assert t.room().result().withdrawn == 0


def test_whoever_withdrew_does_nothing_whatever_their_role():
    t = table(2)
    t.open()
    t.say(0, "objection")
    agent_person = t.agent.persons.get()
    interests.withdraw(person=agent_person, reference=t.decision.reference, reason="declared", now=NOW, by=t.agent)
    objection = Objection.objects.get()
    common = {"by": t.agent, "now": NOW + HOUR}
    for act in (
        lambda: services.close_decision(decision=t.decision, site=SITE, **common),
        lambda: services.amend(decision=t.decision, text="Autre", why="Autre", site=SITE, **common),
        lambda: services.answer_objection(objection=objection, text="Non", site=SITE, **common),
        lambda: services.record_position(
            decision=t.decision, key=(t.seats[1].pk, None), stand="agree", source="room", site=SITE, **common
        ),
        lambda: services.record_round(
            decision=t.decision, said={(t.seats[1].pk, None): ("agree", "")}, site=SITE, **common
        ),
        lambda: services.take_back(decision=t.decision, **common),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_whoever_is_concerned_answers_the_question_before_anything_else():
    t = table(2)
    t.open(concerns=[(t.seats[0].actor, DecisionConcern.How.CARRIES_OUT, True)])
    with pytest.raises(PermissionDenied):
        t.say(0, "agree")
    t.say(1, "agree")


# Substitutes


def with_substitute(n=2):
    t = table(n)
    other = member(t.alliance)
    hold(t.seats[0], other, SeatHolder.Part.SUBSTITUTE)
    t.open()
    return t, other


def answer_as(t, person, stand, now=NOW + HOUR, **fields):
    return services.take_position(
        decision=t.decision, key=(t.seats[0].pk, None), person=person, stand=stand, by=person.user, now=now, **fields
    )


def test_a_substitute_answers_only_when_the_holder_lets_them():
    t, other = with_substitute()
    with pytest.raises(ValidationError, match="La personne titulaire de ce siège répond"):
        answer_as(t, other, "agree")
    holder = SeatHolder.objects.get(seat=t.seats[0], part="holder")
    services.delegate(decision=t.decision, holder=holder, by=t.people[0].user, now=NOW)
    assert answer_as(t, other, "agree").by_substitute


def test_a_substitute_and_the_holder_both_answering():
    """The holder's stands, whoever was first; the other is kept, and told."""
    t, other = with_substitute()
    holder = SeatHolder.objects.get(seat=t.seats[0], part="holder")
    services.delegate(decision=t.decision, holder=holder, by=t.people[0].user, now=NOW)
    first = answer_as(t, other, "agree")
    t.say(0, "abstain", now=NOW + 2 * HOUR)
    first.refresh_from_db()
    assert first.aside == "holder"
    late = answer_as(t, other, "agree", now=NOW + 3 * HOUR)
    assert (late.aside, late.superseded_at) == ("holder", NOW + 3 * HOUR)
    assert [row.stand for row in t.room().counted().values()] == ["abstain"]


def test_the_substitute_speaks_when_the_holder_left_for_a_reason_of_their_own_not_for_the_organisations():
    t, other = with_substitute()
    withdraw(t, 0, reason="declared")
    answer_as(t, other, "agree")
    assert t.room().result().agree == 1
    t, other = with_substitute()
    withdraw(t, 0, reason="proposes")
    with pytest.raises(ValidationError):
        answer_as(t, other, "agree")
    assert t.room().result().withdrawn == 1


def test_a_delegation_needs_a_substitute_and_is_the_holders_own():
    t = table(2)
    t.open()
    holder = SeatHolder.objects.get(seat=t.seats[1])
    with pytest.raises(ValidationError, match="pas de suppléance"):
        services.delegate(decision=t.decision, holder=holder, by=t.people[1].user, now=NOW)
    with pytest.raises(PermissionDenied):
        services.delegate(decision=t.decision, holder=holder, by=t.people[0].user, now=NOW)


# Citizens


def college(seats):
    t = table(1)
    SeatPlan.objects.create(space=t.space, college="citizens", seats=seats)
    seat = SeatFactory(space=t.space, actor=ActorFactory(alliance=t.alliance, type="citizens", name="Collège citoyen"))
    people = [member(t.alliance) for _ in range(4)]
    holders = [hold(seat, person) for person in people]
    return t, seat, people, holders


def test_each_citizen_of_a_college_is_a_voice_where_the_space_keeps_several_seats():
    t, seat, people, holders = college(4)
    assert t.open().seats == 5
    for person, holder, stand in zip(people[:3], holders, ("agree", "agree", "abstain"), strict=False):
        services.take_position(
            decision=t.decision, key=(seat.pk, holder.pk), person=person, stand=stand, by=person.user, now=NOW
        )
    with pytest.raises(ValidationError):
        services.take_position(
            decision=t.decision, key=(seat.pk, holders[0].pk), person=people[1], stand="agree", by=people[1].user,
            now=NOW,
        )  # fmt: skip
    closed = t.close()
    assert (closed.tally["agree"], closed.tally["abstain"]) == (2, 1)
    line = picture_of(closed, inside=True, day=t.alliance.today(NOW)).groups[0].lines[0]
    assert (line.name, line.count, line.out_of, line.names) == ("Collège citoyen", 2, 4, [])


def test_a_college_with_one_seat_is_one_voice():
    t, seat, people, _holders = college(1)
    assert t.open().seats == 2
    services.take_position(
        decision=t.decision, key=(seat.pk, None), person=people[0], stand="agree", by=people[0].user, now=NOW
    )
    services.take_position(
        decision=t.decision, key=(seat.pk, None), person=people[1], stand="abstain", by=people[1].user, now=NOW
    )
    assert [row.stand for row in t.room().counted().values()] == ["abstain"]


# Objections


def test_an_objection_answered_by_a_reply_is_lifted_by_the_position_that_follows(mailoutbox):
    t = table(3)
    t.open()
    t.say(0, "objection", "Trop bas.")
    objection = Objection.objects.get()
    services.answer_objection(objection=objection, text="Revu en juin.", by=t.agent, now=NOW + 2 * HOUR, site=SITE)
    objection.refresh_from_db()
    assert (objection.state, objection.answer_kind) == ("answered", "reply")
    assert any("a reçu une réponse" in mail.subject for mail in mailoutbox)
    t.say(0, "reservation", "D’accord, si c’est revu.", now=NOW + 3 * HOUR)
    objection.refresh_from_db()
    assert (objection.state, objection.settled_at) == ("lifted", NOW + 3 * HOUR)
    assert not t.close(now=NOW + 4 * HOUR).has_dissent


def test_an_objection_maintained_is_recorded_as_dissent():
    t = table(4)
    t.open(rule="majority")
    for index in range(3):
        t.say(index, "agree")
    t.say(3, "objection", "Trop bas.")
    objection = Objection.objects.get()
    with pytest.raises(PermissionDenied):
        services.maintain_objection(objection=objection, person=t.people[0], by=t.people[0].user, now=NOW + 2 * HOUR)
    services.maintain_objection(objection=objection, person=t.people[3], by=t.people[3].user, now=NOW + 2 * HOUR)
    closed = t.close(now=NOW + 3 * HOUR)
    assert (closed.outcome, closed.has_dissent) == ("adopted", True)
    group = picture_of(closed, inside=False, day=t.alliance.today(NOW)).groups[0]
    assert (group.stand, group.lines[0].words) == ("objection", ["Trop bas."])


def test_an_objection_without_an_answer_at_the_closing_is_maintained():
    t = table(2)
    t.open(rule="consent")
    t.say(0, "objection")
    t.say(1, "agree")
    assert t.close().outcome == "rework"
    assert Objection.objects.get().state == "maintained"


def test_a_new_version_answers_objections_and_asks_those_who_answered_to_look_again(mailoutbox):
    t = table(3)
    t.open()
    t.say(0, "objection")
    t.say(1, "agree")
    mailoutbox.clear()
    version = services.amend(
        decision=t.decision, text=f"{TEXT} Le seuil est revu.", why="Le seuil est revu.", by=t.agent,
        answers=[Objection.objects.get()], now=NOW + 2 * HOUR, site=SITE,
    )  # fmt: skip
    objection = Objection.objects.get()
    assert (objection.state, objection.answer_kind, objection.version) == ("answered", "amendment", version)
    assert {mail.to[0] for mail in mailoutbox} == {t.people[0].email, t.people[1].email}
    lines = [
        line for group in picture_of(t.decision, inside=True, day=t.alliance.today(NOW)).groups for line in group.lines
    ]
    assert all("donnée sur la version 1" in line.notes for line in lines)
    with pytest.raises(Outdated, match="Lisez la version 2"):
        t.say(2, "agree", version=1, now=NOW + 3 * HOUR)
    t.say(2, "agree", version=2, now=NOW + 3 * HOUR)


def test_a_version_says_what_changed_and_why():
    t = table(2)
    t.open()
    for text, why, expected in ((TEXT, "Pareil", "les mêmes"), ("Autre", " ", "ce qui change")):
        with pytest.raises(ValidationError, match=expected):
            services.amend(decision=t.decision, text=text, why=why, by=t.agent, now=NOW, site=SITE)


# After


def test_after_the_closing_a_member_comments_and_changes_nothing():
    t = table(2)
    t.open()
    t.say(0, "agree")
    with pytest.raises(ValidationError, match="encore ouverte"):
        services.add_comment(
            decision=t.decision, key=(t.seats[0].pk, None), person=t.people[0], text="Bravo", by=t.people[0].user,
            now=NOW + HOUR,
        )  # fmt: skip
    closed = t.close()
    made = services.add_comment(
        decision=closed, key=(t.seats[0].pk, None), person=t.people[0], text="À suivre de près.",
        by=t.people[0].user, now=NOW + 3 * HOUR,
    )  # fmt: skip
    assert made.text == "À suivre de près."
    assert Position.objects.get().stand == "agree"


def test_two_people_close_and_publish():
    t = table(2)
    t.open()
    t.say(0, "agree")
    closed = t.close()
    with pytest.raises(PermissionDenied):
        services.publish_decision(decision=closed, by=t.agent, now=NOW + 3 * HOUR)
    services.publish_decision(decision=closed, by=t.people[0].user, now=NOW + 3 * HOUR)
    closed.refresh_from_db()
    assert closed.is_public
    assert ActInName.objects.get(kind="decision-published").label.startswith("Décision 2026-1")


def test_what_became_of_it_and_a_new_decision_that_comes_back_to_it():
    t = table(2)
    t.open()
    with pytest.raises(ValidationError):
        services.record_follow_up(decision=t.decision, by=t.agent, today=NOW.date(), became="Rien")
    t.say(0, "agree")
    first = t.close()
    services.record_follow_up(decision=first, by=t.agent, today=NOW.date(), became="Trente ménages logés.")
    again = t.open(after=first)
    assert list(first.later.all()) == [again]
    with pytest.raises(Late):
        services.take_back(decision=first, by=t.agent, now=NOW)


def test_whoever_leads_the_meetings_closes_too():
    t = table(2)
    t.open()
    t.say(1, "agree")
    with pytest.raises(PermissionDenied):
        services.close_decision(decision=t.decision, by=t.people[0].user, now=NOW + HOUR, site=SITE)
    Facilitation.objects.create(space=t.space, actor=t.seats[0].actor, person=t.people[0])
    closed = services.close_decision(decision=t.decision, by=t.people[0].user, now=NOW + HOUR, site=SITE)
    assert closed.outcome == "adopted"


# Who may do what: role × state

ROLES = ("nobody", "stranger", "observer", "evaluator", "member", "holder", "left", "agent", "coordinator")
STATES = ("draft", "open", "closed", "public")
READS = {  # who reads the page, in each state
    "nobody": "0001", "stranger": "0001", "observer": "0001", "evaluator": "0001", "member": "0001",
    "holder": "1111", "left": "0001", "agent": "1111", "coordinator": "1111",
}  # fmt: skip
ANSWERS = {"holder"}
LEADS = {"agent"}


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what_in_each_state(state):
    region = AllianceFactory(scale="regional")
    t = table(3, alliance=AllianceFactory(parent=region))
    made = services.create_decision(space=t.space, title="X", text=TEXT, closes_at=LATER, by=t.agent, now=NOW)
    t.decision = made
    if state != "draft":
        t.decision = services.open_decision(decision=made, by=t.agent, now=NOW, site=SITE)
        t.say(0, "agree")
    withdraw(t, 2)
    if state in {"closed", "public"}:
        t.close()
    if state == "public":
        services.publish_decision(decision=t.decision, by=t.people[0].user, now=NOW)
    t.decision.refresh_from_db()
    users = {
        "nobody": None,
        "stranger": user_with(SpaceFactory().alliance),
        "observer": user_with(t.alliance, Role.Kind.OBSERVER),
        "evaluator": user_with(t.alliance, Role.Kind.EVALUATOR),
        "member": user_with(t.alliance, Role.Kind.MEMBER),
        "holder": t.people[1].user,
        "left": t.people[2].user,
        "agent": t.agent,
        "coordinator": user_with(region, Role.Kind.REGIONAL),
    }
    place = STATES.index(state)
    for role in ROLES:
        user = users[role]
        assert may(user, "concertation.view_decision", t.decision) == (READS[role][place] == "1"), role
        inside = role in {"holder", "agent", "coordinator"}
        assert may(user, "concertation.read_deliberation", t.decision) == inside, role
        assert may(user, "concertation.take_position", t.decision) == (role in ANSWERS), role
        for permission in ("prepare_decision", "record_position", "close_decision"):
            assert may(user, f"concertation.{permission}", t.decision) == (role in LEADS), (role, permission)
        assert may(user, "concertation.confirm_position", t.decision) == (role in ANSWERS | LEADS), role


# What a withdrawal, an ended role, a hidden actor keep out


def test_whoever_withdrew_from_an_agenda_item_brings_no_decision_to_it():
    t = table(3)
    item = ItemFactory(meeting__space=t.space)
    asked = {"space": t.space, "title": "Un fonds", "text": "Un fonds.", "now": NOW}
    made = services.create_decision(by=t.agent, **asked)
    interests.withdraw(person=t.agent.persons.get(), reference=item.reference, reason="declared", now=NOW, by=t.agent)
    with pytest.raises(PermissionDenied):
        services.create_decision(by=t.agent, agenda_item=item, **asked)
    with pytest.raises(PermissionDenied):
        services.update_decision(decision=made, changes={"agenda_item": item}, by=t.agent, now=NOW)


def test_only_those_of_a_delegation_or_who_leads_end_it():
    t = table(3)
    t.open()
    substitute, stranger = member(t.alliance), table(1)
    hold(t.seats[0], substitute, "substitute")
    holder = SeatHolder.objects.get(seat=t.seats[0], part="holder")

    def given():
        return services.delegate(decision=t.decision, holder=holder, by=t.people[0].user, now=NOW)

    def end(**who):
        services.end_delegation(delegation=given(), now=NOW, **who)
        return not t.decision.delegations.filter(ended_at=None).exists()

    other = t.people[1]
    for who in (
        {"by": other.user}, {"by": other.user, "person": other}, {"by": other.user, "person": t.people[0]},
        {"by": stranger.agent}, {"by": user_with(t.alliance, "observer")}, {"by": None},
        {"by": None, "person": other, "via": "link"}, {"by": None, "person": stranger.people[0], "via": "link"},
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            end(**who)
    for who in (
        {"by": t.people[0].user}, {"by": substitute.user}, {"by": t.agent},
        {"by": None, "person": t.people[0], "via": "link"}, {"by": None, "person": substitute, "via": "link"},
    ):  # fmt: skip
        assert end(**who)
