"""The method of equal shares as one writes it on paper: fractions, one person at a time. Slow, and plainly right."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from maillage.methods.budgeting.election import Election, Utility


def price(cost: Fraction, held: list[Fraction]) -> Fraction | None:
    """The least ``q`` such that people who pay ``q``, or all they hold, pay the cost."""
    left = cost
    for place, balance in enumerate(sorted(held)):
        if balance * (len(held) - place) >= left:
            return left / (len(held) - place)
        left -= balance
    return None


def shares(election: Election, utility: Utility, endowment: Fraction, rank: list[int]) -> dict[int, Fraction]:
    """The price of each project bought, in order."""
    starts, chosen = election.ballots.starts.tolist(), election.ballots.chosen.tolist()
    named = [chosen[a:b] for a, b in pairwise(starts)]
    costs = [project.cost for project in election.projects]
    balances = [endowment] * len(named)
    supporters = {p: [i for i, ballot in enumerate(named) if p in ballot] for p in range(len(costs)) if costs[p]}
    prices: dict[int, Fraction] = {}
    while True:
        found = []
        for project, people in supporters.items():
            if project not in prices and people:
                each = price(costs[project], [balances[i] for i in people])
                if each is not None:
                    unit = costs[project] if utility is Utility.COST else 1
                    found.append((each / unit, rank[project], project, each))
        if not found:
            return prices
        _rho, _rank, project, each = min(found)
        prices[project] = each
        for i in supporters[project]:
            balances[i] = max(balances[i] - each, Fraction(0))


def add_one(
    election: Election, utility: Utility, start: Fraction, rank: list[int], exhaustive_stop: bool
) -> tuple[int, dict[int, Fraction]]:
    """Units added, and the prices of what is bought then."""
    costs = [project.cost for project in election.projects]
    wanted = {p for p in set(election.ballots.chosen.tolist()) if costs[p]}
    rounds, last = 0, shares(election, utility, start, rank)
    while True:
        left = election.budget - sum(costs[p] for p in last)
        rest = [costs[p] for p in wanted if p not in last]
        if all(cost > election.budget for cost in rest) or (exhaustive_stop and all(cost > left for cost in rest)):
            return rounds, last
        found = shares(election, utility, start + rounds + 1, rank)
        if sum(costs[p] for p in found) > election.budget:
            return rounds, last
        rounds, last = rounds + 1, found
