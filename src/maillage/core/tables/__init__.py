"""Reading the spreadsheets that people have: any delimiter, any encoding, XLSX, ODS, and every way they break.

``read_table(source, name)`` gives a :class:`Table` or raises :class:`TableError`, whose message is a sentence in
the reader's language that says what to do. Nothing of the file's name is believed; workbooks are opened by another
process with little memory and little time; what was guessed or left aside is in ``table.warnings``.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from maillage.core.tables.dates import DateStudy, read_day, study
from maillage.core.tables.header import to_table
from maillage.core.tables.model import Limits, Notice, Row, Table, TableError
from maillage.core.tables.sniff import kind_of
from maillage.core.tables.text import read_text
from maillage.core.tables.workbook import read_workbook

__all__ = ["DateStudy", "Limits", "Notice", "Row", "Table", "TableError", "read_day", "read_table", "study"]

DEFAULT_LIMITS = Limits()
_SHEETS_TRIED = 5


def read_table(
    source: str | Path | bytes | IO[bytes],
    name: str = "",
    *,
    sheet: str = "",
    header_line: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Read a list. ``source`` is a path, the bytes, or an open binary file; ``name`` is only for people.

    ``sheet`` and ``header_line`` are what a person chose; by default the first sheet that holds something and the
    first line that looks like a header. Errors: :class:`TableError`.
    """
    with _as_file(source, limits) as path:
        with path.open("rb") as file:
            kind = kind_of(file.read(512))
        if kind == "zip":
            return _from_workbook(path, sheet, header_line, limits)
        return to_table(read_text(path.read_bytes(), limits), limits, header_line)


def _from_workbook(path: Path, sheet: str, header_line: int | None, limits: Limits) -> Table:
    """The sheet a person chose; otherwise the first that holds a list: many open on a page of explanations."""
    grid = read_workbook(path, sheet, limits)
    try:
        return to_table(grid, limits, header_line)
    except TableError as refusal:
        if sheet or refusal.code not in {"empty", "header_only"}:
            raise
        for other in grid.sheets[1:_SHEETS_TRIED]:
            with contextlib.suppress(TableError):
                return to_table(read_workbook(path, other, limits), limits, header_line)
        raise


@contextlib.contextmanager
def _as_file(source: str | Path | bytes | IO[bytes] | Any, limits: Limits) -> Iterator[Path]:
    """The source as a file on disk within the size limit, never wholly in memory before that is known."""
    if isinstance(source, str | Path):
        if Path(source).stat().st_size > limits.file_bytes:
            raise _too_big(limits)
        yield Path(source)
        return
    with tempfile.NamedTemporaryFile() as copy:
        if isinstance(source, bytes):
            if len(source) > limits.file_bytes:
                raise _too_big(limits)
            copy.write(source)
        else:
            source.seek(0)
            size = 0
            while chunk := source.read(1 << 20):
                size += len(chunk)
                if size > limits.file_bytes:
                    raise _too_big(limits)
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _too_big(limits: Limits) -> TableError:
    return TableError(
        _(
            "This file is larger than %(limit)s MB. Keep only the list in it, without pictures, "
            "or cut it in several files."
        )
        % {"limit": limits.file_bytes // (1024 * 1024)},
        "too_big",
    )
