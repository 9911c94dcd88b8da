"""Several linked tables as one system of linear equations.

Unknowns (*atoms*) are the finest crossings; each published cell is a sum of atoms. The atoms of a lone table are its
inner cells. Linked tables have the crossing of all their variables for atoms, where it is small enough: whoever knows
that tables count the same people knows that one crossing gave them all, and for three tables in a ring (A×B, B×C, A×C)
this says more than their common margins do. Where it would be too large, each table keeps its own atoms and equations
say that the common margins are equal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable
from maillage.methods.sentences import sentence as _

JOINT = 4_000
"""Atoms of a common crossing, at most."""


@dataclass(frozen=True)
class Line:
    """``parent`` is the sum of ``children``, along one variable. Places of cells."""

    parent: int
    children: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class System:
    """Every cell of the tables, once each."""

    cells: tuple[Cell, ...]
    place: Mapping[Cell, int]
    counts: NDArray[np.int64]
    """``(cells,)``: the truth."""
    rows: sparse.csr_matrix
    """``(cells, atoms)``, 0 or 1: each cell as a sum of atoms."""
    links: sparse.csr_matrix
    """``(links, atoms)``: what is always 0."""
    cell_of: NDArray[np.int64]
    """``(atoms,)``: the cell that is this atom alone; -1: none is."""
    lines: tuple[Line, ...]


def build(tables: Sequence[CountTable]) -> System:
    """The system of these tables. Raises ``CannotProtect`` where two give one cell different counts."""
    place: dict[Cell, int] = {}
    counts: list[int] = []
    lines: dict[tuple[int, ...], Line] = {}
    pieces: list[tuple[list[int], sparse.csr_matrix, bool]] = []  # cells, their sums, are their atoms cells?
    starts: list[int] = []
    atoms = 0
    for members in _frames(tables):
        frame = _leaves(members)
        for table in members:
            names = _keep(table, place, counts)
            _lines(table, names, lines)
            pieces.append((names, _sums(table, frame), len(members) == 1))
            starts.append(atoms)
        atoms += math.prod(map(len, frame.values()))
    return _assemble(place, counts, pieces, starts, atoms, tuple(lines.values()))


def _frames(tables: Sequence[CountTable]) -> list[list[CountTable]]:
    """Tables that share their atoms."""
    found = []
    for population in dict.fromkeys(table.population for table in tables):
        members = [table for table in tables if table.population == population]
        leaves = _leaves(members)
        if math.prod(map(len, leaves.values())) <= JOINT:
            found.append(members)
        else:
            found += [[table] for table in members]
    return found


def _leaves(tables: Sequence[CountTable]) -> dict[str, tuple[str, ...]]:
    """The categories of every variable of these tables."""
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for variable, categories in zip(table.variables, table.categories, strict=True):
            if set(found.setdefault(variable, categories)) != set(categories):
                raise CannotProtect(
                    _("The tables do not have the same categories for « %(variable)s ».", variable=variable)
                )
    return found


def _levels(table: CountTable, variable: str, leaves: tuple[str, ...]) -> tuple[list[str | None], sparse.csr_matrix]:
    """What a variable is read by, categories, groups, all together (``None``), as sums of its categories."""
    held = table.groups.get(variable, {})
    labels: list[str | None] = [*leaves, *held, None]
    sets = [*({leaf} for leaf in leaves), *map(set, held.values()), set(leaves)]
    return labels, sparse.csr_matrix(np.array([[leaf in one for leaf in leaves] for one in sets], dtype=np.int64))


def _kron(parts: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
    return reduce(lambda one, other: sparse.kron(one, other, format="csr"), parts)


def _keep(table: CountTable, place: dict[Cell, int], counts: list[int]) -> list[int]:
    """The places of a table's cells, new ones added with their counts."""
    levels = [_levels(table, name, leaves) for name, leaves in zip(table.variables, table.categories, strict=True)]
    values = _kron([matrix for _labels, matrix in levels]) @ table.counts.ravel()
    names = []
    for labels, value in zip(product(*(labels for labels, _matrix in levels)), values.tolist(), strict=True):
        cell = table.cell(*labels)
        at = place.setdefault(cell, len(counts))
        if at == len(counts):
            counts.append(value)
        elif counts[at] != value:
            raise CannotProtect(
                _("Two tables of the same people disagree: %(one)s or %(other)s for « %(cell)s ». Give them "
                  "different populations if they do not count the same people.",
                  one=counts[at], other=value, cell=", ".join(f"{a} = {b}" for a, b in cell.parts) or _("total"))
            )  # fmt: skip
        names.append(at)
    return names


def _sums(table: CountTable, frame: Mapping[str, tuple[str, ...]]) -> sparse.csr_matrix:
    """A table's cells, in the order of its own variables, as sums of the atoms of a frame."""
    parts = [
        _levels(table, name, leaves)[1]
        if name in table.variables
        else sparse.csr_matrix(np.ones((1, len(leaves)), dtype=np.int64))
        for name, leaves in frame.items()
    ]
    matrix = _kron(parts)
    # The rows follow the frame's order of variables; a table may write them in another, and its categories too.
    shown = [name for name in frame if name in table.variables]
    labels = [_levels(table, name, frame[name])[0] for name in shown]
    row = {_key(shown, values): at for at, values in enumerate(product(*labels))}
    own = [_levels(table, name, leaves)[0] for name, leaves in zip(table.variables, table.categories, strict=True)]
    return matrix[[row[_key(table.variables, values)] for values in product(*own)]]


def _key(variables: Sequence[str], values: Sequence[str | None]) -> frozenset[tuple[str, str | None]]:
    return frozenset(zip(variables, values, strict=True))


def _lines(table: CountTable, names: list[int], found: dict[tuple[int, ...], Line]) -> None:
    """Every line of a table: a total or a group, and the categories that it adds."""
    sizes = [
        len(leaves) + len(table.groups.get(name, {})) + 1
        for name, leaves in zip(table.variables, table.categories, strict=True)
    ]
    grid = np.array(names).reshape(sizes)
    for axis, (name, leaves) in enumerate(zip(table.variables, table.categories, strict=True)):
        flat = np.moveaxis(grid, axis, -1).reshape(-1, sizes[axis])
        at = {leaf: number for number, leaf in enumerate(leaves)}
        parents = [[at[leaf] for leaf in held] for held in table.groups.get(name, {}).values()] + [[*at.values()]]
        for values in flat:
            for number, held in enumerate(parents):
                children = values[held]
                parent = int(values[len(leaves) + number])
                found.setdefault((parent, *children.tolist()), Line(parent, children))


def _assemble(
    place: dict[Cell, int], counts: list[int], pieces: list[tuple[list[int], sparse.csr_matrix, bool]],
    starts: list[int], atoms: int, lines: tuple[Line, ...],
) -> System:  # fmt: skip
    """One matrix: the first table that shows a cell says its sum, the others that theirs is the same."""
    rows = sparse.csr_matrix((0, atoms), dtype=np.int64)
    links = [rows]
    cell_of = np.full(atoms, -1, dtype=np.int64)
    for (names, matrix, alone), start in zip(pieces, starts, strict=True):
        wide = sparse.csr_matrix((matrix.data, matrix.indices + start, matrix.indptr), shape=(len(names), atoms))
        at = np.array(names)
        # Cells were numbered as they appeared: those of this table that are new come next, in its order.
        new = at >= rows.shape[0]
        again = wide[~new] - rows[at[~new]]
        links.append(again[np.flatnonzero(abs(again).sum(axis=1))])
        rows = sparse.vstack([rows, wide[new]], format="csr")
        if alone:
            single = np.flatnonzero(np.diff(wide.indptr) == 1)[::-1]  # an inner cell comes before its margins
            cell_of[wide.indices[wide.indptr[single]]] = at[single]
    counted = np.array(counts, dtype=np.int64)
    return System(tuple(place), place, counted, rows, sparse.vstack(links, format="csr"), cell_of, lines)
