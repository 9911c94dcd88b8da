"""What every rule for seats gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.sentences import Sentence


@dataclass(frozen=True)
class Tie:
    """Equal claims on the last seats."""

    names: tuple[str, ...]
    seats: int
    """Left for them: fewer than they are."""
    given_to: tuple[str, ...]
    """By the rule for ties; nobody with ``Ties.OPEN``."""


@dataclass(frozen=True)
class Seats:
    seats: Mapping[str, int]
    """By name, in the order of the claims. With an open tie, the seats at stake are in nobody's number."""
    tie: Tie | None
    """Reported even where a rule decided it."""
    price: Fraction
    """What a seat costs in claims (people, most often): the quota, or the quotient of the last seat given."""
    lines: Mapping[str, tuple[Sentence, ...]]
    """Why this number, for each name."""
