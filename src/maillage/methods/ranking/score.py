"""Scores added up, or their mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from maillage.methods.ranking._groups import by_score
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.result import Ranking


class Measure(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    """Of the ballots that score the option: blanks are left out."""
    MEAN_OF_ALL = "mean-of-all"
    """Of all ballots: a blank is 0."""


@dataclass(frozen=True, eq=False)
class Score(Ranking):
    scores: tuple[Fraction | None, ...]
    """Exact, in the units of the file; ``None``: a mean of no ballot, ranked last."""
    scored: tuple[int, ...]
    """How many ballots score each option."""
    total: int
    """How many ballots."""
    measure: Measure


def score(ballots: RatingBallots, *, measure: Measure = Measure.SUM) -> Score:
    """Options by sum (default) or by mean of their scores. A sum takes a blank for 0.

    Errors: ``Unreadable`` for ranks.
    """
    ballots.refuse_ranks()
    scores: list[Fraction | None] = []
    scored = []
    for column in ballots.values.T:
        given = column != ballots.blank
        if ballots.counts is None:
            number, points = int(np.count_nonzero(given)), int(column.sum(dtype=np.int64, where=given))
        else:
            number = int(ballots.counts[given].sum())
            points = int((column[given].astype(np.int64) * ballots.counts[given]).sum())
        divisor = {Measure.SUM: 1, Measure.MEAN: number, Measure.MEAN_OF_ALL: ballots.total}[measure]
        scores.append(Fraction(points, ballots.per_unit * divisor) if divisor else None)
        scored.append(number)
    return Score(ballots.options, by_score(scores), tuple(scores), tuple(scored), ballots.total, measure)
