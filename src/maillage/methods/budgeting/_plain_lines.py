"""Plain ballot lines, by whole chunks with numpy.

The positions of the separators (``;``, ``,``, end of line) give where each cell and each project's id begins and ends;
the bytes of an id, taken eight by eight as whole numbers, give its place through a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._layout import LONGEST, BallotLines, Layout
from maillage.methods.budgeting.election import VoteType
from maillage.methods.quotes import only_around_cells

MIX = np.uint64(0x9E3779B97F4A7C15)
MASKS = np.array([(1 << (8 * size)) - 1 for size in range(9)], dtype=np.uint64)


@dataclass(frozen=True)
class Table:
    """From the bytes of an id to its place: one look, then a comparison."""

    places: NDArray[np.int32]
    """-1 where there is none."""
    shift: np.uint64
    factor: np.uint64
    words: NDArray[np.uint64]
    """``(projects + 1, words)``: the ids, eight bytes by eight; the last row is no project."""

    @classmethod
    def of(cls, ids: Sequence[str]) -> Table | None:
        """None where no such table was found (thousands of projects) or an id is too long."""
        raw = [name.encode() for name in ids]
        if not raw or max(map(len, raw)) > LONGEST:
            return None
        width = -(-max(map(len, raw)) // 8)
        words = np.zeros((len(raw) + 1, width), dtype=np.uint64)
        for place, name in enumerate(raw):
            words[place] = np.frombuffer(name.ljust(8 * width, b"\0"), dtype="<u8")
        keys = words[:-1, 0].copy()
        for column in words[:-1].T[1:]:
            keys = np.where(column != 0, _mixed(keys, column), keys)
        for bits in range(10, 23):
            for attempt in range(8):
                factor = MIX + np.uint64(2 * (8 * bits + attempt))
                slots = (keys * factor) >> np.uint64(64 - bits)
                places = np.full(1 << bits, -1, dtype=np.int32)
                places[slots] = np.arange(len(raw))
                # Each id finds itself again: no two share a slot. (np.unique would load numpy.ma, for 0.1 s.)
                if np.array_equal(places[slots], np.arange(len(raw))):
                    return cls(places, np.uint64(64 - bits), factor, words)
        return None


def _mixed(keys: NDArray[np.uint64], words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    keys = keys * MIX
    return (keys ^ (keys >> np.uint64(29))) + words


def overlapping(text: bytes) -> NDArray[np.uint64]:
    """The eight bytes from each byte of the text, as one number: no copy, they overlap."""
    return np.ndarray((len(text),), dtype="<u8", buffer=text + bytes(8), strides=(1,))


def _word(words: NDArray[np.uint64], starts: NDArray, sizes: NDArray, column: int) -> NDArray[np.uint64]:
    """The ``column``-th eight bytes of each text, 0 after its end."""
    left = np.clip(sizes - 8 * column, 0, 8)
    return words[np.minimum(starts + 8 * column, len(words) - 1)] & MASKS[left]


def keys_of(words: NDArray[np.uint64], starts: NDArray, sizes: NDArray) -> NDArray[np.uint64]:
    """A number for each text, which is the text itself up to eight bytes."""
    keys = _word(words, starts, sizes, 0)
    for column in range(1, -(-int(sizes.max(initial=0)) // 8)):
        word = _word(words, starts, sizes, column)
        keys = np.where(word != 0, _mixed(keys, word), keys)
    return keys


def _find(words: NDArray[np.uint64], starts: NDArray, sizes: NDArray, table: Table) -> NDArray[np.int32] | None:
    """The place of each id; None where one is no project."""
    width = table.words.shape[1]
    if sizes.max(initial=0) > 8 * width:
        return None
    found = table.places[(keys_of(words, starts, sizes) * table.factor) >> table.shift]
    for column in range(width):
        if not np.array_equal(table.words[found, column], _word(words, starts, sizes, column)):
            return None
    return found if found.min(initial=0) >= 0 else None


def read_plain(chunk: bytes, line: int, layout: Layout, table: Table) -> BallotLines | None:
    """A chunk of plain lines; None where they are not."""
    if not chunk.endswith(b"\n"):
        chunk += b"\n"
    if b'"' in chunk:
        if not only_around_cells(chunk, ";"):
            return None
        chunk = chunk.replace(b'"', b"")
    text = np.frombuffer(chunk, dtype=np.uint8)
    # Every separator, after one before the text; then those that end cells.
    marks = np.concatenate([[-1], np.flatnonzero((text == 44) | (text == 59) | (text == 10))])
    kinds = np.concatenate([[10], text[marks[1:]]])
    ends = np.flatnonzero(kinds != 44)[1:]
    if len(ends) % layout.width:
        return None
    ends = ends.reshape(-1, layout.width)
    wanted = np.array([59] * (layout.width - 1) + [10])
    if not (kinds[ends] == wanted).all():
        return None
    begins = np.concatenate([[0], ends.ravel()[:-1]]).reshape(ends.shape)

    words = overlapping(chunk)
    chosen, counts = _lists(marks, begins[:, layout.vote], ends[:, layout.vote])
    places = _find(words, *chosen, table)
    if places is None or (layout.vote_type is VoteType.CHOOSE_ONE and counts.max(initial=0) > 1):
        return None
    if _twice(places, counts, len(table.words)):
        return None
    points = np.empty(0, dtype=np.int64)
    if layout.points is not None:
        figures, as_many = _lists(marks, begins[:, layout.points], ends[:, layout.points])
        read = _whole_numbers(text, *figures) if np.array_equal(counts, as_many) else None
        if read is None:
            return None
        points = read
    starts = marks[begins[:, layout.voter]] + 1
    sizes = marks[ends[:, layout.voter]] - starts
    if sizes.max(initial=0) > LONGEST:
        return None
    doubts = {}
    if (sizes == 0).any():
        doubts["nameless"] = (int((sizes == 0).sum()), line + int(np.argmin(sizes)))
    lines = np.arange(line, line + len(counts))
    return BallotLines(counts, places, points, 0, lines, keys_of(words, starts, sizes), doubts)


def _lists(marks: NDArray, begins: NDArray, ends: NDArray) -> tuple[tuple[NDArray, NDArray], NDArray]:
    """Where the items of these cells begin, their sizes; how many each cell has. An empty cell has none.

    ``begins`` and ``ends`` are places in ``marks``; the marks between them are the cell's commas.
    """
    counts = ends - begins
    counts[(counts == 1) & (marks[ends] - marks[begins] == 1)] = 0
    before = np.cumsum(counts) - counts
    items = np.repeat(begins - before, counts) + np.arange(counts.sum())
    starts = marks[items] + 1
    return (starts, marks[items + 1] - starts), counts


def _twice(places: NDArray[np.int32], counts: NDArray, projects: int) -> bool:
    """Whether a ballot names a project twice."""
    pairs = np.repeat(np.arange(len(counts)) * projects, counts) + places
    room = len(counts) * projects
    if room <= min(500 * len(pairs), 1 << 26):
        # A cell for each ballot and project is faster than sorting, while there is room for it.
        seen = np.zeros(room, dtype=bool)
        seen[pairs] = True
        return int(np.count_nonzero(seen)) < len(pairs)
    pairs.sort()
    return bool((pairs[1:] == pairs[:-1]).any())


def _whole_numbers(text: NDArray[np.uint8], starts: NDArray, sizes: NDArray) -> NDArray[np.int64] | None:
    """Numbers of one to nine digits; None where something else is written."""
    if sizes.min(initial=1) < 1 or sizes.max(initial=1) > 9:
        return None
    values = np.zeros(len(starts), dtype=np.int64)
    for place in range(int(sizes.max(initial=0))):
        inside = place < sizes
        digits = text[np.minimum(starts + place, len(text) - 1)].astype(np.int64) - 48
        if ((digits < 0) | (digits > 9))[inside].any():
            return None
        values = np.where(inside, values * 10 + digits, values)
    return values
