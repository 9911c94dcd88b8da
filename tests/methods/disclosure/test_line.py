"""One line of counts: what is withheld cannot be given back, as the attack of ``audit`` shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.disclosure.audit import audit
from maillage.methods.disclosure.line import line
from maillage.methods.disclosure.tables import CountTable
from maillage.methods.disclosure.whole import whole


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 7, "b": 6}, {"a": 7, "b": 6}),
        ({"a": 12, "b": 0}, {"a": 12, "b": 0}),
        ({"a": 3, "b": 1}, {"a": None, "b": None}),
        ({"a": 4, "b": 0}, {"a": None, "b": None}),
        ({"a": 11, "b": 1}, {"a": None, "b": None}),
        ({"a": 20, "b": 8, "c": 1}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": 4, "c": 1}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 0}, {"a": 0}),
        ({}, {}),
    ],
)
def test_by_hand(counts, shown):
    assert line(counts, 5) == shown
    assert whole(counts, 5) is (None not in shown.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=2, max_size=6), st.integers(2, 9))
def test_the_attacker_who_knows_the_total_cannot_tell_that_a_count_is_small(counts, threshold):
    names = tuple(map(str, range(len(counts))))
    found = line(dict(zip(names, counts, strict=True)), threshold)
    assert all(n is None or n == 0 or n >= threshold for n in found.values())
    if sum(counts) < threshold:
        assert set(found.values()) <= {None, 0}
        return
    table = CountTable(("x",), (names,), np.array(counts))
    hidden = [table.cell(name) for name, n in found.items() if n is None]
    for cell, range_ in audit([table], hidden).cells.items():
        assert range_.high is None or range_.high >= threshold, cell
        assert range_.low == 0 or range_.low < range_.high, cell


def test_what_cannot_be():
    for counts, threshold in (({"a": -1}, 5), ({"a": 1}, 0)):
        with pytest.raises(ValueError, match="threshold"):
            line(counts, threshold)
