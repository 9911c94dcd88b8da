"""Shares by group beside the published ballots: nobody says of a few ballots which group they are of."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from maillage.methods.disclosure.ballots import Publication, ties_ballots


def publication(kinds, truth, shown=None) -> Publication:
    """Every count shown, unless said otherwise."""
    for_it, table = np.array(kinds, dtype=bool), np.array(truth, dtype=np.int64)
    counts = table @ for_it
    cells = itertools.product(range(counts.shape[0]), range(counts.shape[1])) if shown is None else shown
    return Publication(for_it, table, {(group, option): int(counts[group, option]) for group, option in cells})


def test_one_ballot_that_sets_two_options_apart_is_tied_to_its_group():
    """Six of the first group are for A, five for B, and one published ballot only is for A without B."""
    kinds = [[1, 1], [1, 0], [0, 0]]
    truth = [[5, 1, 5], [6, 0, 6], [7, 0, 7]]
    assert ties_ballots(publication(kinds, truth), 5)
    for option in (0, 1):
        alone = [(group, option) for group in range(3)]
        # What is hidden of the other option is given back within one: it is not safe either.
        assert ties_ballots(publication(kinds, truth, alone), 5)
    assert not ties_ballots(publication([[1], [0]], [[6, 5], [6, 6], [7, 7]]), 5)


def test_many_who_answer_in_every_way_are_tied_to_nothing():
    kinds = list(itertools.product([0, 1], repeat=3))
    truth = np.full((3, 8), 10) + np.arange(24).reshape(3, 8) % 5
    assert not ties_ballots(publication(kinds, truth), 5)


def test_what_is_not_proven_in_time_is_not_safe():
    kinds = list(itertools.product([0, 1], repeat=3))
    assert ties_ballots(publication(kinds, np.full((3, 8), 3)), 5, seconds=0)


def ways(found: Publication):
    """Every way to share the ballots of two groups that agrees with what is published."""
    sizes = found.sizes
    for first in itertools.product(*(range(n + 1) for n in sizes)):
        way = np.array([first, sizes - first])
        counts = way @ found.for_it
        if (way.sum(axis=1) == found.truth.sum(axis=1)).all() and all(
            counts[cell] == count for cell, count in found.shown.items()
        ):
            yield way


@pytest.mark.parametrize("seed", range(12))
def test_what_is_said_safe_is_so_whatever_the_way(seed):
    """Beside every way written out, with a threshold of 3."""
    rng = np.random.default_rng(seed)
    kinds = [[0, 0], [0, 1], [1, 0], [1, 1]]
    truth = rng.integers(0, 5, (2, 4)) + 1
    counts = truth @ np.array(kinds)
    shown = [cell for cell in itertools.product(range(2), range(2)) if counts[cell] >= 3 and rng.random() < 0.7]
    found = publication(kinds, truth, shown)
    every = np.array(list(ways(found)))
    low, high = every.min(axis=0), every.max(axis=0)
    sums = every @ np.array(kinds)
    tied = (low > np.maximum(found.sizes - 2, 0)).any()
    small = ((truth > 0) & (truth < 3) & (low > 0) & (high < 3)).any()
    narrow = any(
        sums[:, g, o].max() < 3 or truth[g].sum() - sums[:, g, o].min() < 3 or np.ptp(sums[:, g, o]) < 2
        for g, o in itertools.product(range(2), range(2)) if (g, o) not in shown
    )  # fmt: skip
    assert ties_ballots(found, 3) == (tied or small or narrow)
