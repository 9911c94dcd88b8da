"""Random elections, small and full of the cases where rules go wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from maillage.methods.budgeting.election import Ballots, Election, Project, Ties, VoteType

IDS = ["1", "2", "10", "02", "é", "p x", "A", "a", "zz", "7", "8", "9"]


def election(
    costs: list[int | str | Fraction],
    named: list[list[int]],
    budget: int | str | Fraction,
    vote_type: VoteType = VoteType.APPROVAL,
    points: list[list[int]] | None = None,
    ids: list[str] | None = None,
) -> Election:
    """An election by hand: ``named`` are the places that each ballot names."""
    names = ids or [f"p{place}" for place in range(len(costs))]
    chosen = np.array([place for ballot in named for place in ballot], dtype=np.int32)
    starts = np.cumsum([0, *map(len, named)]).astype(np.int64)
    flat = None if points is None else np.array([value for one in points for value in one], dtype=np.int64)
    projects = tuple(Project(name, Fraction(cost)) for name, cost in zip(names, costs, strict=True))
    return Election(projects, Fraction(budget), Ballots(starts, chosen, flat), vote_type)


def instances(count: int, seed: int, vote_types: tuple[VoteType, ...] = (VoteType.APPROVAL,)) -> Iterator[Election]:
    """``count`` elections: ties, projects without supporters, too costly, free or of equal costs, one voter or none,
    empty ballots, an envelope of nothing, cents."""
    draw = random.Random(seed)
    for _ in range(count):
        yield _instance(draw, draw.choice(vote_types))


def ties_of(count: int, seed: int) -> Iterator[tuple[Ties, int]]:
    """As many ways to break ties, each with the seed of its lot."""
    draw = random.Random(seed)
    for _ in range(count):
        yield draw.choice(list(Ties)), draw.randrange(1000)


def _instance(draw: random.Random, vote_type: VoteType) -> Election:
    size = draw.randint(1, 9)
    kinds = [
        lambda: draw.choice([1, 2, 3]),
        lambda: 5,
        lambda: draw.randint(1, 100),
        lambda: draw.choice([0, 1, 4]),
        lambda: Fraction(draw.randint(1, 900), 100),
    ]
    cost = draw.choice(kinds)
    costs = [Fraction(cost()) for _ in range(size)]
    if not draw.randrange(5):
        costs[draw.randrange(size)] = Fraction(1000)
    total = sum(costs)
    budget = total * Fraction(draw.randint(1, 8), 10)
    if not draw.randrange(4):
        budget = draw.choice([total, Fraction(0), max(costs), Fraction(10)])
    popular = draw.sample(range(size), draw.randint(1, size))
    named = []
    for _ in range(draw.choice([0, 1, 2, 5, 8, 12, 20])):
        most = 1 if vote_type is VoteType.CHOOSE_ONE else draw.randint(1, len(popular))
        named.append(draw.sample(popular, draw.randint(0, most)))
    points = None
    if vote_type in (VoteType.CUMULATIVE, VoteType.SCORING):
        points = [[draw.randint(0, 4) for _ in ballot] for ballot in named]
    return election(costs, named, budget, vote_type, points, draw.sample(IDS, size))
