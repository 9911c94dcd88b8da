"""Positions entered for a member: absent, by telephone, on paper, in the room."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.accounts.models import User
from maillage.actors.interests import services as interests
from maillage.actors.models import Withdrawal
from maillage.alliances.acts.models import ActInName
from maillage.concertation.decisions import services
from maillage.concertation.endorsements import conflicts
from maillage.concertation.models import (
    Attendance,
    DecisionConcern,
    Objection,
    Position,
    SeatPlan,
)
from maillage.core.access import may
from tests.concertation.decisions.world import NOW, SITE, TEXT, hold, member, table
from tests.concertation.meetings.factories import ItemFactory
from tests.factories import ActorFactory, SeatFactory, user_with

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def record(t, index=0, **fields):
    asked = {"stand": "agree", "source": "absent", "source_note": "Courriel du 10", "by": t.agent, "now": NOW}
    return services.record_position(
        decision=t.decision, key=(t.seats[index].pk, None), site=SITE, **{**asked, **fields}
    )


def test_an_absent_members_position_counts_once_a_second_person_confirms_it(mailoutbox):
    t = table(3)
    t.open()
    row = record(t)
    assert (row.waits, t.room().result().agree) == (True, 0)
    with pytest.raises(ValidationError, match="une deuxième personne"):
        services.confirm_position(position=row, by=t.agent, now=NOW)
    services.confirm_position(position=row, by=t.people[1].user, now=NOW)
    assert t.room().result().agree == 1
    acts = {act.kind: act for act in ActInName.objects.all()}
    assert acts["position-recorded"].on_behalf == t.seats[0].actor.name
    assert acts["position-confirmed"].label == "Décision 2026-1"
    assert any("inscrite en votre nom" in mail.subject for mail in mailoutbox)


def test_an_absent_members_position_not_confirmed_never_counts_and_is_kept():
    t = table(3)
    t.open()
    row = services.drop_position(position=record(t), by=t.people[1].user, now=NOW)
    assert (row.aside, t.room().result().agree) == ("dropped", 0)
    closed = t.close()
    assert closed.outcome == "no-quorum"


def test_what_the_member_says_stands_over_what_was_recorded_for_them():
    t = table(3)
    t.open()
    row = record(t)
    t.say(0, "abstain")
    row.refresh_from_db()
    assert row.aside == "later"
    with pytest.raises(ValidationError, match="n’attend plus personne"):
        services.confirm_position(position=row, by=t.people[1].user, now=NOW)
    with pytest.raises(ValidationError, match="a déjà pris position"):
        record(t)


def test_by_telephone_or_on_paper_it_counts_at_once_and_says_its_source():
    t = table(3)
    t.open()
    with pytest.raises(ValidationError, match="d’où elle vient"):
        record(t, source="phone", source_note="")
    row = record(t, source="phone", source_note="Appel du 12 novembre")
    assert (row.waits, row.recorded_by, t.room().result().agree) == (False, t.agent, 1)
    assert ActInName.objects.get().source == "par téléphone"


@pytest.mark.parametrize("source", ["phone", "paper"])
def test_nobody_replaces_alone_what_a_member_said_themselves(source):
    t = table(3)
    t.open()
    t.say(0, "objection", why="Trop cher")
    with pytest.raises(ValidationError, match="a répondu"):
        record(t, source=source, source_note="Appel du 12 novembre")
    assert t.room().result().objection == 1


def in_a_meeting(n=3, present=()):
    """A table that decides in a meeting, where these seats are noted present."""
    t = table(n)
    item = ItemFactory(meeting__space=t.space, meeting__alliance=t.alliance, meeting__state="open")
    t.open(agenda_item=item, closes_at=None)
    for index in present:
        seat = t.seats[index]
        Attendance.objects.create(
            meeting=item.meeting, kind="seat", seat=seat, actor=seat.actor, type=seat.actor.type
        )  # fmt: skip
    return t


def in_turn(t, said, **more):
    said = {(t.seats[index].pk, None): words for index, words in said.items()}
    return services.record_round(
        **{"decision": t.decision, "said": said, "by": t.agent, "now": NOW, "site": SITE, **more}
    )


def test_a_round_of_the_table_is_written_whole_or_not_at_all(mailoutbox):
    t = in_a_meeting(3, present=[0, 1])
    with pytest.raises(ValidationError, match=r"Acteur 01 – Une objection dit pourquoi"):
        in_turn(t, {0: ("agree", ""), 1: ("objection", "")})
    assert not Position.objects.exists()
    mailoutbox.clear()
    in_turn(t, {0: ("agree", ""), 1: ("objection", "Trop bas.")})
    assert (t.room().result().agree, Objection.objects.get().text) == (1, "Trop bas.")
    told = ActInName.objects.get()
    assert (told.kind, told.on_behalf, told.role_kind) == ("position-recorded", "", "agent")
    assert "2 positions" in told.label
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(person.email for person in t.people[:2])
    assert all("Trop bas." not in mail.body and "/position/" in mail.body for mail in mailoutbox)
    in_turn(t, {0: ("agree", "")})
    assert ActInName.objects.count() == 1


def test_in_the_room_only_those_noted_present_are_written_down():
    t = in_a_meeting(3, present=[0])
    with pytest.raises(ValidationError, match=r"Acteur 01 – Personne n’est noté"):
        in_turn(t, {0: ("agree", ""), 1: ("agree", "")})
    with pytest.raises(ValidationError, match="Personne n’est noté"):
        record(t, index=1, source="room")
    assert not Position.objects.exists()
    between = table(2)
    between.open()
    with pytest.raises(ValidationError, match="Personne n’est noté"):
        record(between, index=1, source="room")


@pytest.mark.parametrize("stand", ["agree", "withdrawn"])
def test_in_the_room_nobody_replaces_what_a_member_said_themselves(stand):
    t = in_a_meeting(2, present=[0, 1])
    t.say(0, "objection", why="Trop cher")
    with pytest.raises(ValidationError, match="a répondu"):
        in_turn(t, {0: (stand, ""), 1: ("agree", "")})
    with pytest.raises(ValidationError, match="a répondu"):
        record(t, index=0, source="room", stand=stand)
    assert t.room().result().objection == 1
    assert not Withdrawal.objects.exists()


def test_the_substitute_who_is_there_is_the_one_who_spoke():
    t = in_a_meeting(2, present=[0])
    substitute = member(t.alliance)
    hold(t.seats[0], substitute, "substitute")
    Attendance.objects.update(by_substitute=True)
    (row,) = in_turn(t, {0: ("withdrawn", "")})
    assert (row.person, row.by_substitute) == (substitute, True)
    assert Withdrawal.objects.get().person == substitute


def test_a_withdrawal_said_in_the_room_holds_is_told_and_is_undone_by_the_person(mailoutbox):
    t = in_a_meeting(3, present=[0])
    mailoutbox.clear()
    in_turn(t, {0: ("withdrawn", "Mon frère y travaille")})
    left = Withdrawal.objects.get()
    assert (left.person, left.recorded_by) == (t.people[0], t.agent)
    assert {act.kind for act in ActInName.objects.all()} == {"position-recorded", "withdrawal-recorded"}
    (mail,) = mailoutbox
    assert mail.to == [t.people[0].email]
    assert t.decision.title in mail.body
    for words in (TEXT, "Mon frère", "/position/", t.seats[1].actor.name):
        assert words not in mail.body
    for by in (t.agent, t.people[1].user, table(1).agent, None):
        with pytest.raises(PermissionDenied):
            interests.undo(withdrawal=left, now=NOW, by=by)
    interests.undo(withdrawal=left, now=NOW, by=t.people[0].user)
    interests.undo(withdrawal=left, now=NOW, by=None, via="link")
    assert not Withdrawal.objects.filter(lifted_at=None).exists()
    t.say(0, "agree")
    assert t.room().result().agree == 1


def test_a_withdrawal_one_said_oneself_is_not_undone_alone():
    t = in_a_meeting(2)
    t.say(0, "withdrawn")
    left = Withdrawal.objects.get()
    for who in ({"by": t.people[0].user}, {"by": None, "via": "link"}):
        with pytest.raises(PermissionDenied):
            interests.undo(withdrawal=left, now=NOW, **who)


@pytest.mark.parametrize("source", ["phone", "paper", "absent"])
def test_a_withdrawal_recorded_for_someone_waits_for_a_second_person(source, mailoutbox):
    t = table(4)
    t.open()
    mailoutbox.clear()
    row = record(t, index=0, source=source, stand="withdrawn", source_note="Appel du 12 novembre")
    assert row.waits
    assert not Withdrawal.objects.exists()
    assert may(t.people[0].user, "concertation.read_deliberation", t.decision)
    assert "seconde personne" in mailoutbox[0].body.replace("deuxième", "seconde")
    mailoutbox.clear()
    with pytest.raises(ValidationError):
        services.confirm_position(position=row, by=t.agent, now=NOW)
    for by in (user_with(t.alliance, "observer"), table(1).agent):
        with pytest.raises(PermissionDenied):
            services.confirm_position(position=row, by=by, now=NOW)
    services.confirm_position(position=row, by=t.people[1].user, now=NOW)
    left = Withdrawal.objects.get()
    assert (left.person, left.recorded_by) == (t.people[0], t.agent)
    assert not may(User.objects.get(pk=t.people[0].user_id), "concertation.read_deliberation", t.decision)
    kinds = set(ActInName.objects.values_list("kind", flat=True))
    assert kinds == {"position-recorded", "position-confirmed", "withdrawal-confirmed"}
    (mail,) = mailoutbox
    assert mail.to == [t.people[0].email]
    assert TEXT not in mail.body


def test_whoever_answers_themselves_meanwhile_has_not_withdrawn():
    t = table(3)
    t.open()
    row = record(t, index=0, source="phone", stand="withdrawn", source_note="Appel du 12 novembre")
    t.say(0, "agree")
    with pytest.raises(ValidationError):
        services.confirm_position(position=row, by=t.people[1].user, now=NOW)
    assert not Withdrawal.objects.exists()
    assert t.room().result().agree == 1


def test_the_public_log_names_no_actor_that_is_not_shown():
    t = table(3)
    t.open()
    t.seats[0].actor.is_public = False
    t.seats[0].actor.save()
    record(t)
    assert ActInName.objects.get(kind="position-recorded").on_behalf == ""


def found(t, index):
    """The actor of this seat is concerned: its holder has a question to answer first."""
    DecisionConcern.objects.create(decision=t.decision, actor=t.seats[index].actor, how="carries-out")


@pytest.mark.parametrize("source", ["phone", "paper", "absent"])
def test_whoever_was_found_in_a_conflict_answers_before_a_position_is_written_for_them(source):
    t = table(3)
    t.open()
    found(t, 0)
    with pytest.raises(ValidationError, match="Il dit d’abord s’il se retire"):
        record(t, source=source)
    assert not Position.objects.exists()
    assert record(t, source=source, stand="withdrawn").waits


def test_nor_in_the_room_nor_once_it_waits():
    t = in_a_meeting(3, present=[0, 1])
    found(t, 1)
    with pytest.raises(ValidationError, match=r"Acteur 01 – .*Il dit d’abord s’il se retire"):
        in_turn(t, {0: ("agree", ""), 1: ("agree", "")})
    assert not Position.objects.exists()
    other = table(3)
    other.open()
    waiting = record(other)
    found(other, 0)
    with pytest.raises(ValidationError, match="Il dit d’abord s’il se retire"):
        services.confirm_position(position=waiting, by=other.people[1].user, now=NOW)


def test_a_withdrawal_told_after_another_recorded_word_is_confirmed_in_its_place():
    t = table(3)
    t.open()
    record(t, source="phone")
    waiting = record(t, source="phone", stand="withdrawn", now=NOW + HOUR)
    assert t.room().result().agree == 1
    services.confirm_position(position=waiting, by=t.people[1].user, now=NOW + 2 * HOUR)
    assert Withdrawal.objects.get().person == t.people[0]
    assert (t.room().result().agree, t.room().result().withdrawn) == (0, 1)
    assert Position.objects.filter(decision=t.decision, superseded_at=None).get() == waiting


@pytest.mark.parametrize("present", [1, 4])
def test_in_the_room_a_seat_that_several_share_says_how_many_are_there_not_who(present):
    t = in_a_meeting(2, present=[0])
    SeatPlan.objects.create(space=t.space, college="citizens", seats=4)
    seat = SeatFactory(space=t.space, actor=ActorFactory(alliance=t.alliance, type="citizens", name="Collège"))
    holders = [hold(seat, member(t.alliance)) for _ in range(4)]
    Attendance.objects.create(
        meeting=t.decision.agenda_item.meeting,
        kind="seat",
        seat=seat,
        actor=seat.actor,
        type="citizens",
        people=present,
    )
    said = {"key": (seat.pk, holders[2].pk), "source": "room", "source_note": "", "stand": "withdrawn"}
    ask = {"decision": t.decision, "by": t.agent, "now": NOW, "site": SITE, **said}
    if present == 4:
        services.record_position(**ask)
        assert Withdrawal.objects.get().person == holders[2].person
        return
    with pytest.raises(ValidationError, match="Plusieurs personnes partagent ce siège"):
        services.record_position(**ask)
    assert not Withdrawal.objects.exists()
    assert not conflicts.was_there(holders[2].person, t.decision)
    assert conflicts.was_there(t.people[0], t.decision)
