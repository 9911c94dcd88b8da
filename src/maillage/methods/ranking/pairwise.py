"""How many ballots put each option above each other one."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from maillage.methods.ranking.ballots import RatingBallots


class Unranked(StrEnum):
    """What a ballot says of the options that it leaves blank."""

    LAST = "last"
    """They come after all those it ranks, equal between themselves (Schulze 2011; Tideman 1987; most laws)."""
    ASIDE = "aside"
    """Nothing: they are compared with no other on this ballot."""


class Strength(StrEnum):
    """How strong a victory of one option over another is. They differ only where ballots have ties or blanks."""

    MARGINS = "margins"
    """Ballots for, less ballots against."""
    WINNING_VOTES = "winning-votes"
    """Ballots for."""


def pairwise(ballots: RatingBallots, *, unranked: Unranked = Unranked.LAST) -> NDArray[np.int64]:
    """``(options, options)``: ``[a, b]`` is how many ballots put ``a`` above ``b``. Equal options count for neither."""
    columns = [np.ascontiguousarray(column) for column in ballots.values.T]
    found = np.zeros((len(columns), len(columns)), dtype=np.int64)
    for a, first in enumerate(columns):
        for b in range(a):
            second = columns[b]
            above, below = first > second, second > first
            if unranked is Unranked.ASIDE:
                # Blank is below every value: only the one that is above is sure to have one.
                above &= second != ballots.blank
                below &= first != ballots.blank
            found[a, b], found[b, a] = _number(above, ballots.counts), _number(below, ballots.counts)
    return found


def _number(chosen: NDArray[np.bool_], counts: NDArray[np.int64] | None) -> int:
    return int(np.count_nonzero(chosen)) if counts is None else int(counts[chosen].sum())
