"""A safe choice of few cells, soon found: cell after cell, the cheapest way to make it uncertain.

For each cell that an attacker could place too closely, a linear program looks for another table, where the cell is as
much larger (or smaller) as asked, that changes published cells as little as possible (each weighed by its cost). The
cells that it changes are withheld. This is the linear form of the network heuristics for cell suppression (Hundepool et
al. 2012, §4.4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from maillage.methods.disclosure._attack import NEAR, Attack
from maillage.methods.disclosure._problem import Problem


def greedy(problem: Problem, start: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """A safe choice that holds ``start``; ``None``: what may not be withheld allows none."""
    chosen = start.copy()
    tables = _Tables(problem)
    attack = Attack(problem.system, chosen.copy(), problem.goals, problem.witnesses, (), problem.seconds)
    while missing := problem.missing(chosen):
        if (attack.suppressed != chosen).any():
            attack = Attack(problem.system, chosen.copy(), problem.goals, problem.witnesses, (), problem.seconds)
        # The largest first: what protects it often protects the others.
        goal = max(missing, key=lambda one: (problem.system.counts[one] if one < len(chosen) else -1, -one))
        # It may be safe already, without anybody having seen it.
        for sign in (1, -1):
            attack.most(goal, sign, whole=False)
        if problem.enough(goal, chosen):
            continue
        if not tables.widen(goal, chosen) and not _hide_around(problem, goal, chosen):
            return None
    return chosen


class _Tables:
    """Tables near the truth: atoms, and for each cell how far above and below the truth it is."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        rows, links = problem.system.rows, problem.system.links
        self.cells, self.atoms = rows.shape
        one = sparse.identity(self.cells, format="csr")
        none = sparse.csr_matrix((links.shape[0], 2 * self.cells))
        self.equations = sparse.vstack(
            [sparse.hstack([rows, -one, one]), sparse.hstack([links, none])] if links.shape[0]
            else [sparse.hstack([rows, -one, one])],
            format="csr",
        )  # fmt: skip
        self.right = np.concatenate([problem.system.counts, np.zeros(links.shape[0])])

    def widen(self, goal: int, chosen: NDArray[np.bool_]) -> bool:
        """Withhold what makes this goal wide enough, in place. ``False``: nothing was found."""
        low, high = (side[goal] for side in self.problem.witnesses.seen(chosen))
        asked = max(self.problem.high[goal], low + self.problem.width[goal])
        aims = [asked]
        if high >= self.problem.high[goal] and high - self.problem.width[goal] >= 0:
            aims.append(high - self.problem.width[goal])
        found = [table for aim in aims if (table := self._nearest(goal, int(aim), chosen, whole=False)) is not None]
        if not found and (table := self._nearest(goal, int(asked), chosen, whole=True)) is not None:
            found = [table]
        if not found:
            return False
        cells, values = min(found, key=lambda table: table[2])[:2]
        changed = cells != self.problem.system.counts
        if (changed & ~self.problem.allowed).any():
            return False
        chosen |= changed
        self.problem.witnesses.add(cells, self.problem.goals @ values)
        return True

    def _nearest(
        self, goal: int, aim: int, chosen: NDArray[np.bool_], *, whole: bool
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], float] | None:
        """The table where the goal is ``aim`` that changes published cells least: cells, atoms, what it costs."""
        problem = self.problem
        cost = np.where(chosen, 0.0, problem.cost)
        ends = np.where(problem.allowed | chosen, np.inf, 0.0)
        row = sparse.hstack([problem.goals[[goal]], sparse.csr_matrix((1, 2 * self.cells))])
        prices = np.concatenate([np.zeros(self.atoms), cost, cost])
        equations = sparse.vstack([self.equations, row], format="csr")
        right = np.append(self.right, aim)
        high = np.concatenate([np.full(self.atoms, np.inf), ends, ends])
        if whole:
            done = milp(
                prices, integrality=(np.arange(len(high)) < self.atoms).astype(int), bounds=Bounds(0, high),
                constraints=[LinearConstraint(equations, right, right)],
                options={"time_limit": 1.0, "mip_rel_gap": 0.1},
            )  # fmt: skip
        else:
            # Tables of three variables have corners that are not whole: those are no tables.
            done = linprog(prices, A_eq=equations, b_eq=right, bounds=np.column_stack([np.zeros(len(high)), high]))
            if done.status == 0 and np.abs(done.x - np.rint(done.x)).max() > NEAR:
                return None
        if done.x is None:
            return None
        values = np.rint(done.x[: self.atoms]).astype(np.int64)
        if (problem.system.links @ values).any() or (problem.goals[[goal]] @ values)[0] != aim:
            return None
        cells = problem.system.rows @ values
        return cells, values, float(problem.cost[(cells != problem.system.counts) & ~chosen].sum())


def _hide_around(problem: Problem, goal: int, chosen: NDArray[np.bool_]) -> bool:
    """Where no program finds a way: withhold every cell that counts one atom of the goal; then nothing limits it."""
    for atom in np.flatnonzero(problem.goals[[goal]].toarray().ravel() > 0).tolist():
        step = np.asarray(problem.system.rows[:, [atom]].todense()).ravel()
        aside = problem.system.links[:, [atom]].nnz
        if aside or (step.astype(bool) & ~problem.allowed).any():
            continue
        chosen |= step.astype(bool)
        far = int(problem.high[goal] + problem.width[goal])
        values = np.zeros(problem.system.rows.shape[1], dtype=np.int64)
        values[atom] = far
        problem.witnesses.add(problem.system.counts + far * step, problem.witnesses.truth + problem.goals @ values)
        return True
    return False
