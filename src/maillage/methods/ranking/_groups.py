"""From figures, or from who is above whom, to groups of equals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Groups = tuple[tuple[int, ...], ...]


def by_score(scores: Sequence[int | Fraction | None]) -> Groups:
    """Highest first; equal scores share a group; those without a score come last, together."""
    known = sorted({score for score in scores if score is not None}, reverse=True)
    groups = [tuple(place for place, score in enumerate(scores) if score == wanted) for wanted in known]
    without = tuple(place for place, score in enumerate(scores) if score is None)
    return tuple(groups) + ((without,) if without else ())


def levels(below: Sequence[int]) -> list[int]:
    """How far each option is from the top of a strict partial order, from 0.

    ``below[i]``: the options that ``i`` is above, as bits (transitive). The level of an option is the length of the
    longest chain above it: 0 where nothing is above it.
    """
    found = [0] * len(below)
    left = set(range(len(below)))
    level = 0
    while left:
        covered = 0
        for place in left:
            covered |= below[place]
        top = {place for place in left if not covered >> place & 1}
        for place in top:
            found[place] = level
        left -= top
        level += 1
    return found


def by_level(level: Sequence[int]) -> Groups:
    """Lowest level first."""
    return by_score([-number for number in level])
