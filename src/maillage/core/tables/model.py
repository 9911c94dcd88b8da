"""What a spreadsheet is, once read: a header, rows that remember their line, and what had to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


class TableError(Exception):
    """A file that cannot be read. The message is a sentence in the reader's language that says what to do."""

    def __init__(self, sentence: Any, code: str) -> None:
        super().__init__(str(sentence))
        self.sentence = str(sentence)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """How much is read. Every figure that is passed gets a sentence that names it."""

    file_bytes: int = 10 * 1024 * 1024
    unpacked_bytes: int = 120 * 1024 * 1024
    """What the parts of an XLSX or ODS may weigh once decompressed, counted as they are decompressed."""
    rows: int = 50_000
    columns: int = 200
    cells: int = 2_000_000
    cell_characters: int = 32_767
    seconds: int = 20
    memory_bytes: int = 1024 * 1024 * 1024
    """Address space of the process that opens a workbook (several times what it really uses)."""


@dataclass(frozen=True)
class Notice:
    """Something the reader did, that a person should know. ``sentence`` is in the reader's language."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Row:
    line: int
    """Where it begins in the file, counted from 1 as a spreadsheet shows it."""
    cells: tuple[str, ...]
    """As many as the header has; dates as ``2026-11-20``, whole numbers without decimals."""
    overflow: bool = False
    """It had more filled cells than the header: what follows a stray delimiter is lost."""


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    header_line: int
    rows: Sequence[Row]
    kind: str
    """``csv``, ``xlsx`` or ``ods``."""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Names of the sheets that hold something; one at least where the file is a workbook."""
    warnings: tuple[Notice, ...] = field(default_factory=tuple)

    def column(self, index: int) -> list[str]:
        return [row.cells[index] for row in self.rows]


@dataclass
class Grid:
    """Lines as they were read, before the header is found: ``(line, cells)``."""

    lines: list[tuple[int, list[str]]]
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    notices: list[Notice] = field(default_factory=list)
