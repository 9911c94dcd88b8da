"""The range of a proportion: Wilson's interval."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from maillage.methods.scales.interval import Interval


def wilson(successes: int, answers: int, confidence: float = 0.95) -> Interval:
    """The proportions that a score test would not reject, given ``successes`` of ``answers``.

    Unlike the usual ``p ± 1.96 s``, it stays between 0 and 1, is not empty at 0 or at all, and holds for few answers.
    Error: ``ValueError`` without answers. Source: Wilson, « Probable inference, the law of succession, and statistical
    inference », *Journal of the American Statistical Association* 22, 1927.
    """
    if not 0 <= successes <= answers or not answers or not 0 < confidence < 1:
        raise ValueError("An interval needs answers, and a confidence between 0 and 1.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / answers
    centre = share + z * z / (2 * answers)
    width = z * sqrt(share * (1 - share) / answers + z * z / (4 * answers * answers))
    scale = 1 + z * z / answers
    # The ends that are known exactly do not depend on rounding.
    low = (centre - width) / scale if successes else 0.0
    high = (centre + width) / scale if successes < answers else 1.0
    return Interval(max(0.0, low), min(1.0, high), confidence)
