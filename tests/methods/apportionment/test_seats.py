"""Seats: by hand, by properties, and beside votelib."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.apportionment.dhondt import dhondt
from maillage.methods.apportionment.hamilton import hamilton
from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.sainte_lague import sainte_lague
from maillage.methods.apportionment.ties import Ties

PARTIES = {"Yellow": 47000, "White": 16000, "Red": 15900, "Green": 12000, "Blue": 6000, "Pink": 3100}


def test_ten_seats_by_hand():
    """100 000 votes, 10 seats, quota 10 000: 4 + 1 + 1 + 1 whole; remainders .7 .6 .59 .2 .6 .31."""
    found = hamilton(PARTIES, 10)
    assert found.seats == {"Yellow": 5, "White": 2, "Red": 1, "Green": 1, "Blue": 1, "Pink": 0}
    assert (found.price, found.tie) == (10_000, None)
    assert [str(line) for line in found.lines["Yellow"]] == [
        "Its quota is 4.7: its whole part is 4.", "Its remainder, 0.7, is among the largest: one more.",
    ]  # fmt: skip
    assert dhondt(PARTIES, 10).seats == {"Yellow": 5, "White": 2, "Red": 2, "Green": 1, "Blue": 0, "Pink": 0}
    found = sainte_lague(PARTIES, 10)
    assert found.seats == {"Yellow": 4, "White": 2, "Red": 2, "Green": 1, "Blue": 1, "Pink": 0}
    # 47000/9 would be next; the last seat is Red's second, 15900/3 = 5300.
    assert found.price == 5300
    assert str(found.lines["Blue"][0]).endswith("the last one at 5,300: it has 1 of them.")


def test_the_alabama_paradox():
    """One seat more in the house, and C loses one: with Hamilton only."""
    states = {"A": 6, "B": 6, "C": 2}
    assert hamilton(states, 10).seats == {"A": 4, "B": 4, "C": 2}
    assert hamilton(states, 11).seats == {"A": 5, "B": 5, "C": 1}
    assert sainte_lague(states, 10, ties=Ties.NAME).seats["C"] <= sainte_lague(states, 11, ties=Ties.NAME).seats["C"]


def test_a_tie_is_reported_and_left_open():
    for method in (hamilton, sainte_lague):
        found = method({"a": 3, "b": 3, "c": 1}, 8)
        assert found.seats == {"a": 3, "b": 3, "c": 1}
        assert (found.tie.names, found.tie.seats, found.tie.given_to) == (("a", "b"), 1, ())
        assert (
            found.lines["a"][-1].said("fr")
            == "À égalité avec b pour les derniers sièges\N{NO-BREAK SPACE}: rien ne les départage."
        )
        found = method({"a": 3, "b": 3, "c": 1}, 8, ties=Ties.NAME)
        assert (found.seats, found.tie.given_to) == ({"a": 4, "b": 3, "c": 1}, ("a",))


def test_a_lot_can_be_drawn_again():
    lots = [hamilton({"a": 1, "b": 1}, 1, ties=Ties.LOT, seed=seed).tie.given_to for seed in range(20)]
    assert lots == [hamilton({"a": 1, "b": 1}, 1, ties=Ties.LOT, seed=seed).tie.given_to for seed in range(20)]
    assert set(lots) == {("a",), ("b",)}


def test_minimum_counts():
    """Quotas 9.2 0.5 0.3: the two small ones get one each, 8 left for the first."""
    assert hamilton({"A": 92, "B": 5, "C": 3}, 10, minimum=1).seats == {"A": 8, "B": 1, "C": 1}
    assert sainte_lague({"A": 92, "B": 5, "C": 3}, 10, minimum=1).seats == {"A": 8, "B": 1, "C": 1}
    assert sainte_lague({"A": 92, "B": 0}, 5, minimum=2).seats == {"A": 3, "B": 2}


def test_the_modified_first_divisor():
    """10/1 = 10 is above 29/3 = 9.67, so that B gets the second seat; 10/1.4 = 7.14 is not."""
    assert sainte_lague({"A": 29, "B": 10}, 2).seats == {"A": 1, "B": 1}
    assert sainte_lague({"A": 29, "B": 10}, 2, first=Fraction(7, 5)).seats == {"A": 2, "B": 0}
    with pytest.raises(ValueError, match="under 3"):
        sainte_lague({"A": 1}, 1, first=Fraction(3))


@pytest.mark.parametrize(
    ("claims", "seats", "minimum", "words"),
    [({}, 3, 0, "nobody"), ({"a": -1}, 3, 0, "less than 0"), ({"a": 0}, 3, 0, "Everyone has 0"),
     ({"a": 1, "b": 1}, 3, 2, "makes 4 seats"), ({"a": 1}, -1, 0, "from 0"), ({"a": 1}, 10**7, 0, "1,000,000")],
)  # fmt: skip
def test_what_cannot_be_is_said(claims, seats, minimum, words):
    for method in (hamilton, sainte_lague, dhondt):
        with pytest.raises(Impossible, match=words):
            method(claims, seats, minimum=minimum)


def plain(claims, seats, divisor, minimum):
    """One seat at a time, from the first."""
    given = dict.fromkeys(claims, minimum)
    for _ in range(seats - minimum * len(claims)):
        winner = max(claims, key=lambda name: Fraction(claims[name]) / divisor(given[name]))
        given[winner] += 1
    return given


def random_cases(count):
    draw = random.Random(2026)
    for _ in range(count):
        top = draw.choice([5, 30, 1000, 10**6])
        claims = {f"t{place}": draw.randint(0, top) for place in range(draw.randint(1, 9))}
        if any(claims.values()):
            yield claims, draw.randint(0, 40)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:votelib")
@pytest.mark.parametrize(
    ("method", "evaluator"),
    [(hamilton, ("LargestRemainder", "hare")), (sainte_lague, ("HighestAverages", "sainte_lague")),
     (dhondt, ("HighestAverages", "d_hondt"))],
)  # fmt: skip
def test_the_same_as_votelib(method, evaluator):
    """1 200 random cases, ties included: votelib keeps the tied seats under a ``Tie`` of the names."""
    from votelib.evaluate import proportional

    peer = getattr(proportional, evaluator[0])(evaluator[1])
    compared = ties = 0
    for claims, seats in random_cases(1_250):
        if not seats:
            continue
        theirs = peer.evaluate(claims, seats)
        found = method(claims, seats)
        assert {name: count for name, count in found.seats.items() if count} == {
            name: count for name, count in theirs.items() if isinstance(name, str) and count
        }, (claims, seats)
        tied = [(sorted(name), count) for name, count in theirs.items() if not isinstance(name, str)]
        assert tied == ([(sorted(found.tie.names), found.tie.seats)] if found.tie else []), (claims, seats)
        compared += 1
        ties += bool(found.tie)
    assert compared >= 1_000
    assert ties > 30


CLAIMS = st.lists(st.integers(0, 60), min_size=1, max_size=8).filter(any).map(
    lambda found: {f"t{place}": claim for place, claim in enumerate(found)}
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(CLAIMS, st.integers(0, 60), st.integers(0, 3))
def test_divisors_are_the_plain_version(claims, more, minimum):
    seats = minimum * len(claims) + more
    for first in (Fraction(1), Fraction(7, 5)):
        found = sainte_lague(claims, seats, minimum=minimum, first=first)
        if not found.tie:
            divisor = lambda has: Fraction(2 * has + 1) if has else first  # noqa: E731, B023
            assert found.seats == plain(claims, seats, divisor, minimum)
    settled = sainte_lague(claims, seats, minimum=minimum, ties=Ties.LARGEST)
    assert sum(settled.seats.values()) == seats


@settings(max_examples=200, deadline=None)
@given(CLAIMS, st.integers(0, 60))
def test_house_monotonicity_of_divisors(claims, seats):
    for method in (sainte_lague, dhondt):
        less, more = (method(claims, house, ties=Ties.NAME).seats for house in (seats, seats + 1))
        assert all(less[name] <= more[name] for name in claims)


@settings(max_examples=200, deadline=None)
@given(CLAIMS, st.integers(0, 60), st.integers(0, 3))
def test_quota_and_minimum_of_hamilton(claims, more, minimum):
    seats = minimum * len(claims) + more
    found = hamilton(claims, seats, minimum=minimum, ties=Ties.LARGEST).seats
    assert sum(found.values()) == seats
    assert min(found.values()) >= minimum
    if not minimum:
        for name, claim in claims.items():
            assert abs(found[name] - Fraction(claim * seats, sum(claims.values()))) < 1
