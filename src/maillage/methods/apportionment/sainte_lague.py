"""Seats by the divisors 1, 3, 5… (Sainte-Laguë, Webster)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from maillage.methods.apportionment._divisors import by_divisors
from maillage.methods.apportionment.seats import Seats
from maillage.methods.apportionment.ties import Ties


def sainte_lague(
    claims: Mapping[str, int | Fraction],
    seats: int,
    *,
    minimum: int = 0,
    first: Fraction = Fraction(1),
    ties: Ties = Ties.OPEN,
    seed: int = 0,
) -> Seats:
    """One seat at a time to the highest ``claim / (2s + 1)``, ``s`` being the seats it has. Exact.

    ``first`` replaces the divisor of a first seat (7/5 in the modified method: small ones wait longer): at
    least 1, under 3.
    ``minimum`` is given to all, and counts. Errors: :class:`Impossible`; ``ValueError`` for another ``first``.
    Source: Sainte-Laguë, *La représentation proportionnelle et la méthode des moindres carrés*, 1910; Webster, 1832.
    """
    if not 1 <= first < 3:
        raise ValueError("The first divisor goes at least 1, under 3.")
    return by_divisors(
        claims, seats, lambda has: Fraction(2 * has + 1) if has else first, 2, minimum=minimum, ties=ties, seed=seed
    )
