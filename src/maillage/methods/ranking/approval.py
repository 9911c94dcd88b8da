"""Approval: the options that most ballots approve."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from maillage.methods.ranking._groups import by_score
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.result import Ranking
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


@dataclass(frozen=True, eq=False)
class Approval(Ranking):
    votes: tuple[int, ...]
    """How many ballots approve each option."""
    total: int
    """How many ballots."""
    least: Fraction | None
    """The lowest number that counts as an approval on some ballot; ``None`` where there is none, or with ranks."""
    most: Fraction | None
    """The highest one."""

    @property
    def graded(self) -> Sentence | None:
        """From which number ballots approve, to be shown with the result; None where there is only one number."""
        if self.least is None or self.most is None or self.least == self.most:
            return None
        return _("Every number from %(least)s to %(most)s counts as an approval.", least=self.least, most=self.most)


def approval(ballots: RatingBallots, *, at_least: int | Fraction | None = None) -> Approval:
    """Options by number of approvals (Brams and Fishburn 1978).

    A ballot approves what it gives ``at_least`` (as the file writes it: 4, or ``Fraction(7, 2)``); without it, whatever
    it does not leave blank.

    Errors: ``Unreadable`` for ``at_least`` with ranks.
    """
    if at_least is not None:
        ballots.refuse_ranks()
    floor = ballots.blank + 1 if at_least is None else ceil(at_least * ballots.per_unit)
    # A floor under the type's own lowest number would let blanks in; above its highest, nothing is approved.
    floor = max(floor, ballots.blank + 1)
    votes = []
    seen: set[int] = set()
    for column in ballots.values.T:
        approved = column >= floor if floor <= np.iinfo(column.dtype).max else np.zeros(len(column), dtype=bool)
        votes.append(int(approved.sum() if ballots.counts is None else ballots.counts[approved].sum()))
        if approved.any() and not ballots.ordinal:
            numbers = column[approved]
            seen |= {int(numbers.min()), int(numbers.max())}
    least, most = (Fraction(found, ballots.per_unit) for found in (min(seen), max(seen))) if seen else (None, None)
    return Approval(ballots.options, by_score(votes), tuple(votes), ballots.total, least, most)
