"""Reads tables of counts: one line a cell, its categories and how many people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from maillage.methods.disclosure._rows import as_wide_as, header, refuse_size, rows
from maillage.methods.disclosure.tables import CountTable
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

COUNTS = {"count", "counts", "number", "people", "n", "nombre", "effectif", "personnes"}
TABLES = {"table", "tableau"}
POPULATIONS = {"population"}
TOTALS = {"total", "totals", "totaux", "ensemble", "all", "tous", "toutes"}


@dataclass
class _Found:
    """One table as its lines come."""

    variables: tuple[str, ...]
    population: str
    line: int
    cells: dict[tuple[str, ...], int] = field(default_factory=dict)


def read_counts(source: Path | bytes) -> tuple[CountTable, ...]:
    """The tables of a CSV file of counts.

    - A header, then one line a cell. Columns are separated by ``,``, ``;`` or tab: the one that the header has most of.
    - The count is the column named ``count``, ``number``, ``people``, ``n``, ``nombre``, ``effectif`` or ``personnes``,
      or else the last one: a whole number of at least 0.
    - A column ``table`` names the table, ``population`` whom it counts (tables of the same population are linked).
    - Every other column is a variable. A table has those that its lines fill: one to three. Crossings that have no line
      count nobody. Totals are not written: they are computed.

    Errors: ``Unreadable``, with the line.
    """
    found = rows(source)
    first, names = header(found)
    folded = [name.casefold() for name in names]
    count = next((at for at, name in enumerate(folded) if name in COUNTS), len(names) - 1)
    table = next((at for at, name in enumerate(folded) if name in TABLES and at != count), None)
    population = next((at for at, name in enumerate(folded) if name in POPULATIONS and at != count), None)
    variables = [at for at in range(len(names)) if at not in (count, table, population)]
    if not variables:
        raise Unreadable(_("there must be a column of categories and a column of counts."), first)
    tables: dict[str, _Found] = {}
    for line, cells in found:
        as_wide_as(names, cells, line)
        filled = tuple(at for at in variables if cells[at])
        name = cells[table] if table is not None else ""
        whom = cells[population] if population is not None else ""
        kept = tables.setdefault(name, _Found(tuple(names[at] for at in filled), whom, line))
        _refuse_shape(kept, tuple(names[at] for at in filled), whom, line)
        key = tuple(cells[at] for at in filled)
        _refuse_cell(kept, key, line)
        kept.cells[key] = _number(cells[count], line)
    if not tables:
        raise Unreadable(_("there is no line under the header."), first)
    return _tables(tables)


def _refuse_shape(kept: _Found, variables: tuple[str, ...], population: str, line: int) -> None:
    if not 1 <= len(variables) <= 3:
        raise Unreadable(
            _("a table has one to three variables; this line fills %(count)s.", count=len(variables)), line
        )
    if variables != kept.variables:
        raise Unreadable(
            _("this line does not fill the same columns as line %(line)s, of the same table.", line=str(kept.line)),
            line,
        )
    if population != kept.population:
        raise Unreadable(_("this line has another population than line %(line)s.", line=str(kept.line)), line)


def _refuse_cell(kept: _Found, key: tuple[str, ...], line: int) -> None:
    if any(label.casefold() in TOTALS for label in key):
        raise Unreadable(_("this line is a total. Take the totals out: they are computed."), line)
    if key in kept.cells:
        raise Unreadable(_("this crossing already has a line."), line)


def _number(text: str, line: int) -> int:
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise Unreadable(_("« %(written)s » is not a number of people: 0, 1, 2…", written=text[:40]), line)
    return int(plain)


def _tables(found: dict[str, _Found]) -> tuple[CountTable, ...]:
    """Tables of one population have the same categories: those that any of them has."""
    leaves: dict[tuple[str, str], dict[str, None]] = {}
    for kept in found.values():
        for key in kept.cells:
            for variable, label in zip(kept.variables, key, strict=True):
                leaves.setdefault((kept.population, variable), {})[label] = None
    return tuple(_table(name, kept, [tuple(leaves[kept.population, one]) for one in kept.variables])
                 for name, kept in found.items())  # fmt: skip


def _table(name: str, kept: _Found, categories: Sequence[tuple[str, ...]]) -> CountTable:
    refuse_size([len(labels) for labels in categories], kept.line)
    places = [{label: at for at, label in enumerate(labels)} for labels in categories]
    counts = np.zeros([len(labels) for labels in categories], dtype=np.int64)
    for key, value in kept.cells.items():
        counts[tuple(place[label] for place, label in zip(places, key, strict=True))] = value
    return CountTable(kept.variables, tuple(categories), counts, name, kept.population)
