"""Concentration: by hand, by the plain definitions, by properties."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import fsum, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.methods.scales.gini import gini
from maillage.methods.scales.herfindahl import herfindahl
from maillage.methods.scales.lorenz import lorenz
from maillage.methods.scales.theil import theil

F = Fraction
AMOUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


def test_by_hand():
    """1, 2, 3, 4: shares .1 .2 .3 .4."""
    amounts = [4, 1, 3, 2]
    found = herfindahl(amounts)
    assert (found.index, found.normalised, found.equivalent) == (F(3, 10), F(1, 15), F(10, 3))
    assert (gini(amounts), gini(amounts, corrected=True)) == (F(1, 4), F(1, 3))
    assert lorenz(amounts) == tuple((F(place, 4), F(reached, 10)) for place, reached in enumerate([0, 1, 3, 6, 10]))
    shares = [0.1, 0.2, 0.3, 0.4]
    assert theil(amounts).total == pytest.approx(sum(share * log(4 * share) for share in shares))


def test_the_ends():
    assert (gini([5, 5, 5]), herfindahl([5, 5, 5]).normalised, theil([5, 5, 5]).total) == (0, 0, 0)
    assert (gini([0, 0, 7]), gini([0, 0, 7], corrected=True)) == (F(2, 3), 1)
    assert (herfindahl([0, 0, 7]).normalised, theil([0, 0, 7]).total) == (1, pytest.approx(log(3)))
    assert (gini([3]), gini([3], corrected=True), herfindahl([3]).index, herfindahl([3]).normalised) == (
        0,
        None,
        1,
        None,
    )
    assert (theil([3]).total, lorenz([3])) == (0, ((0, 0), (1, 1)))


def test_nothing_and_less_than_nothing():
    for measure in (gini, herfindahl, theil, lorenz):
        assert measure([]) is None
        assert measure([0, 0]) is None
        with pytest.raises(ValueError, match="below 0"):
            measure([1, -1])
    with pytest.raises(ValueError, match="group"):
        theil([1, 2], ["a"])


@given(AMOUNTS)
def test_gini_is_half_the_mean_gap(amounts):
    count = len(amounts)
    gaps = sum(abs(one - other) for one in amounts for other in amounts)
    assert gini(amounts) == F(gaps, 2 * count * sum(amounts))
    points = lorenz(amounts)
    under = sum((x1 - x0) * (y0 + y1) for (x0, y0), (x1, y1) in pairwise(points))
    assert gini(amounts) == 1 - under
    assert points[-1] == (1, 1)
    assert all(y <= x for x, y in points)


@given(AMOUNTS, st.integers(1, 1000))
def test_scale_order_and_copies_change_nothing(amounts, times):
    more = [times * amount for amount in amounts]
    for measure in (gini, lambda found: herfindahl(found).index):
        assert measure(more) == measure(amounts) == measure(amounts[::-1])
    assert theil(more).total == pytest.approx(theil(amounts).total, abs=1e-9)
    assert gini(amounts * 3) == gini(amounts)
    assert theil(amounts * 3).total == pytest.approx(theil(amounts).total, abs=1e-9)
    assert herfindahl(amounts * 3).index == herfindahl(amounts).index / 3


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from("abc")), min_size=1, max_size=20))
def test_theil_adds_up(units):
    amounts, groups = [amount for amount, _group in units], [group for _amount, group in units]
    found = theil(amounts, groups)
    if found is None:
        assert not any(amounts)
        return
    assert found.total == pytest.approx(found.between + found.within, abs=1e-12)
    assert found.total == pytest.approx(theil(amounts).total, abs=1e-12)
    assert min(found.between, found.within) >= -1e-12
    assert fsum(found.groups.values()) == pytest.approx(found.within)


def test_theil_by_hand():
    """Two groups of two: 1, 1 | 3, 3 differ only between; 1, 3 | 1, 3 only within."""
    between = theil([1, 1, 3, 3], ["a", "a", "b", "b"])
    assert (between.within, between.between) == (0, pytest.approx(0.25 * log(0.5) + 0.75 * log(1.5)))
    within = theil([1, 3, 1, 3], ["a", "a", "b", "b"])
    assert (within.between, within.within) == (pytest.approx(0), pytest.approx(between.between))
    assert within.groups["a"] == pytest.approx(within.groups["b"])


@given(AMOUNTS.filter(lambda found: len(found) > 1), st.data())
def test_giving_to_one_who_has_less_lowers_them(amounts, data):
    rich, poor = max(amounts), min(amounts)
    if rich - poor < 2:
        return
    gift = data.draw(st.integers(1, (rich - poor) // 2))
    after = sorted(amounts)
    after[0] += gift
    after[-1] -= gift
    assert gini(after) < gini(amounts)
    assert herfindahl(after).index < herfindahl(amounts).index
    assert theil(after).total <= theil(amounts).total + 1e-12
