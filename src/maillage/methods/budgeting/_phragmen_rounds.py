"""Sequential Phragmén, round after round, in whole numbers.

A voter's load is always that of the last project bought with their money, so that it is one of few values: what is kept
for each voter is the round, not a fraction. All loads share one denominator, which grows when a purchase asks for it;
the sums of loads of the supporters of each project are then plain whole numbers, and comparisons are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import Election, Ties
from maillage.methods.budgeting.supporters import Supporters, supporters
from maillage.methods.budgeting.ties import order


@dataclass(frozen=True)
class Round:
    """The next project to be bought, in the currency of the election."""

    left: Fraction
    """What is left of the envelope before it."""
    load: Fraction | None
    """What each of its supporters will have spent in all; ``None`` for projects that nobody names."""
    next: tuple[int, ...]
    """Those that can be bought now, the first by the order of ties first."""
    bought: bool
    """Whether the first was bought; where one of them costs more than what is left, the count stops."""
    sums: tuple[int, ...]
    unit: int
    """What the supporters of each project have spent together so far: ``sums[p] / unit``."""


def phragmen_rounds(election: Election, ties: Ties, seed: int) -> Iterator[Round]:
    """Every round until the count stops or every project that the envelope could pay for is bought."""
    state = _State(election)
    rank = order(election, ties, seed).tolist()
    left = election.budget
    open_ = [place for place, project in enumerate(election.projects) if project.cost <= left]
    while open_:
        tied, load = state.cheapest(open_)
        tied.sort(key=rank.__getitem__)
        bought = all(election.projects[place].cost <= left for place in tied)
        yield Round(left, load, tuple(tied), bought, tuple(state.sums), state.unit)
        if not bought:
            return
        open_.remove(tied[0])
        left -= election.projects[tied[0]].cost
        if load is not None:
            state.buy(tied[0])


class _State:
    """Who has spent what; amounts are whole numbers of ``1 / unit``."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.supporters: Supporters = supporters(election)
        self.votes: list[int] = self.supporters.votes().tolist()
        self.unit = lcm(*(project.cost.denominator for project in election.projects))
        self.costs = [int(project.cost * self.unit) for project in election.projects]
        self.sums = [0] * len(self.costs)
        self.loads = [0]
        self.round_of: NDArray[np.int64] = np.zeros(len(election.ballots), dtype=np.int64)

    def cheapest(self, places: list[int]) -> tuple[list[int], Fraction | None]:
        """The projects whose supporters would have the least load, and this load."""
        tied: list[int] = []
        least, share = 0, 1
        for place in places:
            if not self.votes[place]:
                continue
            total = self.costs[place] + self.sums[place]
            # total / votes against least / share, without dividing.
            difference = total * share - least * self.votes[place] if tied else -1
            if difference < 0:
                tied, least, share = [place], total, self.votes[place]
            elif difference == 0:
                tied.append(place)
        return (tied, Fraction(least, share * self.unit)) if tied else (list(places), None)

    def buy(self, project: int) -> None:
        """Its supporters all come to the same load."""
        total, share = self.costs[project] + self.sums[project], self.votes[project]
        factor = share // gcd(total, share)
        if factor > 1:
            self.unit *= factor
            self.costs = [cost * factor for cost in self.costs]
            self.sums = [value * factor for value in self.sums]
            self.loads = [value * factor for value in self.loads]
        load = total * factor // share
        for place, before, count in self._moved(project):
            self.sums[place] += count * (load - self.loads[before])
        self.round_of[self.supporters.of(project)] = len(self.loads)
        self.loads.append(load)

    def _moved(self, project: int) -> Iterator[tuple[int, int, int]]:
        """For every project, how many of these supporters it also has, by the round of their load so far."""
        ballots, rounds = self.election.ballots, len(self.loads)
        movers = self.supporters.of(project)
        counts = ballots.starts[movers + 1] - ballots.starts[movers]
        offsets = np.repeat(ballots.starts[movers] - (np.cumsum(counts) - counts), counts)
        named = ballots.chosen[offsets + np.arange(len(offsets))].astype(np.int64)
        table = np.bincount(named * rounds + np.repeat(self.round_of[movers], counts))
        for cell in np.flatnonzero(table).tolist():
            yield cell // rounds, cell % rounds, int(table[cell])
