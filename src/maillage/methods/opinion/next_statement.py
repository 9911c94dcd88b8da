"""Which statement to show next to a person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion.map import OpinionMap
from maillage.methods.opinion.votes import AGREE, PASS, Votes

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Next:
    statement: int | None
    """Place in ``Votes.statements``; ``None`` where the person has answered everything."""
    priorities: Floats
    """``(m,)``: of every statement, whoever is asked; 0 for one left out."""
    chances: Floats
    """``(m,)``: chances that each had of being drawn for this person; they add to 1, or to 0 where nothing is left."""


def next_statement(votes: Votes, opinion_map: OpinionMap, person: int | None, seed: int) -> Next:
    """Draws a statement that ``person`` (a place in ``Votes.people``; ``None``: somebody new) has not voted on.

    Chances go with the priority, (importance × novelty)²: importance = (1 − p(pass)) × p(agree) × (1 + extremity),
    with p = (count + 1) / (votes + 2) and the extremity of the map; novelty = 1 + 8 × 2^(−votes / 5), so that a new
    statement is pushed, half as much after every five votes. A statement without votes has extremity 0.

    Source: Small and others 2021, comment routing; compdemocracy.org/comment-routing. ``seed`` settles the draw: change
    it for every draw. Errors: ``IndexError`` for a place where there is nobody.
    """
    size = len(votes.statements)
    voted = np.bincount(votes.statement, minlength=size)
    agrees, passes = (np.bincount(votes.statement[votes.value == value], minlength=size) for value in (AGREE, PASS))
    importance = (
        (1 - (passes + 1) / (voted + 2)) * (agrees + 1) / (voted + 2) * (1 + opinion_map.extremity * (voted > 0))
    )
    novelty = 1 + 8 * 2.0 ** (-voted / 5)
    priorities = np.square(importance * novelty) * ~votes.left_out
    weights = priorities.copy()
    if person is not None:
        if not 0 <= person < len(votes.people):
            raise IndexError(person)
        weights[votes.statement[votes.person == person]] = 0
    total = float(weights.sum())
    if total <= 0:
        return Next(None, priorities, np.zeros(size))
    chances = weights / total
    drawn = np.random.default_rng(seed).random()
    # The last one that has a chance takes what rounding leaves of 1.
    last = int(np.flatnonzero(chances)[-1])
    return Next(min(int(np.searchsorted(np.cumsum(chances), drawn, side="right")), last), priorities, chances)
