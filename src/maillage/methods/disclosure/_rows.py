"""The lines of a CSV file as text, for the two readers of this folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

CELLS = 20_000
"""Cells of a table, margins not included, at most: a mistaken column would make billions."""


def rows(source: Path | bytes) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not empty, with its number; cells without spaces around. The first one is the header."""
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable(_("This file cannot be opened.")) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("a character is not in UTF-8; save this file in UTF-8."), data.count(b"\n", 0, error.start) + 1
        ) from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(_("a quote is opened and not closed, or a cell is too long."), line) from error
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]


def header(found: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """The names of the columns and their line."""
    line, names = next(found, (0, []))
    if not names:
        raise Unreadable(_("This file is empty."))
    if "" in names:
        raise Unreadable(_("a column has no name."), line)
    for name in names:
        if names.count(name) > 1:
            raise Unreadable(_("two columns are called « %(name)s ».", name=name), line)
    return line, names


def as_wide_as(names: Sequence[str], cells: Sequence[str], line: int) -> None:
    """Refuses a line that has not one cell a column."""
    if len(cells) != len(names):
        raise Unreadable(
            _("this line has %(found)s cells, the header has %(asked)s.", found=len(cells), asked=len(names)), line
        )


def refuse_size(sizes: Sequence[int], line: int) -> None:
    """Refuses tables that are too large to be meant."""
    cells = 1
    for size in sizes:
        cells *= size
    if cells > CELLS:
        raise Unreadable(
            _("this table would have %(cells)s cells; the most is %(most)s. Group some categories.",
              cells=cells, most=CELLS), line
        )  # fmt: skip
