"""Two people at the same instant (PostgreSQL)."""

import datetime as dt

import pytest

from maillage.accounts.models import User
from maillage.concertation.decisions import services
from maillage.concertation.decisions.services.common import Late
from maillage.concertation.models import Decision, Objection, Position
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
