"""Same winners as pabutools, on random elections and on real ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from pabutools.rules import greedy_utilitarian_welfare, popularity_comparison, sequential_phragmen

from maillage.methods.budgeting.election import Election, Outcome, Ties, Utility, VoteType
from maillage.methods.budgeting.greedy import greedy
from maillage.methods.budgeting.phragmen import phragmen
from maillage.methods.budgeting.prefer import prefer
from maillage.methods.budgeting.read import read_pabulib

from .instances import instances, ties_of
from .peer import SATISFACTION, converted, ids, peer_ids, same_ties

Rule = Callable[[Election, Ties, int], Outcome]
Peer = Callable[[Election, Ties, int], set[str]]


def peer_greedy(utility: Utility) -> Peer:
    def run(election: Election, ties: Ties, seed: int) -> set[str]:
        instance, profile = converted(election)
        rule = same_ties(election, ties, seed)
        return peer_ids(greedy_utilitarian_welfare(instance, profile, SATISFACTION[utility], tie_breaking=rule))

    return run


def peer_phragmen(election: Election, ties: Ties, seed: int) -> set[str]:
    instance, profile = converted(election, as_approval=True)
    return peer_ids(sequential_phragmen(instance, profile, tie_breaking=same_ties(election, ties, seed)))


RULES: dict[str, tuple[Rule, Peer]] = {
    "greedy, cost": (lambda e, ties, seed: greedy(e, ties=ties, seed=seed), peer_greedy(Utility.COST)),
    "greedy, cardinality": (
        lambda e, ties, seed: greedy(e, utility=Utility.CARDINALITY, ties=ties, seed=seed),
        peer_greedy(Utility.CARDINALITY),
    ),
    "phragmen": (lambda e, ties, seed: phragmen(e, ties=ties, seed=seed), peer_phragmen),
}
"""What is compared: a rule of ours and the same of pabutools, by ids."""

COUNT = 1500


@pytest.mark.parametrize("name", RULES)
def test_random_elections(name: str):
    ours, peer = RULES[name]
    for election, (ties, seed) in zip(instances(COUNT, 1, tuple(VoteType)), ties_of(COUNT, 2), strict=True):
        outcome = ours(election, ties, seed)
        assert ids(election, outcome) == peer(election, ties, seed), (election, ties, seed)
        assert outcome.cost == sum(election.projects[place].cost for place in outcome.winners) <= election.budget


def test_the_comparison_step():
    """pabutools counts for an outcome everyone who has nothing better; the strict majority is the same."""
    draw = random.Random(5)
    decided = {True: 0, False: 0}
    for election in instances(COUNT, 3, tuple(VoteType)):
        size = len(election.projects)
        first, second = (
            Outcome(tuple(draw.sample(range(size), draw.randint(0, size))), Fraction(0)) for _ in range(2)
        )  # fmt: skip
        instance, profile = converted(election)
        by_id = {project.name: project for project in instance}
        allocations = [sorted(by_id[name] for name in ids(election, outcome)) for outcome in (first, second)]
        rules = [lambda *_args, found=found, **_others: found for found in allocations]
        for utility in Utility:
            best = popularity_comparison(instance, profile, SATISFACTION[utility], rules)
            found = prefer(election, first, second, utility)
            assert (found.first >= found.second) == (allocations[0] in best)
            assert (found.second >= found.first) == (allocations[1] in best)
            decided[found.first != found.second] += 1
    assert min(decided.values()) > 200


@pytest.mark.real_data
@pytest.mark.parametrize("name", RULES)
def test_real_elections(name: str, real_data: Path):
    ours, peer = RULES[name]
    # One way to break ties for each file: pabutools takes seconds on the largest.
    for path, ties in zip(sorted((real_data / "budgets").glob("*.pb")), itertools.cycle(Ties), strict=False):
        election = read_pabulib(path)
        assert ids(election, ours(election, ties, 7)) == peer(election, ties, 7), (path.name, ties)
