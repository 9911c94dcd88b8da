"""What a choice of suppressed cells must satisfy, and the test of one choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.methods.disclosure._attack import NEAR, Attack, Bound, Witnesses
from maillage.methods.disclosure._system import System


@dataclass(frozen=True, eq=False)
class Cut:
    """An inequality that every safe choice satisfies: Σ ``share[i]`` over suppressed ``i`` ≥ 1 (if ``when`` is)."""

    share: NDArray[np.float64]
    when: int
    """A cell: nothing is asked unless it is suppressed; -1: always."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose cells to suppress: all of ``forced``, none outside ``allowed``, so that every goal is wide enough.

    Goals are sums of atoms: first each cell, asked of it only when it is suppressed; then what is asked always.
    """

    system: System
    goals: sparse.csr_matrix
    when: NDArray[np.int64]
    """``(goals,)``: a cell, or -1."""
    high: NDArray[np.int64]
    """``(goals,)``: the attacker must believe at least this much possible."""
    width: NDArray[np.int64]
    forced: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    cost: NDArray[np.float64]
    """``(cells,)``: above 0."""
    seconds: float
    """Of one integer program of an attack."""
    witnesses: Witnesses = field(init=False)

    def __post_init__(self) -> None:
        # What is asked besides the cells is a sum of cells where nobody is.
        truth = np.zeros(self.goals.shape[0], dtype=np.int64)
        truth[: len(self.system.counts)] = self.system.counts
        object.__setattr__(self, "witnesses", Witnesses(self.system, self.goals, truth.tolist()))

    def asked(self, suppressed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The goals that count for this choice."""
        return (self.when < 0) | suppressed[self.when]

    def missing(self, suppressed: NDArray[np.bool_]) -> list[int]:
        """Goals that no known table shows to be wide enough yet."""
        low, high = self.witnesses.seen(suppressed)
        wide = (high >= self.high) & (high - low >= self.width)
        return np.flatnonzero(self.asked(suppressed) & ~wide).tolist()

    def enough(self, goal: int, suppressed: NDArray[np.bool_]) -> bool:
        low, high = self.witnesses.seen(suppressed)
        return bool(high[goal] >= self.high[goal] and high[goal] - low[goal] >= self.width[goal])


def violated(problem: Problem, suppressed: NDArray[np.bool_], first: bool = False) -> list[Cut]:
    """Inequalities that this choice breaks; none: it is safe. ``first``: stop at one."""
    attack = Attack(problem.system, suppressed, problem.goals, problem.witnesses, (), problem.seconds)
    cuts: list[Cut] = []
    for goal in problem.missing(suppressed):
        if not problem.enough(goal, suppressed):  # an earlier attack may have shown it
            cuts += _attacked(problem, attack, goal)
        if cuts and first:
            break
    return cuts


def _attacked(problem: Problem, attack: Attack, goal: int) -> list[Cut]:
    """What is wrong with one goal, having attacked it on both sides."""
    suppressed = attack.suppressed
    up = attack.most(goal)
    if up.value is None or problem.enough(goal, suppressed):
        return []
    cuts = []
    asked = int(problem.high[goal])
    if up.relaxed < asked - NEAR:
        cuts += _cuts(problem, attack, goal, [up], up.relaxed, asked)
    down = attack.most(goal, -1)
    if problem.enough(goal, suppressed):
        return cuts
    width = up.relaxed + down.relaxed
    if width < problem.width[goal] - NEAR:
        cuts += _cuts(problem, attack, goal, [up, down], width, int(problem.width[goal]))
    # Wide enough for fractions, not for whole tables: something more must be suppressed, whatever it is.
    return cuts or [Cut((~suppressed).astype(float), int(problem.when[goal]))]


def _cuts(
    problem: Problem, attack: Attack, goal: int, bounds: Sequence[Bound], reached: float, asked: int
) -> list[Cut]:
    """Fischetti & Salazar's inequalities (2001, §3), from the multipliers that prove the attacker's bound.

    A published cell of positive multiplier would lift the bound without limit were it suppressed; of negative one, by
    the multiplier times its count, since it cannot go below 0. For atoms already unknown the second form also counts
    what their being unknown gives. No share is more than what is asked.
    """
    counts, suppressed = problem.system.counts, attack.suppressed
    share = np.zeros(len(counts))
    unknown = np.zeros(len(counts))
    for bound in bounds:
        assert bound.duals is not None
        assert bound.slacks is not None
        duals = np.where(np.abs(bound.duals) < NEAR, 0.0, bound.duals)
        share += np.where(duals > 0, np.inf, -duals * counts)
        cells = problem.system.cell_of
        own = (cells >= 0) & attack.free
        np.add.at(unknown, cells[own], np.maximum(bound.slacks[own], 0.0) * counts[cells[own]])
    share[suppressed] = 0.0
    when = int(problem.when[goal])
    found = [Cut(np.minimum(share / (asked - reached), 1.0), when)]
    gained = float(unknown.sum())
    if gained > NEAR:
        full = (share + unknown) / (asked - reached + gained)
        found.append(Cut(np.minimum(full, 1.0), when))
    return found
