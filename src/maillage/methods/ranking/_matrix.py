"""The rows of a table of ballots: plain chunks with numpy, the others cell by cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.errors import Unreadable
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

CHUNK = 1 << 19
"""Bytes read at once: what numpy makes of them stays in the processor's cache."""
HIGHEST = 10**9
DECIMALS = 6
NUMBER = re.compile(r"([+-]?)([0-9]{1,10})(?:[.,]([0-9]{0,12}))?")
BLANK = -(1 << 31)
"""In 32 bits, before the smallest type that holds the values is known."""


@dataclass(frozen=True)
class Layout:
    options: tuple[str, ...]
    separator: str
    width: int
    """Columns."""
    skipped: int
    """Columns before the options: 0 or 1."""


@dataclass(frozen=True)
class Part:
    """Some rows: ``(options, rows)``, in units of ``10 ** -digits``."""

    values: NDArray[np.signedinteger]
    digits: int
    lines: NDArray[np.int64]


def read_matrix(
    data: bytes,
    start: int,
    line: int,
    layout: Layout,
    ranks: bool,
    zero_is_blank: bool,
    progress: Callable[[int, int], None] | None,
) -> RatingBallots:
    """See ``read_ballots``; ``data`` from byte ``start``, which is on ``line``."""
    quoted = b'"' in data[start:]
    parts = []
    while start < len(data):
        stop = len(data) if quoted else data.find(b"\n", start + CHUNK) + 1 or len(data)
        chunk = data[start:stop]
        part = None if quoted else _plain(chunk, line, layout)
        parts.append(part or _exact(chunk, line, layout))
        line += chunk.count(b"\n")
        start = stop
        if progress:
            progress(start, len(data))
    if not sum(len(part.lines) for part in parts):
        raise Unreadable(_("This file has no ballot: nothing follows its first line."))
    lines = np.concatenate([part.lines for part in parts])
    if ranks:
        parts = [_ranked(part, layout) for part in parts]
    digits = max(part.digits for part in parts)
    pieces = [_scaled(part, digits, layout) for part in parts]
    if zero_is_blank or ranks:
        for piece in pieces:
            piece[piece == 0] = np.iinfo(piece.dtype).min
    return RatingBallots(layout.options, _joined(pieces).T, per_unit=10**digits, lines=lines)


def _plain(chunk: bytes, line: int, layout: Layout) -> Part | None:
    """Rows of whole numbers of at most four characters; None where something else is written.

    The places of the separators give where each cell begins and how long it is.
    """
    if not chunk.endswith(b"\n"):
        chunk += b"\n"
    text = np.frombuffer(chunk, dtype=np.uint8)
    marks = np.flatnonzero((text == ord(layout.separator)) | (text == 10))
    rows = chunk.count(b"\n")
    if len(marks) != rows * layout.width or not (text[marks[layout.width - 1 :: layout.width]] == 10).all():
        return None
    starts = np.empty_like(marks)
    starts[0] = 0
    np.add(marks[:-1], 1, out=starts[1:])
    sizes = (marks - starts).reshape(rows, layout.width).T[layout.skipped :]
    starts = starts.reshape(rows, layout.width).T[layout.skipped :]
    longest = int(sizes.max(initial=0))
    if longest > 4:
        return None
    values = _digits(text, starts, sizes, longest)
    if values is None:
        return None
    return Part(values, 0, np.arange(line, line + rows))


def _digits(text: NDArray[np.uint8], starts: NDArray, sizes: NDArray, longest: int) -> NDArray | None:
    first = text[starts]
    empty = sizes == 0
    if longest <= 1:
        digits = first - np.uint8(48)
        if not ((digits <= 9) | empty).all():
            return None
        values = digits.astype(np.int8)
        values[empty] = -128
        return values
    negative = first == ord("-")
    if (negative & (sizes < 2)).any():
        return None
    total = np.zeros(starts.shape, dtype=np.int16)
    for place in range(longest):
        inside = (place < sizes) & ~negative if place == 0 else place < sizes
        digits = text[np.minimum(starts + place, len(text) - 1)] - np.uint8(48)
        if (inside & (digits > 9)).any():
            return None
        total = np.where(inside, total * np.int16(10) + digits, total)
    total = np.where(negative, -total, total)
    total[empty] = np.iinfo(np.int16).min
    return total


def rows_of(chunk: bytes, line: int, separator: str, width: int) -> Iterator[tuple[int, list[str]]]:
    """The first line and the cells of each row, as Python's csv module reads them.

    Errors: ``Unreadable`` where a row has not ``width`` cells, or a quote is never closed.
    """
    reader = csv.reader(io.StringIO(chunk.decode(), newline="\n"), delimiter=separator, strict=True)
    after = 0
    while True:
        here = line + after
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(_('a quotation mark (") is not where it should be, or is never closed.'), here) from error
        after = reader.line_num
        if not cells and width == 1:
            cells = [""]
        if not cells:
            continue
        if len(cells) != width:
            reason = ngettext(
                "%(count)s cell where the first line has %(width)s.",
                "%(count)s cells where the first line has %(width)s.",
                len(cells),
                width=width,
            )
            raise Unreadable(reason, here)
        yield here, cells


def _exact(chunk: bytes, line: int, layout: Layout) -> Part:
    """Cell by cell: each different text is read once."""
    known: dict[str, int] = {}
    numbers: list[tuple[int, int] | None] = []
    codes: list[int] = []
    lines: list[int] = []
    for here, cells in rows_of(chunk, line, layout.separator, layout.width):
        lines.append(here)
        for place, cell in enumerate(cells[layout.skipped :]):
            code = known.get(cell)
            if code is None:
                numbers.append(_number(cell, here, layout.options[place], layout.separator))
                code = known[cell] = len(known)
            codes.append(code)
    digits = max((number[1] for number in numbers if number), default=0)
    table = [BLANK if number is None else number[0] * 10 ** (digits - number[1]) for number in numbers]
    if any(value != BLANK and abs(value) >= HIGHEST for value in table):
        raise Unreadable(_("A number of this file is too large, or too precise beside the others."))
    values = np.array(table, dtype=np.int32)[np.array(codes, dtype=np.int64)]
    return Part(values.reshape(len(lines), len(layout.options)).T, digits, np.array(lines, dtype=np.int64))


def _number(cell: str, line: int, option: str, separator: str) -> tuple[int, int] | None:
    """The digits without the point, and how many come after it; None for an empty cell."""
    text = cell.strip()
    if not text:
        return None
    found = NUMBER.fullmatch(text)
    if not found or ("," in text and separator == ","):
        raise Unreadable(
            _("“%(cell)s” is not a number, for the option “%(option)s”.", cell=text[:60], option=option[:60]), line
        )
    sign, whole, decimals = found.groups()
    decimals = (decimals or "").rstrip("0")
    if len(decimals) > DECIMALS or int(whole) >= HIGHEST:
        raise Unreadable(
            _("“%(cell)s” is too large or has too many decimals, for the option “%(option)s”.",
              cell=text, option=option[:60]), line)  # fmt: skip
    value = int(whole + decimals)
    return (-value if sign == "-" else value), len(decimals)


def _ranked(part: Part, layout: Layout) -> Part:
    """Ranks, as numbers of which the highest is best."""
    lowest = np.iinfo(part.values.dtype).min
    wrong = (part.values < 0) & (part.values != lowest)
    if part.digits:
        wrong |= (part.values != lowest) & (part.values % 10**part.digits != 0)
    if wrong.any():
        row = int(np.argmax(wrong.any(axis=0)))
        option = layout.options[int(np.argmax(wrong[:, row]))]
        raise Unreadable(
            _("a rank is a whole number from 1, for the option “%(option)s”.", option=option[:60]), int(part.lines[row])
        )
    values = np.where(part.values == lowest, part.values, -part.values // 10**part.digits)
    return Part(values.astype(part.values.dtype), 0, part.lines)


def _scaled(part: Part, digits: int, layout: Layout) -> NDArray[np.signedinteger]:
    """In units of ``10 ** -digits``, in the smallest type that holds the values."""
    lowest = np.iinfo(part.values.dtype).min
    blank = part.values == lowest
    seen = part.values[~blank]
    factor = 10 ** (digits - part.digits)
    low, high = (int(seen.min()) * factor, int(seen.max()) * factor) if len(seen) else (0, 0)
    if max(-low, high) >= HIGHEST:
        raise Unreadable(_("A number of this file is too large, or too precise beside the others."))
    kind: type[np.signedinteger] = next(
        kind for kind in (np.int8, np.int16, np.int32) if np.iinfo(kind).min < low and high <= np.iinfo(kind).max
    )
    if part.values.dtype == kind and factor == 1:
        return part.values
    values = (part.values.astype(np.int64) * factor).astype(kind)
    values[blank] = np.iinfo(kind).min
    return values


def _joined(pieces: list[NDArray[np.signedinteger]]) -> NDArray[np.signedinteger]:
    """``(options, rows)``; blanks keep their meaning where a piece needs a larger type than another."""
    kind = max((piece.dtype for piece in pieces), key=lambda dtype: dtype.itemsize)
    joined = np.empty((len(pieces[0]), sum(piece.shape[1] for piece in pieces)), dtype=kind)
    return np.concatenate([_widened(piece, kind) for piece in pieces], axis=1, out=joined)


def _widened(piece: NDArray[np.signedinteger], kind: np.dtype) -> NDArray[np.signedinteger]:
    if piece.dtype == kind:
        return piece
    wider = piece.astype(kind)
    wider[piece == np.iinfo(piece.dtype).min] = np.iinfo(kind).min
    return wider
