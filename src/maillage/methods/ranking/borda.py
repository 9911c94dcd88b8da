"""Borda: a point for each option ranked lower."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.ranking._groups import by_score
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.pairwise import pairwise
from maillage.methods.ranking.result import Ranking


class Remaining(StrEnum):
    """What becomes of the points that a ballot leaves to the options it does not rank."""

    SHARED = "shared"
    """They share them equally: each has the mean of the last places."""
    LOST = "lost"
    """Nobody has them: an unranked option has 0."""


@dataclass(frozen=True, eq=False)
class Borda(Ranking):
    points: tuple[Fraction, ...]
    """Exact: halves come from ties."""
    total: int
    """How many ballots."""
    remaining: Remaining


def borda(ballots: RatingBallots, *, remaining: Remaining = Remaining.SHARED) -> Borda:
    """Options by points: on each ballot, one for each option ranked lower and half for each one ranked equal.

    Options that a ballot does not rank come after the others. With ``SHARED`` they are equal between themselves: the
    points of a ballot are always ``m (m − 1) / 2``, those of tied places are averaged, and the order is that of the
    symmetric Borda score (Terzopoulou and Endriss 2021, which counts those below less those above). With ``LOST`` they
    get 0, which rewards ballots that rank everything.
    """
    above = pairwise(ballots)
    size = len(ballots.options)
    # Twice the points: above twice and equal once is (above − below) + everyone.
    twice = [int(value) + (size - 1) * ballots.total for value in above.sum(axis=1) - above.sum(axis=0)]
    if remaining is Remaining.LOST:
        twice = [value - lost for value, lost in zip(twice, _left(ballots), strict=True)]
    points = tuple(Fraction(value, 2) for value in twice)
    return Borda(ballots.options, by_score(points), points, ballots.total, remaining)


def _left(ballots: RatingBallots) -> list[int]:
    """Twice the points that each option has from the ballots that do not rank it."""
    blank: NDArray[np.bool_] = ballots.values == ballots.blank
    others = blank.sum(axis=1, dtype=np.int64) - 1
    if ballots.counts is not None:
        others = others * ballots.counts
    return [int(others[column].sum()) for column in blank.T]
