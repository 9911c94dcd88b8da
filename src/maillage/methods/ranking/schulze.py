"""Schulze's method: the strongest path of victories from one option to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.ranking._groups import by_level, levels
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.pairwise import Strength, Unranked, pairwise
from maillage.methods.ranking.result import Ranking


@dataclass(frozen=True, eq=False)
class Schulze(Ranking):
    pairwise: NDArray[np.int64]
    """``(options, options)``: ballots that put the row above the column."""
    paths: NDArray[np.int64]
    """``(options, options)``: strength of the strongest path from the row to the column; 0: there is none."""
    strength: Strength
    unranked: Unranked


def schulze(
    ballots: RatingBallots, *, strength: Strength = Strength.MARGINS, unranked: Unranked = Unranked.LAST
) -> Schulze:
    """Options by Schulze's method (« A new monotonic, clone-independent… method », Social Choice and Welfare, 2011).

    A path goes from victory to victory; it is as strong as its weakest one. ``a`` is above ``b`` where the strongest
    path from ``a`` to ``b`` is stronger than the one back. Schulze proves that this has no cycle, but some pairs may
    be left equal: an option's group is the length of the longest chain of options above it, so that the first group
    are the options that nothing is above, and two options of one group are never one above the other.

    Strength: margins by default (as pref_voting); Schulze's own paper prefers winning votes.
    """
    counts = pairwise(ballots, unranked=unranked)
    victory = counts > counts.T
    paths = np.where(victory, counts - counts.T if strength is Strength.MARGINS else counts, 0)
    for through in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, through, None], paths[None, through, :]))
    np.fill_diagonal(paths, 0)
    above = [sum(1 << int(place) for place in np.flatnonzero(row)) for row in paths > paths.T]
    return Schulze(ballots.options, by_level(levels(above)), counts, paths, strength, unranked)
