"""Median and quartiles of ordered answers, without inventing a level between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate


@dataclass(frozen=True)
class Quantile:
    """Places of the lowest and the highest level that are this quantile. They differ where it falls between two."""

    low: int
    high: int


def ordinal_quantile(counts: Sequence[int], part: Fraction) -> Quantile:
    """The levels ``x`` such that at least ``part`` of the answers are at ``x`` or below, and ``1 - part`` at or above.

    ``part`` is strictly between 0 and 1 (1/2: the median). Where exactly ``part`` of the answers are below a level and
    the rest above, both neighbours with answers are given (and what lies between them): levels have no mean. Exact.
    Error: ``ValueError`` without answers. In Hyndman and Fan's list (« Sample Quantiles in Statistical Packages », *The
    American Statistician* 50(4), 1996) the low end is type 1, and type 2 would average both ends.
    """
    total = sum(counts)
    if not total or min(counts) < 0 or not 0 < part < 1:
        raise ValueError("Quantiles need answers, and a part between 0 and 1.")
    reached = list(accumulate(counts))
    low = next(place for place, sofar in enumerate(reached) if sofar >= part * total)
    high = next(place for place, sofar in enumerate(reached) if sofar > part * total)
    return Quantile(low, high)
