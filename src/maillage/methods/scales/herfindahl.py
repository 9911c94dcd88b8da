"""Concentration of an amount: Herfindahl's index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.scales._amounts import Amount, checked


@dataclass(frozen=True)
class Herfindahl:
    index: Fraction
    """Sum of the squared shares: 1 where one has all, 1 / n where n have as much."""
    normalised: Fraction | None
    """From 0 (all as much) to 1; ``None`` with one unit, where there is nothing to compare."""

    @property
    def equivalent(self) -> Fraction:
        """As concentrated as this number of units with as much each."""
        return 1 / self.index


def herfindahl(amounts: Iterable[Amount]) -> Herfindahl | None:
    """Exact. Units with 0 count in ``n``. ``None`` where there is nothing; ``ValueError`` for an amount below 0.

    Source: Herfindahl, *Concentration in the Steel Industry*, 1950; Hirschman, 1945.
    """
    found = checked(amounts)
    total = sum(found)
    if not total:
        return None
    index = Fraction(sum(amount * amount for amount in found)) / (total * total)
    count = len(found)
    return Herfindahl(index, (index - Fraction(1, count)) / (1 - Fraction(1, count)) if count > 1 else None)
