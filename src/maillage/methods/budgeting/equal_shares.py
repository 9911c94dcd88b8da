"""The method of equal shares: every person gets the same part of the envelope, to share the projects they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._add_one import Reached, Stop, add_one
from maillage.methods.budgeting._electorate import Electorate, electorate
from maillage.methods.budgeting._exact_shares import ExactShares
from maillage.methods.budgeting._greedy_order import greedy_order
from maillage.methods.budgeting._share_rows import Rows, known
from maillage.methods.budgeting.election import Election, Outcome, Ties, Utility

__all__ = ["Completion", "Endowment", "EqualShares", "Payments", "Stop", "equal_shares"]


class Endowment(StrEnum):
    """What each person receives at the start: the envelope divided by the ballots, or its whole part."""

    EXACT = "exact"
    INTEGRAL = "integral"


class Completion(StrEnum):
    """What is done with the money that is left: nothing, Add1, or Add1 and then the greedy rule."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_GREEDY = "add1-greedy"


@dataclass(frozen=True, eq=False)
class Payments:
    """Who paid what for one project: few different amounts, and which of them each of its supporters paid."""

    ballots: NDArray[np.int64]
    """``(supporters,)``: the ballots that name the project."""
    places: NDArray[np.int64]
    """``(supporters,)``: places in ``amounts``."""
    amounts: tuple[Fraction, ...]


@dataclass(frozen=True)
class EqualShares(Outcome):
    """The outcome, and what explains it. Projects are places in ``Election.projects``."""

    electorate: Electorate = field(repr=False, compare=False)
    start: Fraction
    """What each person received first."""
    endowment: Fraction
    """What each person received in the end: ``start`` and one unit for each of the ``rounds``."""
    rounds: int
    stop: Stop
    bought: tuple[int, ...]
    """Winners paid by equal shares, in order. The others are free (they cost nothing) or come by greedy completion."""
    by_greedy: tuple[int, ...]
    """Winners that the greedy completion added, in order."""
    beyond: tuple[int, ...]
    """What one unit more for everybody would buy, up to the purchase that overspends (``OVERSPENT`` only)."""

    @cached_property
    def prices(self) -> Mapping[int, Fraction]:
        """The most that one person paid for each project of ``bought``, in order; computed when first asked."""
        shares = ExactShares(self.electorate, self.endowment)
        for project in self.bought:
            shares.buy(project)
        return MappingProxyType(shares.prices)

    def rho(self, project: int) -> Fraction:
        """What one unit of utility cost its supporters: the most that one paid, divided by the utility."""
        return self.prices[project] / self.electorate.utilities[project]

    def payments(self, project: int) -> Payments:
        """What each supporter of a project of ``bought`` paid; the sum is its cost. Counts again up to there."""
        if project not in self.bought:
            raise ValueError("nobody paid a share of this project")
        shares = ExactShares(self.electorate, self.endowment)
        for before in self.bought[: self.bought.index(project)]:
            shares.buy(before)
        place_of, amounts = shares.payments(project)
        of_group = np.full(len(self.electorate.weights), -1, dtype=np.int64)
        of_group[self.electorate.groups[project]] = place_of
        places = of_group[self.electorate.group_of]
        ballots = np.flatnonzero(places >= 0)
        return Payments(ballots, places[ballots], tuple(amounts))


def equal_shares(
    election: Election,
    *,
    utility: Utility = Utility.COST,
    endowment: Endowment = Endowment.EXACT,
    completion: Completion = Completion.NONE,
    exhaustive_stop: bool = True,
    ties: Ties = Ties.COST,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> EqualShares:
    """The projects that the method of equal shares chooses, exactly.

    Each ballot receives ``budget / ballots`` (``INTEGRAL``: its whole part). A project is bought where the people who
    name it can pay it together, each paying the same price, or all they have left when that is less. At each step the
    one bought is that whose price divided by utility (its cost, or one) is least; equal ones go by ``ties`` and
    ``seed``. It ends when nobody can pay for anything more. A project that costs nothing and that somebody names is
    always chosen with the utility ``CARDINALITY``, and never with ``COST``, where it is worth nothing. Ballots with
    points or ranks count as naming their projects; a ballot that names nothing has its share all the same.

    ``ADD1`` counts again with one unit of the currency more for everybody, and again, and keeps the last outcome that
    costs no more than the envelope. It stops earlier at the first outcome where no project that somebody names fits in
    what is left, unless ``exhaustive_stop`` is false; and where every project that somebody names is chosen or costs
    more than the envelope. ``ADD1_GREEDY`` then spends what is left by the greedy rule, in the order of that rule for
    the same utility, projects that nobody names last.

    ``progress`` is called with the money spent so far and the envelope, in units that are whole.

    Source: Peters, Pierczyński and Skowron, « Proportional Participatory Budgeting with Additive Utilities », NeurIPS
    2021; equalshares.net for the completions. How it is computed, fast and exactly: ``_share_rows``.
    """
    voters = electorate(election, utility, ties, seed)
    if not voters.people:
        return _nothing(election, voters, completion, utility, ties, seed)
    start = voters.budget / voters.people
    if endowment is Endowment.INTEGRAL:
        start = Fraction(start // 1)
    shared = known(voters)
    if completion is Completion.NONE:
        reached = Reached(0, Rows(shared, [start]).run()[0], Stop.SINGLE, [])
    else:
        reached = add_one(shared, start, exhaustive_stop, progress)
    bought = tuple(voters.candidates[reached.path].tolist()) if reached.path else ()
    beyond = tuple(voters.candidates[reached.beyond].tolist()) if reached.beyond else ()
    winners = (*voters.free, *bought)
    greedy = _greedy(election, winners, utility, ties, seed) if completion is Completion.ADD1_GREEDY else ()
    cost = sum((voters.costs[place] for place in (*winners, *greedy)), Fraction(0))
    return EqualShares(
        winners=(*winners, *greedy),
        cost=cost,
        electorate=voters,
        start=start,
        endowment=start + reached.rounds,
        rounds=reached.rounds,
        stop=reached.stop,
        bought=bought,
        by_greedy=greedy,
        beyond=beyond,
    )


def _nothing(
    election: Election, voters: Electorate, completion: Completion, utility: Utility, ties: Ties, seed: int
) -> EqualShares:
    """Without ballots nobody has a share; the greedy completion still spends the envelope."""
    greedy = _greedy(election, (), utility, ties, seed) if completion is Completion.ADD1_GREEDY else ()
    cost = sum((voters.costs[place] for place in greedy), Fraction(0))
    stop = Stop.SINGLE if completion is Completion.NONE else Stop.COMPLETE
    none = Fraction(0)
    return EqualShares(greedy, cost, voters, none, none, 0, stop, (), greedy, ())


def _greedy(election: Election, winners: tuple[int, ...], utility: Utility, ties: Ties, seed: int) -> tuple[int, ...]:
    """What the greedy rule adds with the money that is left."""
    left = election.budget - sum((election.projects[place].cost for place in winners), Fraction(0))
    added = []
    for place in greedy_order(election, utility, ties, seed):
        cost = election.projects[place].cost
        if place not in winners and cost <= left:
            added.append(place)
            left -= cost
    return tuple(added)
