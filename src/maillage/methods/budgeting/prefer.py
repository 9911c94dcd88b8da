"""Which of two outcomes more people prefer."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import Election, Outcome, Utility


@dataclass(frozen=True)
class Preference:
    """How many voters strictly prefer each outcome; the others get as much from both."""

    first: int
    second: int


def prefer(election: Election, first: Outcome, second: Outcome, utility: Utility = Utility.COST) -> Preference:
    """The comparison step: each voter prefers the outcome from which they get more.

    A voter gets, from the funded projects that their ballot names, the sum of their costs (``COST``) or their number
    (``CARDINALITY``). In the method of equal shares « with comparison », the greedy outcome replaces the other only
    where strictly more voters prefer it (equalshares.net, « Comparison step »). Exact.
    """
    apart = _worth(election, first, utility) - _worth(election, second, utility)
    entries = np.concatenate([apart[:1] * 0, np.cumsum(apart[election.ballots.chosen])])
    totals = entries[election.ballots.starts[1:]] - entries[election.ballots.starts[:-1]]
    return Preference(int(np.count_nonzero(totals > 0)), int(np.count_nonzero(totals < 0)))


def _worth(election: Election, outcome: Outcome, utility: Utility) -> NDArray:
    """What each project gives to those who name it, as whole numbers."""
    costs = [project.cost for project in election.projects]
    unit = lcm(*(cost.denominator for cost in costs))
    worth = [0] * len(costs)
    for place in outcome.winners:
        worth[place] = int(costs[place] * unit) if utility is Utility.COST else 1
    # Sums along all the ballots may go round 64 bits; a ballot's own, their difference, is right where it holds in 62.
    fits = sum(worth) < 1 << 62
    return np.array(worth, dtype=np.int64 if fits else object)
