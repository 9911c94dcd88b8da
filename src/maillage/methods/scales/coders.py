"""How much two people who read the same texts apart put the same codes on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from maillage.methods.scales._readings import alpha_of, by_text


def coders_alpha(first: ArrayLike, second: ArrayLike) -> float | None:
    """Krippendorff's alpha of two coders who say yes or no: 1, always the same; 0, no better than by chance.

    ``first``, ``second``: ``(texts, codes)`` booleans, no value missing. Every text with every code is a unit.
    ``None`` where all the answers are the same: agreement by chance cannot be told. Error: ``ValueError`` for other
    shapes, or nothing to compare. Source: Krippendorff, « Computing Krippendorff's alpha-reliability », 2011.
    """
    apart, ones, codes = by_text(first, second)
    found = alpha_of(apart.sum(keepdims=True), ones.sum(keepdims=True), len(apart) * codes)[0]
    return None if np.isnan(found) else float(found)
