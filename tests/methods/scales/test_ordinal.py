"""Answers on a scale: published values, plain versions, scipy."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.scales.agreement import agreement
from maillage.methods.scales.bootstrap import Kind, bootstrap
from maillage.methods.scales.change import change_between
from maillage.methods.scales.consensus import consensus
from maillage.methods.scales.describe import describe_scale
from maillage.methods.scales.distribution import Distribution, ordinal_distribution
from maillage.methods.scales.enough import NotEnough
from maillage.methods.scales.quantile import Quantile, ordinal_quantile
from maillage.methods.scales.wilson import wilson

LEVELS = ("never", "rarely", "sometimes", "often", "always")
F = Fraction
COUNTS = st.lists(st.integers(0, 40), min_size=3, max_size=8).filter(any)


def test_counting_keeps_the_missing_apart():
    found = ordinal_distribution(["never", None, "often", "often", None], LEVELS)
    assert (found.counts, found.missing, found.answers) == ((1, 0, 0, 2, 0), 2, 3)
    assert ordinal_distribution(np.array([0, -1, 3, 3, -1]), LEVELS) == found
    for wrong in (["maybe"], np.array([5]), np.array([-2])):
        with pytest.raises(ValueError, match="no level"):
            ordinal_distribution(wrong, LEVELS)
    with pytest.raises(ValueError, match="at least two"):
        ordinal_distribution([], ["a", "a"])


@pytest.mark.parametrize(
    ("counts", "quartiles"),
    [([1, 2, 3, 4, 5], [(2, 2), (3, 3), (4, 4)]), ([2, 0, 0, 2], [(0, 0), (0, 3), (3, 3)]),
     ([1, 1, 1, 1], [(0, 1), (1, 2), (2, 3)]), ([0, 7, 0], [(1, 1)] * 3)],
)  # fmt: skip
def test_quartiles_by_hand(counts, quartiles):
    found = [ordinal_quantile(counts, F(part, 4)) for part in (1, 2, 3)]
    assert found == [Quantile(*pair) for pair in quartiles]


@given(COUNTS, st.fractions(F(1, 20), F(19, 20)))
def test_a_quantile_is_what_its_definition_says(counts, part):
    total, found = sum(counts), ordinal_quantile(counts, part)
    every = {
        level for level in range(len(counts))
        if sum(counts[: level + 1]) >= part * total and sum(counts[level:]) >= (1 - part) * total
    }  # fmt: skip
    assert every == set(range(found.low, found.high + 1))


@pytest.mark.parametrize(
    ("counts", "value"),
    [([30, 40, 210, 130, 530, 50, 10], 0.7256876),  # documentation of the R package agrmt
     ([1, 0, 0, 0, 1], 0), ([0, 0, 9, 0, 0], 1), ([9, 0], 1), ([1, 1], 0),
     # Five levels as often: 1 + 2/5 (log2 1/2 + log2 3/4).
     ([1] * 5, 1 + 0.4 * (np.log2(0.5) + np.log2(0.75)))],
)  # fmt: skip
def test_consensus_published_and_by_hand(counts, value):
    assert float(consensus(counts)) == pytest.approx(value, abs=5e-8)


@pytest.mark.parametrize(
    ("counts", "value"),
    # van der Eijk's own example of two parties placed by voters (in %), then the documentation of agrmt.
    [([2.4, 2.8, 3.2, 6.2, 13.5, 30.4, 41.6], 0.61), ([1.6, 2.6, 8.2, 21, 29.3, 27, 10.3], 0.48),
     ([30, 40, 210, 130, 530, 50, 10], 0.6113), ([6, 8, 5, 3, 2], 0.31),
     ([5, 0, 0, 0, 0, 0, 5], -1), ([3, 3, 3, 3], 0), ([0, 4, 0], 1)],
)  # fmt: skip
def test_agreement_published_and_by_hand(counts, value):
    assert float(agreement(counts)) == pytest.approx(value, abs=5e-3 if 0 < abs(value) < 1 else 1e-12)


def plain_agreement(counts):
    """Layer after layer, triple after triple, in fractions."""
    left, total, found = list(counts), sum(counts), F(0)
    levels = len(left)
    while any(left):
        full = [place for place in range(levels) if left[place]]
        height = min(left[place] for place in full)
        one = two = 0
        for triple in combinations([place in full for place in range(levels)], 3):
            one += triple in ((True, True, False), (False, True, True))
            two += triple == (True, False, True)
        if len(full) in (1, levels):
            value = F(len(full) == 1)
        else:
            value = F((levels - 2) * one - (levels - 1) * two, (levels - 2) * (one + two))
            value *= 1 - F(len(full) - 1, levels - 1)
        found += value * F(height * len(full), total)
        for place in full:
            left[place] -= height
    return found


@settings(max_examples=150, deadline=None)
@given(COUNTS)
def test_both_measures(counts):
    assert float(agreement(counts)) == pytest.approx(float(plain_agreement(counts)), abs=1e-12)
    parts = np.array(counts) / sum(counts)
    mean = sum(place * part for place, part in enumerate(parts))
    plain = 1 + sum(
        part * np.log2(1 - abs(place - mean) / (len(counts) - 1)) for place, part in enumerate(parts) if part
    )
    assert float(consensus(counts)) == pytest.approx(plain, abs=1e-12)
    for measure in (agreement, consensus):
        assert -1 <= float(measure(counts)) <= 1
        assert float(measure(counts[::-1])) == pytest.approx(float(measure(counts)), abs=1e-12)
        assert float(measure([3 * count for count in counts])) == pytest.approx(float(measure(counts)), abs=1e-12)
        assert measure([counts, counts[::-1]]) == pytest.approx([float(measure(counts))] * 2, abs=1e-12)


@pytest.mark.parametrize("counts", [[1], [0, 0, 0], [1, -1, 2], []])
def test_measures_refuse(counts):
    for measure in (consensus, agreement):
        with pytest.raises(ValueError, match="needs"):
            measure(counts)


@pytest.mark.parametrize(
    ("successes", "answers"), [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81, 263), (999_999, 10**6)]
)
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_wilson_as_scipy(successes, answers, confidence):
    from scipy.stats import binomtest

    theirs = binomtest(successes, answers).proportion_ci(confidence, method="wilson")
    found = wilson(successes, answers, confidence)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_wilson_published():
    """Newcombe, *Statistics in Medicine* 17, 1998, table I: 81 of 263, 0.2553 to 0.3662."""
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    with pytest.raises(ValueError, match="answers"):
        wilson(0, 0)


@pytest.mark.parametrize("kind", list(Kind))
def test_bootstrap_beside_scipy(kind):
    """Two programs, two series of draws: the ends agree to a hundredth of the scale."""
    from scipy import stats

    counts = [12, 30, 25, 20, 13]
    answers = np.repeat(np.arange(5), counts)

    def by_rows(rows, axis=-1):
        rows = np.moveaxis(np.asarray(rows), axis, -1)
        return consensus(np.stack([(rows == level).sum(axis=-1) for level in range(5)], axis=-1))

    theirs = stats.bootstrap(
        (answers,), by_rows, n_resamples=4_000, method=str(kind), rng=np.random.default_rng(1), batch=500
    ).confidence_interval
    found = bootstrap(counts, consensus, seed=2, kind=kind, resamples=4_000)
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=0.012)
    assert found == bootstrap(counts, consensus, seed=2, kind=kind, resamples=4_000)
    assert found.low < float(consensus(counts)) < found.high


def test_bootstrap_where_nothing_varies():
    found = bootstrap([0, 8, 0], consensus, seed=1)
    assert (found.low, found.high) == (1, 1)
    with pytest.raises(ValueError, match="answers"):
        bootstrap([0, 0], consensus, seed=1)


def test_the_interval_covers():
    """Of 200 samples of 80 answers, the 90 % interval holds the true consensus about nine times in ten."""
    law, draw = np.array([0.1, 0.2, 0.3, 0.25, 0.15]), np.random.default_rng(5)
    truth = float(consensus(law))
    held = 0
    for seed, counts in enumerate(draw.multinomial(80, law, size=200)):
        found = bootstrap(counts.tolist(), consensus, seed=seed, confidence=0.9, resamples=400)
        held += found.low <= truth <= found.high
    assert 165 <= held <= 195


def test_a_question_described():
    found = describe_scale(Distribution(LEVELS, (1, 2, 4, 12, 6), 3), seed=1)
    assert (found.median, found.first_quartile, found.third_quartile) == (
        Quantile(3, 3),
        Quantile(2, 2),
        Quantile(3, 3),
    )
    assert found.consensus_between.low < found.consensus < found.consensus_between.high
    assert [str(line) for line in found.words] == [
        "25 answers.", "3 people did not answer.", "The answer in the middle is “often”.",
        "Answers are rather close together, with some apart.",
        "This says how close answers are, not whether they are favourable.",
    ]  # fmt: skip
    assert found.words[2].said("fr").replace("\N{NO-BREAK SPACE}", " ") == "La réponse du milieu est « often »."
    two = describe_scale(Distribution(("no", "yes"), (5, 5)), seed=1)
    assert (two.agreement, two.agreement_between) == (None, None)
    assert str(two.words[1]) == "The middle falls between “no” and “yes”."


@pytest.mark.parametrize(
    ("counts", "words"),
    [((0, 9, 0, 0, 0), "All gave the same"), ((0, 1, 20, 1, 0), "close together."), ((4, 5, 4, 5, 4), "spread over"),
     ((10, 1, 0, 1, 10), "divided between")],
)  # fmt: skip
def test_closeness_in_words(counts, words):
    assert words in str(describe_scale(Distribution(LEVELS, counts), seed=1).words[2])


def test_not_enough_answers_is_a_result():
    found = describe_scale(Distribution(LEVELS, (1, 1, 1, 1, 0)), seed=1)
    assert found == NotEnough(5)
    assert "4" not in found.words.said("en") + found.words.said("fr")
    assert describe_scale(Distribution(LEVELS, (0,) * 5), seed=1, threshold=0) == NotEnough(0)
    assert change_between([4, 0, 0], [50, 0, 0], consensus, seed=1) == NotEnough(5)


def test_a_change_and_no_change():
    split, close = [30, 5, 5, 5, 30], [5, 10, 45, 10, 5]
    up = change_between(split, close, consensus, seed=3)
    assert up.difference == pytest.approx(float(consensus(close)) - float(consensus(split)))
    assert up.between.low > 0
    assert "went up" in str(up.words)
    assert "went down" in str(change_between(close, split, consensus, seed=3).words)
    assert "Nothing shows" in str(change_between(close, close, consensus, seed=3).words)


def test_the_same_people_followed():
    """Everyone moves one level up: the mean moves by exactly one, whoever is drawn."""
    mean = lambda counts: counts @ np.arange(4) / counts.sum(axis=-1)  # noqa: E731
    pairs = [[0, 5, 0, 0], [0, 0, 7, 0], [0, 0, 0, 8], [0, 0, 0, 0]]
    before, after = [5, 7, 8, 0], [0, 5, 7, 8]
    followed = change_between(before, after, mean, seed=1, pairs=pairs)
    assert (followed.between.low, followed.between.high) == pytest.approx((1, 1))
    apart = change_between(before, after, mean, seed=1)
    assert apart.between.low < 0.8 < 1.2 < apart.between.high
    with pytest.raises(ValueError, match="margins"):
        change_between(before, before, mean, seed=1, pairs=pairs)
    with pytest.raises(ValueError, match="same scale"):
        change_between(before, [1, 2], mean, seed=1)
