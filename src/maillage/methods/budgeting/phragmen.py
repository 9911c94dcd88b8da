"""Sequential Phragmén: everyone saves at the same speed, and a project is bought when its supporters can pay for it."""

from __future__ import annotations

from fractions import Fraction

from maillage.methods.budgeting._phragmen_rounds import phragmen_rounds
from maillage.methods.budgeting.election import Election, Outcome, Ties


def phragmen(election: Election, *, ties: Ties = Ties.COST, seed: int = 0) -> Outcome:
    """Every voter receives money, from nothing and at the same speed; as soon as those who name a project have its cost
    together, they pay it and start again from nothing.

    The count stops when a project could be bought that costs more than what is left of the envelope, even where another
    could be bought at the same moment. Projects that cost more than the whole envelope are set aside first. Projects
    that nobody names come last, by the order of ties, under the same condition. Ballots with points or ranks count as
    naming their projects. Exact.

    Source: Los, Christoff and Grossi, « Proportional Budget Allocations: Towards a Systematization », IJCAI 2022, with
    the stop of pabutools' ``sequential_phragmen``, which gives the same winners.
    """
    winners = tuple(one.next[0] for one in phragmen_rounds(election, ties, seed) if one.bought)
    return Outcome(winners, sum((election.projects[place].cost for place in winners), Fraction(0)))
