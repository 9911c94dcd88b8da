"""Ties told, answered and ended by two people at the same instant."""

from __future__ import annotations

import pytest

from maillage.actors.models import Tie
from maillage.actors.ties import services
from tests.actors.ties.factories import NOW, TODAY, a_tie, speaker, two
from tests.factories import AllianceFactory
from tests.together.conftest import refused

pytestmark = pytest.mark.django_db(transaction=True)


def told(actor, other, by):
    return services.tell_tie(actor=actor, other=other, kind="project", frequency="monthly", by=by, today=TODAY, now=NOW)


def test_two_who_tell_the_same_tie_at_once_make_one_confirmed(together):
    one, other = two(AllianceFactory())
    ours, theirs = speaker(one).user, speaker(other).user
    outcomes = together(lambda: told(one, other, ours), lambda: told(other, one, theirs))
    assert refused(outcomes) == []
    assert sorted(done.outcome for done in outcomes) == ["confirmed", "new"]
    assert Tie.objects.get().answer == "confirmed"


def test_two_colleagues_who_tell_the_same_tie_at_once_make_one(together):
    one, other = two(AllianceFactory())
    users = [speaker(one).user for _ in range(2)]
    outcomes = together(*[lambda user=user: told(one, other, user) for user in users])
    assert refused(outcomes) == []
    assert Tie.objects.count() == 1


def test_a_tie_ended_by_both_at_once_ends_once(together):
    one, other = two(AllianceFactory())
    tie = a_tie(one, other)
    ours, theirs = speaker(one).user, speaker(other).user
    outcomes = together(
        lambda: services.end_tie(tie=tie, actor=one, on=TODAY, by=ours, today=TODAY),
        lambda: services.end_tie(tie=tie, actor=other, on=TODAY, by=theirs, today=TODAY),
    )
    [error] = refused(outcomes)
    assert "il ne change plus" in str(error)
