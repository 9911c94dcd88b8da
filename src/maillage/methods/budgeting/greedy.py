"""The greedy rule: the most supported projects first, as long as the envelope lasts."""

from __future__ import annotations

from fractions import Fraction

from maillage.methods.budgeting._greedy_order import greedy_order
from maillage.methods.budgeting.election import Election, Outcome, Ties, Utility


def greedy(
    election: Election,
    *,
    utility: Utility = Utility.COST,
    skip: bool = True,
    ties: Ties = Ties.COST,
    seed: int = 0,
) -> Outcome:
    """Projects are taken in order and funded where what is left of the envelope pays for them.

    With the utility ``COST`` the order is that of the number of ballots that name a project; with ``CARDINALITY``, of
    that number divided by the cost (a free project that somebody names comes first). A project that does not fit is
    passed over; with ``skip=False`` the count stops there. A project that nobody names comes last, and is funded where
    money is left for it. Ballots with points or ranks count as naming their projects.

    Source: greedy utilitarian welfare with additive satisfactions (Talmon and Faliszewski, « A Framework for
    Approval-Based Budgeting Methods », AAAI 2019); pabutools' ``greedy_utilitarian_welfare`` gives the same winners.
    """
    left, winners = election.budget, []
    for project in greedy_order(election, utility, ties, seed):
        cost = election.projects[project].cost
        if cost <= left:
            winners.append(project)
            left -= cost
        elif not skip:
            break
    return Outcome(tuple(winners), sum((election.projects[place].cost for place in winners), Fraction(0)))
