import pytest

from tests.concertation.decisions.world import table

pytestmark = pytest.mark.django_db


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
