"""Counts people from a file with one line each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from maillage.methods.disclosure._rows import as_wide_as, header, refuse_size, rows
from maillage.methods.disclosure.tables import CountTable
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

BLANK = "—"
"""The category of those who left a column empty: they are counted, so that tables of the same people agree."""


def count_people(source: Path | bytes, by: Sequence[Sequence[str]]) -> tuple[CountTable, ...]:
    """The tables of a CSV file with one line a person, each by one to three of its columns.

    An empty cell is a category of its own, :data:`BLANK`. Categories come in the order in which they first appear.

    Errors: ``Unreadable``, with the line; also for a column that the file does not have.
    """
    found = rows(source)
    first, names = header(found)
    for columns in by:
        for name in columns:
            if name not in names:
                raise Unreadable(
                    _("there is no column « %(name)s ». There are: %(names)s.", name=name, names=", ".join(names)),
                    first,
                )
        if not 1 <= len(set(columns)) == len(columns) <= 3:
            raise Unreadable(_("a table is by one to three different columns."))
    used = sorted({names.index(name) for columns in by for name in columns})
    people: list[list[int]] = []
    leaves: dict[int, dict[str, int]] = {at: {} for at in used}
    for line, cells in found:
        as_wide_as(names, cells, line)
        people.append([leaves[at].setdefault(cells[at] or BLANK, len(leaves[at])) for at in used])
    if not people:
        raise Unreadable(_("there is no line under the header."), first)
    answers = np.array(people, dtype=np.int64)
    tables = []
    for columns in by:
        places = [names.index(name) for name in columns]
        sizes = [len(leaves[at]) for at in places]
        refuse_size(sizes, first)
        counts = np.zeros(sizes, dtype=np.int64)
        np.add.at(counts, tuple(answers[:, used.index(at)] for at in places), 1)
        categories = tuple(tuple(leaves[at]) for at in places)
        tables.append(CountTable(tuple(columns), categories, counts, " × ".join(columns)))
    return tuple(tables)
