"""The arithmetic of decisions: by hand on small cases, and by properties."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.concertation.decisions import outcome
from maillage.concertation.decisions.outcome import ABSTAIN, AGREE, OBJECTION, RESERVATION, WITHDRAWN, decide
from maillage.concertation.models import Decision
from maillage.concertation.vocabulary import Rule, Stand

MOCKUP = [AGREE] * 11 + [RESERVATION] * 2 + [OBJECTION, ABSTAIN, WITHDRAWN]


def test_the_codes_are_those_of_the_rows():
    assert set(outcome.STANDS) == set(Stand.values)
    assert {outcome.CONSENSUS, outcome.CONSENT, outcome.MAJORITY, outcome.QUALIFIED} == set(Rule.values)
    outcomes = {outcome.ADOPTED, outcome.REJECTED, outcome.NO_QUORUM, outcome.REWORK}
    assert outcomes == set(Decision.Outcome.values)


def test_the_decision_of_the_mockup():
    found = decide(MOCKUP, rule="consensus", seats=22, share_percent=67, fallback=True, quorum=12)
    assert (found.outcome, found.reason) == ("adopted", "fallback")
    assert (found.in_favour, found.answered, found.able, found.present) == (13, 15, 21, 15)
    assert found.dissent


@pytest.mark.parametrize(
    ("stands", "asked", "expected"),
    [
        ([AGREE, RESERVATION, ABSTAIN], {"rule": "consensus"}, ("adopted", "unopposed")),
        ([AGREE] * 9 + [OBJECTION], {"rule": "consensus"}, ("rework", "objections")),
        ([ABSTAIN] * 3, {"rule": "consensus"}, ("rejected", "nobody-agrees")),
        ([AGREE, OBJECTION], {"rule": "consensus", "fallback": True}, ("rejected", "fallback-below")),
        ([AGREE] * 2 + [OBJECTION], {"rule": "consensus", "fallback": True}, ("adopted", "fallback")),
        ([AGREE, ABSTAIN], {"rule": "consent"}, ("adopted", "no-objection")),
        ([AGREE] * 9 + [OBJECTION], {"rule": "consent"}, ("rework", "objections")),
        ([AGREE] * 2 + [OBJECTION], {"rule": "majority"}, ("adopted", "majority")),
        ([AGREE, OBJECTION], {"rule": "majority"}, ("rejected", "tie")),
        ([AGREE, OBJECTION, OBJECTION], {"rule": "majority"}, ("rejected", "minority")),
        ([AGREE, ABSTAIN, ABSTAIN, ABSTAIN], {"rule": "majority"}, ("adopted", "majority")),
        ([ABSTAIN], {"rule": "majority"}, ("rejected", "nobody-agrees")),
        ([AGREE] * 3 + [OBJECTION] * 2, {"rule": "qualified", "share_percent": 60}, ("adopted", "share")),
        ([AGREE] * 3 + [OBJECTION] * 2, {"rule": "qualified", "share_percent": 61}, ("rejected", "below-share")),
        ([ABSTAIN], {"rule": "qualified", "share_percent": 60}, ("rejected", "nobody-agrees")),
        ([], {"rule": "consensus"}, ("no-quorum", "nobody")),
        ([WITHDRAWN], {"rule": "consent"}, ("no-quorum", "nobody")),
        ([AGREE] * 4, {"rule": "consensus", "quorum": 5}, ("no-quorum", "quorum")),
        ([AGREE] * 4, {"rule": "consensus", "quorum": 5, "also_present": 1}, ("adopted", "unopposed")),
        ([AGREE] * 4 + [WITHDRAWN], {"rule": "consensus", "quorum": 5}, ("no-quorum", "quorum-lost")),
    ],
)
def test_each_rule_by_hand(stands, asked, expected):
    found = decide(stands, seats=20, **asked)
    assert (found.outcome, found.reason) == expected


def test_two_thirds_are_two_thirds_and_not_sixty_seven_hundredths():
    assert outcome.reaches(10, 15, 67)
    assert outcome.reaches(2, 3, None)
    assert not outcome.reaches(2, 3, 68)
    assert not outcome.reaches(0, 0, 50)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="of 1 voices"):
        decide([AGREE, AGREE], rule="consent", seats=1)
    with pytest.raises(ValueError, match="Unknown positions"):
        decide(["maybe"], rule="consent", seats=1)
    with pytest.raises(ValueError, match="Unknown rule"):
        decide([AGREE], rule="lottery", seats=1)


patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine draws slowly: that says nothing of the arithmetic."""
stands_ = st.lists(st.sampled_from(outcome.STANDS), max_size=40)
asked_ = st.fixed_dictionaries(
    {
        "rule": st.sampled_from(Rule.values),
        "share_percent": st.none() | st.integers(50, 100),
        "fallback": st.booleans(),
        "quorum": st.none() | st.integers(0, 45),
    }
)


@patient
@given(stands_, st.integers(0, 10), st.integers(0, 10), asked_)
def test_those_who_withdrew_change_nothing_but_the_quorum_they_no_longer_make(stands, silent, present, asked):
    """The same outcome as if they held no seat at all."""
    seats = len(stands) + silent + present
    with_them = decide(stands, seats=seats, also_present=present, **asked)
    without = [stand for stand in stands if stand != WITHDRAWN]
    gone = len(stands) - len(without)
    alone = decide(without, seats=seats - gone, also_present=present, **asked)
    assert with_them.outcome == alone.outcome
    assert (with_them.present, with_them.able, with_them.answered) == (alone.present, alone.able, alone.answered)


@patient
@given(stands_, st.randoms(), asked_)
def test_the_order_of_answers_changes_nothing(stands, rng, asked):
    other = list(stands)
    rng.shuffle(other)
    assert decide(stands, seats=len(stands), **asked) == decide(other, seats=len(stands), **asked)


@patient
@given(stands_, asked_)
def test_every_voice_is_counted_once(stands, asked):
    found = decide(stands, seats=len(stands) + 3, **asked)
    assert found.answered + found.withdrawn + found.silent == found.seats
    assert found.silent == 3


@patient
@given(stands_)
def test_consent_is_no_maintained_objection(stands):
    answered = [stand for stand in stands if stand != WITHDRAWN]
    found = decide(stands, rule="consent", seats=len(stands))
    assert (found.outcome == "adopted") == (bool(answered) and OBJECTION not in answered)


@patient
@given(stands_)
def test_consensus_is_everyone_who_takes_a_side_agrees(stands):
    sides = {stand for stand in stands if stand in {AGREE, RESERVATION, OBJECTION}}
    found = decide(stands, rule="consensus", seats=len(stands))
    assert (found.outcome == "adopted") == (bool(sides) and OBJECTION not in sides)


@patient
@given(stands_, st.integers(50, 100))
def test_a_qualified_majority_is_exact(stands, percent):
    found = decide(stands, rule="qualified", share_percent=percent, seats=len(stands))
    sides = found.in_favour + found.against
    wanted = Fraction(2, 3) if percent == 67 else Fraction(percent, 100)
    assert (found.outcome == "adopted") == (sides > 0 and Fraction(found.in_favour, sides or 1) >= wanted)


@patient
@given(stands_, asked_)
def test_one_more_in_agreement_never_undoes_an_adoption(stands, asked):
    before = decide(stands, seats=len(stands) + 1, **asked)
    after = decide([*stands, AGREE], seats=len(stands) + 1, **asked)
    if before.outcome == "adopted":
        assert after.outcome == "adopted"


@patient
@given(stands_, asked_)
def test_one_more_objection_never_makes_an_adoption(stands, asked):
    asked = asked | {"quorum": None}
    before = decide(stands, seats=len(stands) + 1, **asked)
    after = decide([*stands, OBJECTION], seats=len(stands) + 1, **asked)
    if after.outcome == "adopted":
        assert before.outcome == "adopted"


@patient
@given(stands_, st.integers(1, 45), asked_)
def test_without_its_quorum_nothing_is_adopted(stands, quorum, asked):
    found = decide(stands, seats=len(stands), **(asked | {"quorum": quorum}))
    if found.present < quorum:
        assert found.outcome == "no-quorum"
