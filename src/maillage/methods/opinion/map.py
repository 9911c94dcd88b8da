"""The map of opinions: people who voted alike stand near each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion._axes import Entries, leading_axes
from maillage.methods.opinion.votes import Votes

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """Where people and statements stand; ``n`` people, ``m`` statements."""

    people: Floats
    """``(n, 2)``. A person without a vote stands at the centre."""
    statements: Floats
    """``(m, 2)``: where somebody would stand whose only vote is to agree with it."""
    axes: Floats
    """``(2, m)``: unit vectors, by decreasing spread."""
    means: Floats
    """``(m,)``: mean vote of each statement (0 without votes, and for one left out)."""
    spread: tuple[float, float]
    """Share of the variance of the filled table that each axis carries, 0 to 1."""
    cast: NDArray[np.int64]
    """``(n,)``: votes of each person."""
    statement_count: int
    """Statements that received a vote: what the distance to the centre is scaled with."""

    @property
    def extremity(self) -> Floats:
        """``(m,)``: distance of each statement to the centre."""
        return np.hypot(self.statements[:, 0], self.statements[:, 1])


def map_opinions(votes: Votes, tolerance: float = 1e-9) -> OpinionMap:
    """The first two principal components of the votes, holes filled with the mean vote of the statement.

    A filled hole stands at its column's mean, so it is 0 once the means are taken away: the table is never filled, and
    the time goes with the votes cast, not with people × statements. Each person is then moved away from the centre by
    √(statements / votes cast), since holes had pulled them towards it. A statement left out is a column of 0, which
    counts as a vote of everyone in that ratio (Polis does so). Source: Small and others 2021, *Polis: Scaling
    deliberation by mapping high dimensional opinion spaces*; compdemocracy.org/pca.

    An axis may be drawn in either direction: the one is taken in which the weights of the statements add to more than
    0, so that who agrees more stands to the right and up; where they add to 0, the heaviest weight is positive.
    """
    people, count = len(votes.people), len(votes.statements)
    keep = ~votes.left_out[votes.statement]
    person, statement, value = votes.person[keep], votes.statement[keep], votes.value[keep].astype(float)
    asked = votes.asked
    answers = np.bincount(statement, minlength=count)
    means = np.bincount(statement, value, count) / np.maximum(answers, 1)
    table = Entries(person, statement, value - means[statement], (people, count))
    axes, squares = leading_axes(table, 2, tolerance)
    axes *= np.array([[_sign(axis)] for axis in axes])
    filled = np.bincount(person, minlength=people) + int((asked & votes.left_out).sum())
    away = np.sqrt(asked.sum() / np.maximum(filled, 1))
    total = float(np.square(table.value).sum())
    return OpinionMap(
        people=np.stack([table.forward(axis) for axis in axes], axis=1) * away[:, None],
        statements=(axes * (1 - means) * np.sqrt(asked.sum())).T * ~votes.left_out[:, None],
        axes=axes,
        means=means,
        spread=(float(squares[0] / total), float(squares[1] / total)) if total else (0.0, 0.0),
        cast=votes.cast,
        statement_count=int(asked.sum()),
    )


def _sign(axis: Floats) -> float:
    total = float(axis.sum())
    if abs(total) > 1e-9:
        return 1.0 if total > 0 else -1.0
    return -1.0 if axis.any() and axis[np.argmax(np.abs(axis))] < 0 else 1.0
