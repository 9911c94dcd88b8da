"""The order in which the greedy rule takes the projects."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from maillage.methods.budgeting.election import Election, Ties, Utility
from maillage.methods.budgeting.ties import order


def greedy_order(election: Election, utility: Utility, ties: Ties, seed: int) -> list[int]:
    """Places of the projects, the first to be taken first."""
    votes = np.bincount(election.ballots.chosen, minlength=len(election.projects)).tolist()
    rank = order(election, ties, seed)
    costs = [project.cost for project in election.projects]
    keys = [(*score(votes[place], costs[place], utility), int(rank[place])) for place in range(len(costs))]
    return sorted(range(len(costs)), key=keys.__getitem__)


def score(votes: int, cost: Fraction, utility: Utility) -> tuple[bool, Fraction]:
    """What projects are sorted by, the best first: a free project that somebody names is ahead of any quotient."""
    if utility is Utility.COST or not votes:
        return True, Fraction(-votes)
    return (True, -votes / cost) if cost else (False, Fraction(0))
