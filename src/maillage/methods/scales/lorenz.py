"""Who has which part: the points of Lorenz's curve."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate

from maillage.methods.scales._amounts import Amount, checked


def lorenz(amounts: Iterable[Amount]) -> tuple[tuple[Fraction, Fraction], ...] | None:
    """``(part of the units, part of the amount)`` from the least to the most, from (0, 0) to (1, 1). Exact.

    ``None`` where there is nothing; ``ValueError`` for an amount below 0. Source: Lorenz, « Methods of measuring the
    concentration of wealth », *Publications of the American Statistical Association* 9, 1905.
    """
    found = sorted(checked(amounts))
    total = sum(found)
    if not total:
        return None
    count = len(found)
    sums = accumulate(found, initial=0)
    return tuple((Fraction(place, count), Fraction(reached) / total) for place, reached in enumerate(sums))
