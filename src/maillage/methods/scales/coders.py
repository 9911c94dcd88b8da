"""How much two people who read the same texts apart put the same codes on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from maillage.methods.scales.interval import Interval


def coders_alpha(first: ArrayLike, second: ArrayLike) -> float | None:
    """Krippendorff's alpha of two coders who say yes or no: 1, always the same; 0, no better than by chance.

    ``first``, ``second``: ``(texts, codes)`` booleans, no value missing. Every text with every code is a unit.
    ``None`` where all the answers are the same: agreement by chance cannot be told. Error: ``ValueError`` for other
    shapes, or nothing to compare. Source: Krippendorff, « Computing Krippendorff's alpha-reliability », 2011.
    """
    apart, ones, codes = _by_text(first, second)
    found = _alpha(apart.sum(keepdims=True), ones.sum(keepdims=True), len(apart) * codes)[0]
    return None if np.isnan(found) else float(found)


def coders_interval(
    first: ArrayLike, second: ArrayLike, *, seed: int, confidence: float = 0.95, resamples: int = 2_000
) -> Interval | None:
    """The middle ``confidence`` of alpha over draws of as many texts, with replacement: texts are drawn, not codes,
    since the codes of one text go together. ``None`` where too few draws can tell anything."""
    apart, ones, codes = _by_text(first, second)
    size = len(apart)
    draws = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=resamples)
    drawn = _alpha(draws @ apart, draws @ ones, size * codes)
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < resamples / 2:
        return None
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high), confidence)


def _by_text(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """For each text: how many codes differ, how many are put by the two together; then how many codes there are."""
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if one.shape != two.shape or one.ndim != 2 or not one.size:
        raise ValueError("Two readings of the same texts with the same codes are needed.")
    return (one != two).sum(axis=1), one.sum(axis=1) + two.sum(axis=1), one.shape[1]


def _alpha(apart: NDArray[np.int64], ones: NDArray[np.int64], units: int) -> NDArray[np.float64]:
    values = 2 * units
    seen = apart / units
    chance = 2.0 * ones * (values - ones) / (values * (values - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance > 0, 1 - seen / chance, np.nan)
