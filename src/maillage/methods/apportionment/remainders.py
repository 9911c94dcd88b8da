"""Rounding that keeps a sum: the largest remainders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from maillage.methods.apportionment.ties import Ties, first_of


@dataclass(frozen=True)
class Rounded:
    """Whole amounts, and the tie met on the way, if any."""

    amounts: tuple[int, ...]
    raised: frozenset[int]
    """Places that got one more than their whole part."""
    tied: tuple[int, ...]
    """Places whose equal remainders met at the last one: empty where nothing had to be decided."""
    at_stake: int
    """How many of ``tied`` could be raised."""


def round_to_sum(
    amounts: Sequence[Fraction],
    names: Sequence[str],
    sizes: Sequence[Fraction],
    ties: Ties = Ties.NAME,
    seed: int = 0,
) -> Rounded:
    """Each amount rounded down or up to a whole number so that their (whole) sum is kept.

    Those with the largest remainders are raised. With ``Ties.OPEN``, the tied ones are not raised, and the sum is
    short by ``at_stake``. Error: ``ValueError`` where the sum is no whole number.
    """
    # Over one denominator, remainders are whole numbers: they add up and compare many times faster.
    common = lcm(*(amount.denominator for amount in amounts))
    counted = [amount.numerator * (common // amount.denominator) for amount in amounts]
    if sum(counted) % common:
        raise ValueError("The sum must be a whole number.")
    whole = [amount // common for amount in counted]
    left = sum(counted) // common - sum(whole)
    if not left:
        return Rounded(tuple(whole), frozenset(), (), 0)
    remainders = [amount % common for amount in counted]
    last = sorted(remainders, reverse=True)[left - 1]
    above = [place for place, remainder in enumerate(remainders) if remainder > last]
    level = [place for place, remainder in enumerate(remainders) if remainder == last]
    at_stake = left - len(above)
    raised = frozenset(above)
    if len(level) == at_stake:
        raised, level, at_stake = raised | frozenset(level), [], 0
    elif ties is not Ties.OPEN:
        raised |= frozenset(first_of(level, at_stake, ties, names, sizes, seed))
    whole = [part + (place in raised) for place, part in enumerate(whole)]
    return Rounded(tuple(whole), raised, tuple(level), at_stake)
