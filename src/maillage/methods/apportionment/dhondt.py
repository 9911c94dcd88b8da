"""Seats by the divisors 1, 2, 3… (D'Hondt, Jefferson)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from maillage.methods.apportionment._divisors import by_divisors
from maillage.methods.apportionment.seats import Seats
from maillage.methods.apportionment.ties import Ties


def dhondt(
    claims: Mapping[str, int | Fraction], seats: int, *, minimum: int = 0, ties: Ties = Ties.OPEN, seed: int = 0
) -> Seats:
    """One seat at a time to the highest ``claim / (s + 1)``, ``s`` being the seats it has. It favours the largest.

    Exact. Errors: :class:`Impossible`. Source: D'Hondt, *La représentation proportionnelle des partis*, 1878.
    """
    return by_divisors(claims, seats, lambda has: Fraction(has + 1), 1, minimum=minimum, ties=ties, seed=seed)
