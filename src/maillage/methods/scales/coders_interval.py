"""How sure the agreement of two people who read the same texts apart is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from maillage.methods.scales._readings import alpha_of, by_text
from maillage.methods.scales.interval import Interval


def coders_interval(
    first: ArrayLike, second: ArrayLike, *, seed: int, confidence: float = 0.95, resamples: int = 2_000
) -> Interval | None:
    """The middle ``confidence`` of alpha over draws of as many texts, with replacement: texts are drawn, not codes,
    since the codes of one text go together. ``None`` where too few draws can tell anything."""
    apart, ones, codes = by_text(first, second)
    size = len(apart)
    draws = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), size=resamples)
    drawn = alpha_of(draws @ apart, draws @ ones, size * codes)
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < resamples / 2:
        return None
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high), confidence)
