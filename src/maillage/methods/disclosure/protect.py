"""Which cells to withhold so that none of them can be deduced."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from maillage.methods.disclosure.audit import audit
from maillage.methods.disclosure.primary import sensitive
from maillage.methods.disclosure.tables import (
    CannotProtect,
    Cell,
    CountTable,
    Least,
    Range,
    Status,
    Zeros,
    cell_name,
)
from maillage.methods.sentences import sentence as _

if TYPE_CHECKING:
    from maillage.methods.disclosure._problem import Problem
    from maillage.methods.disclosure._system import System

EXACT_CELLS = 2_500
"""Above this, the integer program is not tried: its first bound alone would take the time allowed."""


@dataclass(frozen=True)
class Protected:
    """What becomes of one cell, for the author of the tables: the public sees only whether it is published."""

    cell: Cell
    count: int
    status: Status
    range: Range | None = None
    """What an attacker can still derive; ``None``: published."""

    @property
    def shown(self) -> int | None:
        """What is published: the count, or the same mark for every cell withheld.

        One mark only: told which cells were withheld for themselves, an attacker would know that these are small.
        """
        return self.count if self.status is Status.PUBLISHED else None


@dataclass(frozen=True)
class Unanimous:
    """A group where everyone is in the same category: publishing it says what each of them answered."""

    group: Cell
    answer: Cell
    others: tuple[Cell, ...]
    """The cells where nobody is."""


@dataclass(frozen=True)
class Protection:
    """Tables that may be published."""

    tables: tuple[CountTable, ...]
    cells: tuple[Protected, ...]
    """Every cell of the tables once, margins included."""
    threshold: int
    width: int
    optimal: bool
    """Proven: no safe choice loses less. ``False``: safe, but the time allowed did not prove that it is the least."""
    unanimous: tuple[Unanimous, ...]
    """Groups of at least ``threshold`` people that this publication shows to be unanimous."""

    @cached_property
    def of(self) -> Mapping[Cell, Protected]:
        return {protected.cell: protected for protected in self.cells}

    @property
    def suppressed(self) -> frozenset[Cell]:
        return frozenset(one.cell for one in self.cells if one.status is not Status.PUBLISHED)


def protect(
    tables: Sequence[CountTable], threshold: int = 5, width: int | None = None, *, zeros: Zeros = Zeros.OPEN,
    hide_unanimous: bool = False, least: Least = Least.CELLS, published: Iterable[Cell] = (),
    withheld: Iterable[Cell] = (), seconds: float = 10.0,
) -> Protection:  # fmt: skip
    """Withhold the small counts of these tables, and as few others as it takes so that no withheld one is deduced.

    Every cell withheld, for itself or to help, keeps for the attacker of :func:`audit` a range of at least ``width``
    (by default ``threshold - 1``: as many values as small counts have) that reaches ``threshold``: nobody can tell that
    it is small. As any sum that holds a withheld cell may then be ``threshold`` too, no group under it can be deduced.

    ``hide_unanimous``: where everyone of a group is in one category, as many as ``width`` of them may be elsewhere.
    ``published``, ``withheld``: cells that an earlier publication of the same counts showed, or hid. ``seconds``: time
    to look for the fewest cells (Fischetti & Salazar 2001); what is found before is safe in any case. The result is
    audited by :func:`audit` before it is returned.

    Raises ``CannotProtect`` where tables contradict each other or what is published leaves no way, ``ValueError`` for a
    threshold under 2 or a width under 1.
    """
    width = threshold - 1 if width is None else width
    if threshold < 2 or width < 1:
        raise ValueError("a threshold of at least 2, a width of at least 1")
    if not tables:
        raise ValueError("at least one table")
    from maillage.methods.disclosure._system import build

    system = build(tables)
    small = sensitive(tables, threshold, zeros)
    lines = _unanimous(system, threshold)
    asked = lines if hide_unanimous else []
    forced = _places(system, small | frozenset(withheld))
    problem = _problem(system, threshold, width, forced, zeros, asked, least, frozenset(published), seconds)
    try:
        chosen, optimal = _choose(problem, seconds)
    except ArithmeticError:
        chosen, optimal = forced, False  # tables that contradict each other: the audit says so
    return _audited(tables, system, chosen, small, threshold, width, optimal, asked, lines, seconds)


def _places(system: System, cells: Iterable[Cell]) -> NDArray[np.bool_]:
    found = np.zeros(len(system.counts), dtype=bool)
    found[[system.place[cell] for cell in cells]] = True
    return found


def _unanimous(system: System, threshold: int) -> list[Unanimous]:
    """Groups of at least ``threshold`` where everyone is in one of several categories."""
    found = {}
    for line in system.lines:
        inside = line.children[system.counts[line.children] > 0]
        if system.counts[line.parent] >= threshold and len(inside) == 1 and len(line.children) > 1:
            empty = line.children[system.counts[line.children] == 0]
            others = tuple(system.cells[place] for place in empty.tolist())
            found[others] = Unanimous(system.cells[line.parent], system.cells[int(inside[0])], others)
    return list(found.values())


def _problem(
    system: System, threshold: int, width: int, forced: NDArray[np.bool_], zeros: Zeros, asked: Sequence[Unanimous],
    least: Least, published: frozenset[Cell], seconds: float,
) -> Problem:  # fmt: skip
    from scipy import sparse

    from maillage.methods.disclosure._problem import Problem

    size = len(system.counts)
    allowed = ~_places(system, published)
    if zeros is Zeros.KNOWN:
        allowed &= system.counts > 0
    if (forced & ~allowed).any():
        cell = system.cells[int(np.flatnonzero(forced & ~allowed)[0])]
        raise CannotProtect(
            _("« %(cell)s » is to be withheld and is already published, or known to be 0.", cell=cell_name(cell))
        )
    sums = [system.rows[[system.place[cell] for cell in one.others]].sum(axis=0) for one in asked]
    people: NDArray[np.float64] = system.counts / (2.0 * max(int(system.counts.sum()), 1))
    return Problem(
        system=system,
        goals=sparse.vstack([system.rows, *map(sparse.csr_matrix, sums)], format="csr"),
        when=np.concatenate([np.arange(size), np.full(len(asked), -1)]),
        high=np.concatenate([np.full(size, threshold), np.full(len(asked), width)]),
        width=np.full(size + len(asked), width),
        forced=forced,
        allowed=allowed,
        cost=1.0 + people if least is Least.CELLS else system.counts.astype(float) + 1.0 / (size + 1),
        seconds=max(seconds, 1.0),
    )


def _choose(problem: Problem, seconds: float) -> tuple[NDArray[np.bool_], bool]:
    """A quick safe choice, then the best one if time allows."""
    from maillage.methods.disclosure._exact import exact
    from maillage.methods.disclosure._greedy import greedy
    from maillage.methods.disclosure._trim import trim

    end = time.monotonic() + seconds
    found = greedy(problem, problem.forced)
    optimal = found is not None and bool((found == problem.forced).all())
    if not optimal and len(problem.cost) <= EXACT_CELLS:
        # A part of the time is kept to trim what is not proven the best.
        found, optimal = exact(problem, found, lambda: end - time.monotonic() - seconds * 0.3)
    if found is not None and not optimal:
        found = trim(problem, found, problem.forced, lambda: end - time.monotonic())
    if found is None:
        raise CannotProtect(_("What is already published leaves no safe way to publish these tables."))
    return found, optimal


def _audited(
    tables: Sequence[CountTable], system: System, chosen: NDArray[np.bool_], small: frozenset[Cell], threshold: int,
    width: int, optimal: bool, asked: Sequence[Unanimous], lines: Sequence[Unanimous], seconds: float,
) -> Protection:  # fmt: skip
    """The result, attacked once more from nothing but the tables and the choice."""
    suppressed = [system.cells[place] for place in np.flatnonzero(chosen)]
    seen = audit(tables, suppressed, sums=[one.others for one in lines], seconds=max(seconds, 1.0))
    unsafe = [cell for cell, found in seen.cells.items() if not found.enough(threshold, width)]
    shown = [
        line for line, found in zip(lines, seen.sums, strict=True) if found.high is not None and found.high < width
    ]
    unsafe += [line.answer for line in shown if line in asked]
    if unsafe:
        raise CannotProtect(_("« %(cell)s » could be deduced: nothing is published.", cell=cell_name(unsafe[0])))
    cells = []
    for cell, count, hidden in zip(system.cells, system.counts.tolist(), chosen.tolist(), strict=True):
        status = Status.PUBLISHED if not hidden else Status.PRIMARY if cell in small else Status.COMPLEMENTARY
        cells.append(Protected(cell, count, status, seen.cells.get(cell)))
    unanimous = tuple(line for line, found in zip(lines, seen.sums, strict=True) if found.high == 0)
    return Protection(tuple(tables), tuple(cells), threshold, width, optimal, unanimous)
