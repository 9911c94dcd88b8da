"""Agreement of two coders: the published example, limits, properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from maillage.methods.scales.coders import coders_alpha
from maillage.methods.scales.coders_interval import coders_interval

MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]


def test_the_published_example():
    """Krippendorff 2011, A: binary data, two observers, none missing: 0.095."""
    first, second = np.array(MEG)[:, None], np.array(OWEN)[:, None]
    assert coders_alpha(first, second) == pytest.approx(0.095, abs=5e-4)


def test_limits():
    assert coders_alpha([[1, 0], [0, 1]], [[1, 0], [0, 1]]) == 1.0
    assert coders_alpha([[1, 1]], [[1, 1]]) is None
    assert coders_interval([[1, 1]], [[1, 1]], seed=1) is None
    for wrong in ([], [1, 0], [[1], [0]]):
        with pytest.raises(ValueError, match="Two readings"):
            coders_alpha(wrong, [[1, 0]])


matrices = st.tuples(*(arrays(bool, (3, 2)) for _ in "12"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(matrices)
def test_it_does_not_depend_on_who_is_first_and_never_exceeds_one(pair):
    found = coders_alpha(*pair)
    assert found == coders_alpha(pair[1], pair[0])
    assert found == coders_alpha(~pair[0], ~pair[1])
    if found is not None:
        assert found <= 1
        assert (found == 1) == bool((pair[0] == pair[1]).all())


def test_the_interval_holds_alpha_and_is_the_same_for_a_seed():
    rng = np.random.default_rng(3)
    first = rng.random((40, 6)) < 0.4
    second = np.where(rng.random((40, 6)) < 0.1, ~first, first)
    interval = coders_interval(first, second, seed=7)
    assert interval == coders_interval(first, second, seed=7)
    assert interval.low < coders_alpha(first, second) < interval.high
