"""Amounts whose concentration is measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

Amount = int | Fraction


def checked(amounts: Iterable[Amount]) -> Sequence[Amount]:
    """The amounts, none below 0. Error: ``ValueError``."""
    found = list(amounts)
    if any(amount < 0 for amount in found):
        raise ValueError("Concentration is not defined with an amount below 0.")
    return found
