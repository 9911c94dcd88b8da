"""Add1: the same count with one unit of money more for everybody, again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from maillage.methods.budgeting._share_rows import Known, Rows

CELLS = 1 << 22
"""The most balances kept at once: groups of ballots times endowments (8 bytes each)."""
WIDEST = 256
"""Endowments counted at once: more would be wasted at the end, and save little."""


class Stop(StrEnum):
    """Why the endowment stopped growing."""

    SINGLE = "single"
    """It was not asked to grow."""
    EXHAUSTIVE = "exhaustive"
    """No project that somebody names and that is not chosen fits in what is left."""
    OVERSPENT = "overspent"
    """One unit more, and the outcome costs more than the envelope."""
    COMPLETE = "complete"
    """Every project that somebody names is chosen, or costs more than the whole envelope."""


@dataclass(frozen=True)
class Reached:
    """Where it stopped."""

    rounds: int
    """Units added to the first endowment."""
    path: list[int]
    """Candidates, in the order of purchase."""
    stop: Stop
    beyond: list[int]
    """What is bought with one unit more, up to the purchase that overspends; empty if it stopped before."""


def add_one(
    known: Known, start: Fraction, exhaustive_stop: bool, progress: Callable[[int, int], None] | None = None
) -> Reached:
    """The last endowment, from ``start`` and unit by unit, whose outcome stays within the envelope.

    It ends, since every project that somebody names is bought once the endowment is large enough. Batches grow: few
    rounds cost little, many rounds cost little each. At worst half of the work is done in vain, after the last round.
    """
    rounds, width = 0, 2
    most = max(1, CELLS // max(1, len(known.electorate.weights)))
    path: list[int] = []
    while True:
        width = min(width * 2, most, WIDEST)
        rows = Rows(known, [start + rounds + place for place in range(width)])
        for found in rows.run():
            spent = _spent(known, found)
            if spent > known.budget:
                return Reached(rounds - 1, path, Stop.OVERSPENT, found)
            path = found
            stop = _stop(known, found, known.budget - spent, exhaustive_stop)
            if stop:
                return Reached(rounds, path, stop, [])
            rounds += 1
        if progress:
            progress(spent, known.budget)


def _spent(known: Known, path: list[int]) -> int:
    return sum(known.whole_list[candidate] for candidate in path)


def _stop(known: Known, path: list[int], left: int, exhaustive_stop: bool) -> Stop | None:
    rest = set(range(len(known.costs))).difference(path)
    if all(known.whole_list[candidate] > known.budget for candidate in rest):
        return Stop.COMPLETE
    if exhaustive_stop and all(known.whole_list[candidate] > left for candidate in rest):
        return Stop.EXHAUSTIVE
    return None
