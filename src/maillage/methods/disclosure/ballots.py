"""What shares by group tell of whole ballots, where the ballots are published apart, without their group.

Each option of a table by group may be safe alone, and several together not: if 8 people of a group of 10 are for A, 7
for B, and one published ballot only is for A and not for B, then that ballot, with all that it says, is of that group.
The attacker knows the published ballots, the size of each group and the counts shown; :func:`ties_ballots` looks for
the ways to share the ballots among the groups that agree with all of it (an integer program: Fischetti & Salazar 2001,
§2, on cells that no table shows).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
TOGETHER = 16
"""Ways looked for at first: each answers many questions at once."""
MOST = 400
"""Questions asked together."""


@dataclass(frozen=True)
class Publication:
    """Ballots of ``len(sizes)`` kinds: those of a kind are for the same options. ``for_it``: ``(kinds, options)``.

    ``truth``: ``(groups, kinds)``, how many ballots of each kind each group has. ``shown``: by ``(group, option)``, how
    many of the group are for it; the other counts are hidden.
    """

    for_it: NDArray[np.bool_]
    truth: Whole
    shown: Mapping[tuple[int, int], int]

    @property
    def sizes(self) -> Whole:
        found: Whole = self.truth.sum(axis=0)
        return found


@dataclass
class _Seen:
    """The least and the most that the ways found give to each cell, and to each group for each option."""

    publication: Publication
    low: Whole = field(init=False)
    high: Whole = field(init=False)
    low_for: Whole = field(init=False)
    high_for: Whole = field(init=False)

    def __post_init__(self) -> None:
        truth = self.publication.truth
        counts = truth @ self.publication.for_it.astype(np.int64)
        self.low, self.high, self.low_for, self.high_for = truth.copy(), truth.copy(), counts.copy(), counts.copy()

    def add(self, way: Whole) -> None:
        counts = way @ self.publication.for_it.astype(np.int64)
        np.minimum(self.low, way, out=self.low)
        np.maximum(self.high, way, out=self.high)
        np.minimum(self.low_for, counts, out=self.low_for)
        np.maximum(self.high_for, counts, out=self.high_for)


def ties_ballots(publication: Publication, threshold: int, *, seconds: float = 5.0) -> bool:
    """Whether what is published lets anyone say of a few ballots which group they are of, or gives a hidden count back.

    Safe is: of any kind of ballots, ``threshold - 1`` at least (all, where there are fewer) may be of other groups; a
    group that has fewer than ``threshold`` ballots of a kind may have none, or as many; a hidden count of a group may
    be ``threshold`` or more, on both sides, and keeps a range of ``threshold - 1``. What is not proven safe within
    ``seconds`` is said to tie.
    """
    end = time.monotonic() + seconds
    seen, solve = _Seen(publication), _Solver(publication)
    rng = np.random.default_rng(0)
    for turn in range(TOGETHER):
        goals = _open(seen, threshold)
        if not goals:
            return False
        # One way answers many questions: the cells that are still to be lessened, or filled, are together.
        weights = sum(goals[:MOST], np.zeros(publication.truth.shape)) + 0.1 * rng.random(publication.truth.shape)
        way = solve.least(-weights if turn % 4 == 3 else weights, end)
        if way is None:
            return True
        seen.add(way)
    while goals := _open(seen, threshold):
        for weights in (goals[0], -goals[0]):
            way = solve.least(weights, end)
            if way is None:
                return True
            seen.add(way)
            if not any((goals[0] == other).all() for other in _open(seen, threshold)):
                break
        else:
            return True
    return False


def _open(seen: _Seen, threshold: int) -> list[NDArray[np.float64]]:
    """What is not proven safe yet: the weights of each sum."""
    publication, width = seen.publication, threshold - 1
    truth, for_it = publication.truth, publication.for_it
    groups = truth.sum(axis=1)
    tied = seen.low > np.maximum(publication.sizes - width, 0)
    small = (truth > 0) & (truth < threshold) & (seen.low > 0) & (seen.high < threshold)
    narrow = (
        (seen.high_for < threshold)
        | (groups[:, None] - seen.low_for < threshold)
        | (seen.high_for - seen.low_for < width)
    ) & (groups[:, None] > 0)
    found = []
    for group, kind in np.argwhere(tied | small).tolist():
        goal = np.zeros(truth.shape)
        goal[group, kind] = 1
        found.append(goal)
    for group, option in np.argwhere(narrow).tolist():
        if (group, option) not in publication.shown:
            goal = np.zeros(truth.shape)
            goal[group] = for_it[:, option]
            found.append(goal)
    return found


class _Solver:
    """The ways to share the ballots among the groups that agree with what is published."""

    def __init__(self, publication: Publication) -> None:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_matrix, eye, kron, vstack

        groups, kinds = self.shape = publication.truth.shape
        rows = [kron(np.ones((1, groups)), eye(kinds)), kron(eye(groups), np.ones((1, kinds)))]
        known = [*publication.sizes.tolist(), *publication.truth.sum(axis=1).tolist()]
        for (group, option), count in publication.shown.items():
            row = np.zeros(self.shape)
            row[group] = publication.for_it[:, option]
            rows.append(csr_matrix(row.reshape(1, -1)))
            known.append(count)
        self.constraint = LinearConstraint(vstack(rows).tocsr(), known, known)

    def least(self, weights: NDArray[np.float64], end: float) -> Whole | None:
        """A way where the weighted sum is the least; None where the time allowed did not find it."""
        from scipy.optimize import milp

        left = end - time.monotonic()
        if left <= 0:
            return None
        found = milp(
            weights.ravel(), integrality=np.ones(weights.size), constraints=[self.constraint],
            options={"time_limit": left},
        )  # fmt: skip
        if found.x is None or found.status != 0:
            return None
        way: Whole = np.rint(found.x).astype(np.int64).reshape(self.shape)
        return way
