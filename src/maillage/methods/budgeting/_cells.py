"""The cells of a Pabulib file, line by line: the exact way, for what is not plain."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _


def rows(data: bytes, start: int = 0, line: int = 1) -> Iterator[tuple[int, int, list[str]]]:
    """Each row from byte ``start``, which is on ``line``: its first line, the byte where the next begins, its cells.

    ``data`` is UTF-8 with ``\\n`` at the end of lines. Cells are separated by ``;``; one that begins with ``"`` ends at
    the next lone ``"`` and may hold ``;``, doubled quotes and ends of lines, as Python's csv module reads them.

    Errors: ``Unreadable`` where a quote is never closed.
    """
    while start < len(data):
        stop = _end(data, start)
        text = data[start:stop]
        if b'"' in text:
            taken = _Lines(data, start)
            cells = _quoted(taken, line)
            yield line, taken.next, cells
            start, line = taken.next, line + taken.count
        else:
            yield line, stop, text.decode().removesuffix("\n").split(";")
            start, line = stop, line + 1


class _Lines:
    """Lines that the csv module asks for, one by one: a second one only inside quotes."""

    def __init__(self, data: bytes, start: int) -> None:
        self.data, self.next = data, start
        self.count = 0
        self.over = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.data):
            self.over = True
            raise StopIteration
        stop = _end(self.data, self.next)
        text = self.data[self.next : stop].decode()
        self.next = stop
        self.count += 1
        return text


def _quoted(lines: _Lines, line: int) -> list[str]:
    try:
        cells = next(csv.reader(lines, delimiter=";"))
    except csv.Error:
        # A cell of more than 131 072 characters: its quote was never closed.
        lines.over = True
    if lines.over:
        raise Unreadable(_('a quotation mark (") opens here and is never closed.'), line)
    return cells


def _end(data: bytes, start: int) -> int:
    """The byte after the end of this line."""
    found = data.find(b"\n", start)
    return len(data) if found < 0 else found + 1


def short(text: str) -> str:
    """A text of the file, cut where it would fill the sentence that cites it."""
    return text if len(text) <= 60 else text[:59] + "…"
