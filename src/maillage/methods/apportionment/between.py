"""Sharing in proportion when each must stay between a floor and a cap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import itemgetter


@dataclass(frozen=True)
class Between:
    """The shares and the level that gives them: ``amounts[i] = clamp(starts[i] + level × weights[i])``."""

    amounts: tuple[Fraction, ...]
    level: Fraction


def share_between(
    total: Fraction,
    weights: Sequence[Fraction],
    starts: Sequence[Fraction],
    floors: Sequence[Fraction],
    caps: Sequence[Fraction | None],
) -> Between | None:
    """Shares that sum to ``total``, each ``starts + level × weights`` held between its floor and its cap.

    All sequences have one length; weights are at least 0; ``floors[i] <= caps[i]``; a cap of ``None`` is no cap. Exact.
    ``None`` where no level of at least 0 gives this total.

    The sum grows with the level, in straight lines that bend where someone leaves a floor or reaches a cap. So the
    bends are sorted and followed up to the total: n log n. Amounts are unique: between two levels with one sum, no
    amount has moved, since none can go down. (Water-filling in rounds, the plain version, is in the tests.)
    """
    at_zero = [_held(start, floor, cap) for start, floor, cap in zip(starts, floors, caps, strict=True)]
    level, reached = Fraction(0), sum(at_zero, Fraction(0))
    free = zip(weights, starts, floors, caps, strict=True)
    slope = sum((w for w, start, floor, cap in free if floor <= start and (cap is None or start < cap)), Fraction(0))
    if reached > total:
        return None
    for bend, change in sorted(_bends(weights, starts, floors, caps), key=itemgetter(0)):
        climbed = reached + slope * (bend - level)
        if climbed >= total:
            break
        level, reached, slope = bend, climbed, slope + change
    if reached < total:
        if not slope:
            return None
        level += (total - reached) / slope
    amounts = [
        _held(start + level * weight, floor, cap)
        for weight, start, floor, cap in zip(weights, starts, floors, caps, strict=True)
    ]
    return Between(tuple(amounts), level)


def _held(amount: Fraction, floor: Fraction, cap: Fraction | None) -> Fraction:
    return max(floor, amount if cap is None else min(amount, cap))


def _bends(
    weights: Sequence[Fraction], starts: Sequence[Fraction], floors: Sequence[Fraction], caps: Sequence[Fraction | None]
) -> Iterator[tuple[Fraction, Fraction]]:
    """Levels at which the slope of the sum changes, and by how much: up where one leaves its floor, down at its cap."""
    for weight, start, floor, cap in zip(weights, starts, floors, caps, strict=True):
        if weight and (cap is None or start < cap):
            if floor > start:
                yield (floor - start) / weight, weight
            if cap is not None:
                yield (cap - start) / weight, -weight
