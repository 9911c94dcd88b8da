"""What an attacker derives from the published cells: the least and the most that a sum of atoms can be.

The attacker knows every published cell and that counts are whole numbers of at least 0. Linear programming gives
bounds; each is then *proven*: the solution is rounded to whole numbers and checked, in whole numbers, against all that
is published. Where the corner that the program found is not whole, an integer program searches. A range says only what
whole tables have proven, so that rounding never makes a table look safer than it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import LinearConstraint, linprog, milp

from maillage.methods.disclosure._system import System

NEAR = 1e-6
"""Under this, a difference is the solver's rounding: its own tolerance is 1e-7."""


@dataclass(frozen=True, eq=False)
class Bound:
    """The most that a goal can be."""

    value: int | None
    """Reached by whole tables; ``None``: no limit."""
    relaxed: float
    """The most over tables that need not be whole: never less."""
    exact: bool
    duals: NDArray[np.float64] | None
    """``(cells,)``: what each published cell counts for in the proof (Lagrange multipliers), for the cuts."""
    slacks: NDArray[np.float64] | None
    """``(atoms,)``: reduced costs of the unknown atoms."""


class Witnesses:
    """Whole tables known to be possible, and what they show of each goal: most ranges need no program at all.

    A table is kept as the value of each cell: it agrees with what is published where it equals the truth there.
    """

    def __init__(self, system: System, goals: sparse.csr_matrix, truth: Sequence[int]) -> None:
        """``truth``: each goal in the true tables, the first of the tables known to be possible."""
        self._counts = system.counts
        self._differ: list[NDArray[np.bool_]] = []
        self._shown: list[NDArray[np.int64]] = []
        self.truth = np.array(truth, dtype=np.int64)
        self._for = b""
        self._read = 0
        self._low = self._high = self.truth

    def add(self, cells: NDArray[np.int64], goals: NDArray[np.int64]) -> None:
        self._differ.append(cells != self._counts)
        self._shown.append(goals)

    def seen(self, suppressed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each goal, the least and the most shown by the tables that agree with all that is published.

        Asked again of the same choice, it reads only the tables that came since.
        """
        if self._for != (asked := suppressed.tobytes()):
            self._for, self._read, self._low, self._high = asked, 0, self.truth, self.truth
        for differ, shown in zip(self._differ[self._read :], self._shown[self._read :], strict=True):
            if not (differ & ~suppressed).any():
                self._low, self._high = np.minimum(self._low, shown), np.maximum(self._high, shown)
        self._read = len(self._shown)
        return self._low, self._high


class Attack:
    """An attack on one choice of suppressed cells.

    ``goals`` is ``(goals, atoms)``, the cells first; ``least`` is what the attacker knows besides: cells that are at
    least so much (someone knows of their own answer).
    """

    def __init__(
        self, system: System, suppressed: NDArray[np.bool_], goals: sparse.csr_matrix, witnesses: Witnesses,
        least: Sequence[tuple[int, int]] = (), seconds: float = 10.0,
    ) -> None:  # fmt: skip
        self.system, self.suppressed, self.goals, self.witnesses = system, suppressed, goals, witnesses
        self.seconds = seconds
        cells = system.cell_of
        self.free = (cells < 0) | suppressed[cells]
        self.known = np.where(self.free, 0, system.counts[cells])
        own = np.zeros(len(system.counts), dtype=bool)
        own[cells[(cells >= 0) & ~self.free]] = True
        # Equations: published cells that are not one known atom, then the links.
        self.shown = np.flatnonzero(~suppressed & ~own)
        equations = sparse.vstack([system.rows[self.shown], system.links], format="csr")
        self.right = np.concatenate([system.counts[self.shown], np.zeros(system.links.shape[0], dtype=np.int64)])
        self.right = self.right - equations @ self.known
        self.unknowns = np.flatnonzero(self.free)
        equations = equations[:, self.unknowns]
        used = np.flatnonzero(np.diff(equations.indptr))
        self.equations, self.right, self.used = equations[used], self.right[used], used
        self._split()
        self.least = [
            (system.rows[[cell]][:, self.unknowns], count - int((system.rows[[cell]] @ self.known)[0]))
            for cell, count in least
        ]
        self.whole = bool(least) or bool((system.cell_of < 0).any())

    def _split(self) -> None:
        """Unknowns that no equation ties together are attacked apart."""
        atoms = len(self.unknowns)
        graph = sparse.bmat([[None, self.equations.T], [self.equations, None]]) if len(self.used) else None
        if graph is None:
            self.part = np.arange(atoms)
            self.part_of_equation = np.zeros(0, dtype=np.int64)
            return
        _number, labels = sparse.csgraph.connected_components(graph, directed=False)
        self.part, self.part_of_equation = labels[:atoms], labels[atoms:]

    def most(self, goal: int, sign: int = 1, *, whole: bool = True) -> Bound:
        """The most that ``sign`` times a goal can be. ``whole=False``: without an integer program."""
        self._search = whole
        row = sign * self.goals[[goal]].toarray().ravel()
        aim = row[self.unknowns]
        base = int(row @ self.known)
        parts = np.unique(self.part[aim != 0])
        if self.least:
            parts = np.unique(self.part)
        atoms = np.flatnonzero(np.isin(self.part, parts))
        rows = np.flatnonzero(np.isin(self.part_of_equation, parts))
        if not len(atoms):
            return Bound(base, base, True, np.zeros(len(self.system.counts)), np.zeros(len(self.free)))
        return self._solve(goal, row, aim[atoms], base, atoms, rows, sign)

    def _reached(self, goal: int, sign: int) -> int | None:
        """How far the tables already known go."""
        if self.least:
            return None
        low, high = self.witnesses.seen(self.suppressed)
        return int(high[goal] if sign > 0 else -low[goal])

    def range(self, goal: int) -> tuple[Bound, Bound]:
        """The least (as the most of its opposite) and the most, without a program where the least is known to be 0."""
        high = self.most(goal)
        low = Bound(0, 0.0, True, None, None) if self._reached(goal, -1) == 0 else self.most(goal, -1)
        return low, high

    def _solve(
        self, goal: int, row: NDArray[np.int64], aim: NDArray[np.int64], base: int, atoms: NDArray[np.int64],
        rows: NDArray[np.int64], sign: int,
    ) -> Bound:  # fmt: skip
        equations, right = self.equations[rows][:, atoms], self.right[rows]
        least = {}
        if self.least:
            least = {
                "A_ub": -sparse.vstack([known[:, atoms] for known, _count in self.least]),
                "b_ub": [-count for _known, count in self.least],
            }
        done = linprog(-aim, A_eq=equations if len(rows) else None, b_eq=right if len(rows) else None, **least)
        if done.status in (3, 4):  # no limit (HiGHS sometimes says only that there is none, or no table)
            return self._unlimited(row, aim, base, atoms, equations, right)
        if done.status != 0:
            raise ArithmeticError(done.message)
        relaxed = base - done.fun
        duals, slacks = self._proof(row, rows, -done.eqlin.marginals if len(rows) else np.zeros(0))
        value = self._prove(row, atoms, done.x)
        if value is None or value < math.floor(relaxed + NEAR):
            value = self._reached(goal, sign)
        if value is not None and value >= math.floor(relaxed + NEAR):
            return Bound(value, relaxed, True, duals, slacks)
        bound = Bound(value, relaxed, False, duals, slacks)
        if not self._search:
            return bound
        return self._whole(bound, row, aim, atoms, equations, right)

    def _unlimited(
        self, row: NDArray[np.int64], aim: NDArray[np.int64], base: int, atoms: NDArray[np.int64],
        equations: sparse.csr_matrix, right: NDArray[np.int64],
    ) -> Bound:  # fmt: skip
        """A goal without limit: whole tables go as far as asked, since one that grows for ever exists."""
        far = int(self.system.counts.max()) * 2 + 1_000
        done = self._integer(aim, atoms, equations, right, most=far - base)
        value = None if done is None else self._prove(row, atoms, done)
        if value is None:
            raise ArithmeticError("no table agrees with what is published")
        return Bound(None, math.inf, True, None, None) if value >= far else Bound(value, value, self._ended, None, None)

    def _whole(
        self, bound: Bound, row: NDArray[np.int64], aim: NDArray[np.int64], atoms: NDArray[np.int64],
        equations: sparse.csr_matrix, right: NDArray[np.int64],
    ) -> Bound:  # fmt: skip
        """The corner found is not whole: search among whole tables."""
        done = self._integer(aim, atoms, equations, right)
        value = None if done is None else self._prove(row, atoms, done)
        if value is None:
            return bound
        return Bound(value, bound.relaxed, self._ended, bound.duals, bound.slacks)

    def _integer(
        self, aim: NDArray[np.int64], atoms: NDArray[np.int64], equations: sparse.csr_matrix,
        right: NDArray[np.int64], most: int | None = None,
    ) -> NDArray[np.float64] | None:  # fmt: skip
        rules: list[Any] = [LinearConstraint(equations, right, right)] if len(right) else []
        rules += [LinearConstraint(known[:, atoms], count, np.inf) for known, count in self.least]
        if most is not None:
            rules.append(LinearConstraint(aim[None, :], -np.inf, most))
        done = milp(
            -aim, integrality=np.ones(len(aim)), constraints=rules,
            options={"time_limit": self.seconds, "mip_rel_gap": 0},
        )  # fmt: skip
        self._ended = done.status == 0
        found: NDArray[np.float64] | None = done.x
        return found

    def _prove(self, row: NDArray[np.int64], atoms: NDArray[np.int64], found: NDArray[np.float64]) -> int | None:
        """The goal's value in this table made whole, if it truly agrees with all that is published; kept for others."""
        values = self.known.copy()
        values[self.unknowns] = self._somewhere()
        values[self.unknowns[atoms]] = np.rint(found).astype(np.int64)
        cells = self.system.rows @ values
        public = ~self.suppressed
        if (
            values.min() < 0
            or (cells[public] != self.system.counts[public]).any()
            or (self.system.links @ values).any()
        ):
            return None
        if any((known @ values[self.unknowns])[0] < count for known, count in self.least):
            return None
        if not self.least:
            self.witnesses.add(cells, self.goals @ values)
        return int(row @ values)

    def _somewhere(self) -> NDArray[np.int64]:
        """One whole table, for the parts that a program leaves alone: the truth where the atoms are cells."""
        if not hasattr(self, "_elsewhere"):
            truth = self.system.counts[self.system.cell_of]
            self._elsewhere = truth[self.unknowns]
            if (self.system.cell_of < 0).any():
                found = self._integer(
                    np.zeros(len(self.unknowns), dtype=np.int64),
                    np.arange(len(self.unknowns)),
                    self.equations,
                    self.right,
                )
                if found is None:
                    raise ArithmeticError("no table agrees with what is published")
                self._elsewhere = np.rint(found).astype(np.int64)
        return self._elsewhere

    def _proof(
        self, row: NDArray[np.int64], rows: NDArray[np.int64], multipliers: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Multipliers of cells and reduced costs of atoms: goal = Σ multiplier × cell − Σ cost × atom."""
        weights = np.zeros(len(self.shown) + self.system.links.shape[0])
        weights[self.used[rows]] = multipliers
        duals = np.zeros(len(self.system.counts))
        duals[self.shown] = weights[: len(self.shown)]
        costs = duals @ self.system.rows + weights[len(self.shown) :] @ self.system.links - row
        fixed = ~self.free
        np.add.at(duals, self.system.cell_of[fixed], -costs[fixed])
        return duals, np.where(fixed, 0.0, costs)
