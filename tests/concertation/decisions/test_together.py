"""Two people at the same instant (PostgreSQL)."""

import datetime as dt

import pytest

from maillage.accounts.models import User
from maillage.actors.interests import services as interests
from maillage.actors.models import Withdrawal, WithdrawalNote
from maillage.alliances.models import ActInName
from maillage.concertation.decisions import services
from maillage.concertation.decisions.services.common import Late
from maillage.concertation.endorsements import conflicts
from maillage.concertation.models import Decision, Objection, Position
from maillage.concertation.tasks import services as tasks
from maillage.concertation.tasks.models import Task
from maillage.core.models import AuditEntry
from tests.concertation.decisions.world import SITE, TEXT, table
from tests.factories import user_with
from tests.together.conftest import refused, together  # noqa: F401

NOW = dt.datetime(2026, 11, 12, 19, 0, tzinfo=dt.UTC)


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def t(together):  # noqa: F811
    made = table(6)
    made.open(rule="majority")
    return made


def close(t, by):
    decision = Decision.objects.get(pk=t.decision.pk)
    return lambda: services.close_decision(decision=decision, by=fresh(by), now=NOW, site=SITE)


def test_two_agents_closing_the_same_decision(t, together):  # noqa: F811
    outcomes = together(close(t, t.agent), close(t, user_with(t.alliance)))
    assert [type(error) for error in refused(outcomes)] == [Late]
    assert AuditEntry.objects.filter(action="concertation.decision_closed").count() == 1


def test_a_vote_that_closes_while_someone_votes_is_counted_or_refused_never_lost(t, together):  # noqa: F811
    def say(index):
        person = t.people[index]
        return lambda: services.take_position(
            decision=Decision.objects.get(pk=t.decision.pk), key=(t.seats[index].pk, None), person=person,
            stand="agree", by=fresh(person.user), now=NOW,
        )  # fmt: skip

    outcomes = together(*(say(index) for index in range(6)), close(t, t.agent))
    late = refused(outcomes)
    assert {type(error) for error in late} <= {Late}
    t.decision.refresh_from_db()
    assert t.decision.tally["agree"] == Position.objects.count() == 6 - len(late)
    assert len(t.decision.tally["counted"]) == Position.objects.count()


def test_the_same_seat_answering_twice_at_once_stands_once(t, together):  # noqa: F811
    def say(stand):
        person = t.people[0]
        return lambda: services.take_position(
            decision=Decision.objects.get(pk=t.decision.pk), key=(t.seats[0].pk, None), person=person, stand=stand,
            why="Trop bas.", by=fresh(person.user), now=NOW,
        )  # fmt: skip

    assert refused(together(say("agree"), say("objection"), say("abstain"))) == []
    assert Position.objects.filter(superseded_at=None).count() == 1
    standing = Position.objects.get(superseded_at=None)
    alive = Objection.objects.exclude(state="lifted").count()
    assert alive == (standing.stand == "objection")


def test_two_decisions_opened_at_once_have_each_their_number(t, together):  # noqa: F811
    drafts = [
        services.create_decision(
            space=t.space,
            title=f"D{n}",
            text=TEXT,
            by=t.agent,
            now=NOW,
            closes_at=NOW + dt.timedelta(days=9),
        )
        for n in range(4)
    ]

    def opening(row):
        return lambda: services.open_decision(
            decision=Decision.objects.get(pk=row.pk), by=fresh(t.agent), now=NOW, site=SITE, tell=False
        )

    assert refused(together(*map(opening, drafts))) == []
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def recorded(t, stand="withdrawn"):
    return services.record_position(
        decision=t.decision, key=(t.seats[0].pk, None), stand=stand, source="phone", source_note="Appel", by=t.agent,
        now=NOW, site=SITE,
    )  # fmt: skip


def test_a_withdrawal_confirmed_while_the_member_answers_leaves_one_word(t, together):  # noqa: F811
    row = recorded(t)
    person = t.people[0]

    def answer():
        return services.take_position(
            decision=Decision.objects.get(pk=t.decision.pk), key=(t.seats[0].pk, None), person=person, stand="agree",
            by=fresh(person.user), now=NOW,
        )  # fmt: skip

    def confirm():
        return services.confirm_position(position=Position.objects.get(pk=row.pk), by=fresh(t.people[1].user), now=NOW)

    outcomes = together(answer, confirm)
    assert len(refused(outcomes)) == 1
    standing = Position.objects.get(superseded_at=None)
    assert (standing.stand == "withdrawn") == Withdrawal.objects.exists()


def test_two_second_persons_and_the_member_at_once_settle_a_note_once(t, together):  # noqa: F811
    person = t.people[0]
    note = conflicts.write_down(
        person=person, subject=t.decision, by=t.agent, now=NOW, reason="other", source="Appel"
    )  # fmt: skip

    def confirm(by):
        return lambda: conflicts.confirm(note=WithdrawalNote.objects.get(pk=note.pk), by=fresh(by), now=NOW)

    def refuse():
        interests.refuse_note(note=WithdrawalNote.objects.get(pk=note.pk), by=fresh(person.user), now=NOW)

    together(confirm(t.people[1].user), confirm(t.people[2].user), refuse)
    note.refresh_from_db()
    assert note.confirmed == Withdrawal.objects.filter(person=person).exists()
    assert Withdrawal.objects.count() <= 1
    assert ActInName.objects.filter(kind="withdrawal-confirmed").count() == Withdrawal.objects.count()


def test_two_agents_writing_down_the_same_withdrawal_write_it_once(t, together):  # noqa: F811
    def write(by):
        return lambda: conflicts.write_down(
            person=t.people[0], subject=Decision.objects.get(pk=t.decision.pk), by=fresh(by), now=NOW, reason="other",
            source="Appel",
        )  # fmt: skip

    assert refused(together(write(t.agent), write(user_with(t.alliance)))) == []
    assert WithdrawalNote.objects.count() == 1


def test_a_task_cancelled_while_its_owner_finishes_it_is_one_or_the_other(t, together):  # noqa: F811
    task = tasks.add_task(alliance=t.alliance, title="À faire", by=t.agent, owner_person=t.people[0])

    def finish():
        return tasks.finish_task(
            task=Task.objects.get(pk=task.pk), on=NOW.date(), by=None, person=t.people[0], via="link"
        )  # fmt: skip

    def cancel():
        return tasks.cancel_task(task=Task.objects.get(pk=task.pk), on=NOW.date(), by=fresh(t.agent))

    assert len(refused(together(finish, cancel))) == 1
    task.refresh_from_db()
    assert (task.done_on is None) != (task.cancelled_on is None)
