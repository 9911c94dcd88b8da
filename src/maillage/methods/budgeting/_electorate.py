"""An election as the method of equal shares looks at it: people with the same ballot count as one group."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import Ballots, Election, Ties, Utility
from maillage.methods.budgeting.ties import order


@dataclass(frozen=True, eq=False)
class Electorate:
    """Groups of equal ballots, projects that somebody names and that cost something, exact costs."""

    weights: NDArray[np.float64]
    """``(groups,)``: how many people; whole numbers, exact as floats."""
    group_of: NDArray[np.int32]
    """``(ballots,)``: the group of each ballot."""
    groups: tuple[NDArray[np.int64], ...]
    """For each project, the groups that name it."""
    supporters: NDArray[np.int64]
    """``(projects,)``: how many people name each project."""
    costs: tuple[Fraction, ...]
    budget: Fraction
    utilities: tuple[Fraction, ...]
    """What one supporter gets from each project: its cost, or one."""
    ties: NDArray[np.int64]
    """``(projects,)``: of two equal projects, the lower comes first."""
    candidates: NDArray[np.int64]
    """The projects that can be bought: they cost something and somebody names them."""
    free: tuple[int, ...]
    """Projects that cost nothing, that somebody names and has a use for, in the order of ties: always chosen. There
    are none where utility is the cost: nobody gains from what costs nothing."""
    unit: int
    """Costs and budget times ``unit`` are whole numbers."""

    @property
    def people(self) -> int:
        """How many ballots, those that name nothing included."""
        return len(self.group_of)

    def reachable(self, project: int) -> bool:
        """Whether an outcome within the envelope can hold this project."""
        return self.costs[project] <= self.budget


def electorate(election: Election, utility: Utility, ties: Ties, seed: int) -> Electorate:
    """The election, grouped. Time: a sort of the entries of the ballots."""
    group_of, first = _groups(election.ballots, len(election.projects))
    count = len(election.projects)
    starts, chosen = election.ballots.starts, election.ballots.chosen
    # One ballot stands for each group: its entries, project by project.
    sizes = np.diff(starts)[first]
    owner = np.repeat(np.arange(len(first)), sizes)
    places = np.arange(len(owner)) + np.repeat(starts[:-1][first] - (np.cumsum(sizes) - sizes), sizes)
    named = chosen[places]
    by_project = np.argsort(named, kind="stable")
    cuts = np.cumsum(np.bincount(named, minlength=count))[:-1]
    groups = tuple(np.split(owner[by_project], cuts)) if count else ()
    weights = np.bincount(group_of, minlength=len(first)).astype(np.float64)
    supporters = np.bincount(chosen, minlength=count)
    costs = tuple(project.cost for project in election.projects)
    utilities = costs if utility is Utility.COST else (Fraction(1),) * count
    rank = order(election, ties, seed)
    wanted = [place for place in range(count) if supporters[place]]
    return Electorate(
        weights,
        group_of,
        groups,
        supporters,
        costs,
        election.budget,
        utilities,
        rank,
        np.array([place for place in wanted if costs[place]], dtype=np.int64),
        tuple(sorted((place for place in wanted if utilities[place] > costs[place] == 0), key=rank.__getitem__)),
        lcm(election.budget.denominator, *(cost.denominator for cost in costs)),
    )


def _groups(ballots: Ballots, projects: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The group of each ballot, and one ballot of each group.

    Ballots are compared by the sum of a random number a project, then entry by entry with the first of their group:
    if two different ones shared a sum, everybody would be a group of one, which is slower and as exact.
    """
    count = len(ballots)
    keys = np.random.default_rng(0).integers(1, 1 << 63, size=max(projects, 1), dtype=np.uint64)
    sums = np.zeros(len(ballots.chosen) + 1, dtype=np.uint64)
    np.cumsum(keys[ballots.chosen], out=sums[1:])
    owners = sums[ballots.starts[1:]] - sums[ballots.starts[:-1]]
    _sums, first, group_of = np.unique(owners, return_index=True, return_inverse=True)
    sizes = np.diff(ballots.starts)
    twin = first[group_of]
    same = bool((sizes == sizes[twin]).all())
    if same:
        owner = np.repeat(np.arange(count), sizes)
        entries = np.sort(owner * projects + ballots.chosen) - owner * projects
        shift = np.repeat(ballots.starts[twin] - ballots.starts[:-1], sizes)
        same = bool((entries == entries[np.arange(len(entries)) + shift]).all())
    if not same:
        return np.arange(count, dtype=np.int32), np.arange(count)
    return group_of.astype(np.int32), first
