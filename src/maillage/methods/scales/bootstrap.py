"""The range of any figure on a scale, by drawing the answers again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from maillage.methods.scales.interval import Interval

Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""``(rows, levels)`` counts → ``(rows,)`` figures: ``consensus``, ``agreement``, or one's own."""


class Kind(StrEnum):
    PERCENTILE = "percentile"
    BCA = "bca"
    """Corrected for bias and skewness (bias-corrected and accelerated): better where the figure nears a limit."""


def bootstrap(
    counts: Sequence[int],
    statistic: Statistic,
    *,
    seed: int,
    confidence: float = 0.95,
    resamples: int = 5_000,
    kind: Kind = Kind.BCA,
) -> Interval:
    """The middle ``confidence`` of the figure over ``resamples`` draws of as many answers, with replacement.

    Drawing answers again is drawing counts from a multinomial, so that a million answers cost what ten do. The same
    seed gives the same interval. It says what the number of answers leaves open, not what those who did not answer
    think. Error: ``ValueError`` without answers. Source: Efron, « Better bootstrap confidence intervals », *Journal of
    the American Statistical Association* 82, 1987.
    """
    found = np.asarray(counts, dtype=np.int64)
    total = int(found.sum())
    if not total or (found < 0).any() or not 0 < confidence < 1:
        raise ValueError("An interval needs answers, and a confidence between 0 and 1.")
    draws = np.random.default_rng(seed).multinomial(total, found / total, size=resamples).astype(np.float64)
    drawn = np.sort(statistic(draws))
    ends = ((1 - confidence) / 2, (1 + confidence) / 2)
    if kind is Kind.BCA:
        ends = _corrected(ends, drawn, found, statistic)
    low, high = np.quantile(drawn, ends)
    return Interval(float(low), float(high), confidence)


def _corrected(
    ends: tuple[float, float], drawn: NDArray[np.float64], found: NDArray[np.int64], statistic: Statistic
) -> tuple[float, float]:
    """Where to cut the draws, once their bias (``z0``) and the skewness of the figure (``a``) are allowed for."""
    here = float(statistic(found[None, :].astype(np.float64))[0])
    below = (np.searchsorted(drawn, here, "left") + np.searchsorted(drawn, here, "right")) / (2 * len(drawn))
    if not 0 < below < 1:
        return ends
    normal = NormalDist()
    z0, a = normal.inv_cdf(float(below)), _acceleration(found, statistic)
    cuts = []
    for end in ends:
        z = z0 + normal.inv_cdf(end)
        cuts.append(normal.cdf(z0 + z / (1 - a * z)))
    # Past an extreme confidence the correction could cross the ends over.
    return min(cuts), max(cuts)


def _acceleration(found: NDArray[np.int64], statistic: Statistic) -> float:
    """From the figure without one answer (jackknife). Answers of one level give one value, counted as many times."""
    places = np.flatnonzero(found)
    if found.sum() < 2:
        return 0.0
    without = np.tile(found.astype(np.float64), (len(places), 1))
    without[np.arange(len(places)), places] -= 1
    values, times = statistic(without), found[places]
    gaps = np.average(values, weights=times) - values
    spread = float((times * gaps**2).sum())
    return float((times * gaps**3).sum()) / (6 * spread**1.5) if spread > 1e-20 else 0.0
