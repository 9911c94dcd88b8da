"""The rows of a table of ballots: plain chunks with numpy, the others cell by cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.errors import Unreadable
from maillage.methods.quotes import only_around_cells
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.sentences import Sentence
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
    keys: NDArray[np.uint64] | None = None
    """A number made of each identifier, the same for the same one; ``None``: not made."""


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
    body, first = data[start:], line
    parts = []
    while start < len(data):
        stop = data.find(b"\n", start + CHUNK) + 1 or len(data)
        chunk = data[start:stop]
        part = _plain(chunk, line, layout)
        if part is None and b'"' in chunk:
            # A quote may hold an end of line: what is left cannot be cut.
            stop = len(data)
            chunk = data[start:]
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
    warnings = _repeated(body, first, layout, parts) if layout.skipped else ()
    return RatingBallots(
        layout.options, _joined(pieces).T, per_unit=10**digits, lines=lines, ordinal=ranks, warnings=warnings
    )


def _repeated(body: bytes, line: int, layout: Layout, parts: list[Part]) -> tuple[Sentence, ...]:
    """Whether an identifier comes back: their keys are compared first, as reading them all again takes a while."""
    keys = [part.keys for part in parts if part.keys is not None]
    if len(keys) == len(parts):
        # Sorted, as numpy's ``unique`` takes ten times as long.
        known = np.sort(np.concatenate(keys))
        if not (known[1:] == known[:-1]).any():
            return ()
    rows = rows_of(body, line, layout.separator, layout.width)
    return repeated((cells[0], here) for here, cells in rows)


def repeated(ids: Iterable[tuple[str, int]]) -> tuple[Sentence, ...]:
    """A warning where an identifier is on several lines: one person may have two ballots."""
    seen: dict[str, int] = {}
    again: dict[str, int] = {}
    for name, line in ids:
        name = name.strip()
        if name and seen.setdefault(name, line) != line:
            again.setdefault(name, line)
    if not again:
        return ()
    name, line = next(iter(again.items()))
    return (
        ngettext(
            "In the first column, %(count)s identifier comes back on several lines (such as lines %(lines)s). Each "
            "line counts as a ballot: check that nobody votes twice.",
            "In the first column, %(count)s identifiers come back on several lines (such as lines %(lines)s). Each "
            "line counts as a ballot: check that nobody votes twice.",
            len(again),
            lines=f"{seen[name]}, {line}",
        ),
    )


def _plain(chunk: bytes, line: int, layout: Layout) -> Part | None:
    """Rows of numbers of at most nine characters; None where something else is written.

    The places of the separators give where each cell begins and how long it is.
    """
    if not chunk.endswith(b"\n"):
        chunk += b"\n"
    if b'"' in chunk:
        if not only_around_cells(chunk, layout.separator):
            return None
        chunk = chunk.replace(b'"', b"")
    text = np.frombuffer(chunk, dtype=np.uint8)
    marks = np.flatnonzero((text == ord(layout.separator)) | (text == 10))
    rows = chunk.count(b"\n")
    if len(marks) != rows * layout.width or not (text[marks[layout.width - 1 :: layout.width]] == 10).all():
        return None
    begins = np.empty_like(marks)
    begins[0] = 0
    np.add(marks[:-1], 1, out=begins[1:])
    sizes = (marks - begins).reshape(rows, layout.width).T
    starts = begins.reshape(rows, layout.width).T
    keys = _keys(text, starts[0], sizes[0]) if layout.skipped else None
    starts, sizes = starts[layout.skipped :], sizes[layout.skipped :]
    longest = int(sizes.max(initial=0))
    whole = _digits(text, starts, sizes, longest) if longest <= 4 else None
    found = (whole, 0) if whole is not None else _decimals(text, starts, sizes, longest) if longest <= 9 else None
    return found and Part(*found, np.arange(line, line + rows), keys)


def _keys(text: NDArray[np.uint8], starts: NDArray, sizes: NDArray) -> NDArray[np.uint64] | None:
    """A number from the bytes of each identifier that is not empty; two may have the same, seldom."""
    longest = int(sizes.max(initial=0))
    if longest > 40:
        return None
    keys = sizes.astype(np.uint64)
    for place in range(longest):
        more = keys * np.uint64(0x9E3779B97F4A7C15) + text[np.minimum(starts + place, len(text) - 1)]
        keys = np.where(place < sizes, more ^ more >> np.uint64(29), keys)
    return keys[sizes > 0]


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


def _decimals(text: NDArray[np.uint8], starts: NDArray, sizes: NDArray, longest: int) -> tuple[NDArray, int] | None:
    """Numbers with a sign and a point or a comma, of at most nine characters, in units of their last decimal."""
    first = text[starts]
    signed = ((first == ord("-")) | (first == ord("+"))) & (sizes > 0)
    total = np.zeros(starts.shape, dtype=np.int64)
    pointed = np.zeros(starts.shape, dtype=bool)
    figures, after = np.zeros(starts.shape, dtype=np.int8), np.zeros(starts.shape, dtype=np.int8)
    for place in range(longest):
        inside = place < sizes
        if place == 0:
            inside &= ~signed
        byte = text[np.minimum(starts + place, len(text) - 1)]
        digit = inside & (byte - np.uint8(48) <= 9)
        point = inside & ((byte == ord(".")) | (byte == ord(",")))
        if (inside & ~digit & ~point).any() or (point & (pointed | (figures == 0))).any():
            return None
        total = np.where(digit, total * 10 + (byte - np.uint8(48)), total)
        figures += digit
        after += digit & pointed
        pointed |= point
    if ((figures == 0) & (sizes > 0)).any():
        return None
    digits = int(after.max(initial=0))
    total *= 10 ** (digits - after.astype(np.int64))
    while digits and not (total % 10).any():
        total //= 10
        digits -= 1
    if digits > DECIMALS or int(total.max(initial=0)) >= HIGHEST:
        return None
    values = np.where(first == ord("-"), -total, total).astype(np.int32)
    values[sizes == 0] = np.iinfo(np.int32).min
    return values, digits


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
    codes: list[int | None] = []
    lines: list[int] = []
    for here, cells in rows_of(chunk, line, layout.separator, layout.width):
        lines.append(here)
        cells = cells[layout.skipped :]
        found = list(map(known.get, cells))
        if None in found:
            for place, cell in enumerate(cells):
                if cell not in known:
                    numbers.append(_number(cell, here, layout.options[place], layout.separator))
                    known[cell] = len(known)
            found = list(map(known.get, cells))
        codes.extend(found)
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
