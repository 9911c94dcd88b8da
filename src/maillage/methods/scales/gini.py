"""Inequality of amounts: the Gini coefficient."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from maillage.methods.scales._amounts import Amount, checked


def gini(amounts: Iterable[Amount], *, corrected: bool = False) -> Fraction | None:
    """Half the mean gap between two units, over the mean: 0 where all have as much, ``(n - 1) / n`` where one has all.

    ``corrected``: multiplied by ``n / (n - 1)``, so that it reaches 1, as an estimate from a sample should be (Deltas,
    *Review of Economics and Statistics* 85(1), 2003). Exact; zeros count. ``None`` where there is nothing, or to
    correct for one unit; ``ValueError`` for an amount below 0. Source: Gini, *Variabilità e mutabilità*, 1912.
    """
    found = sorted(checked(amounts))
    total, count = sum(found), len(found)
    if not total or (corrected and count < 2):
        return None
    ranked = sum(rank * amount for rank, amount in enumerate(found, 1))
    index = Fraction(2 * ranked) / (count * total) - Fraction(count + 1, count)
    return index * Fraction(count, count - 1) if corrected else index
