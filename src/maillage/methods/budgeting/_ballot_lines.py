"""The ballots of a Pabulib file: a million lines a second where they are plain, one by one where they are not.

Nothing is guessed: a chunk with anything that is not plain (a quote, a blank around an id, a cell too many, an unknown
project, points that are not whole numbers) is read again row by row by ``_exact_lines``, which knows every case and
says the line where it goes wrong. Tests compare the two ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._exact_lines import read_exact
from maillage.methods.budgeting._layout import BallotLines, Layout
from maillage.methods.budgeting._plain_lines import Table, read_plain

CHUNK = 1 << 20
"""Bytes read at a time: what numpy needs for one stays in the processor's cache, and memory stays bounded."""


def read_ballots(
    data: bytes,
    start: int,
    line: int,
    layout: Layout,
    ids: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> BallotLines:
    """The ballots from byte ``start``, which is on ``line``; ``ids`` are the projects, in order.

    ``progress`` is called with the bytes read and their total. Errors: ``Unreadable`` with the line.
    """
    table = Table.of(ids)
    places = {name: place for place, name in enumerate(ids)}
    parts: list[BallotLines] = []
    while start < len(data):
        stop = _chunk_end(data, start)
        part = read_plain(data[start:stop], line, layout, table) if table else None
        if part is None:
            part, stop, line = read_exact(data, start, stop, line, layout, places)
        else:
            line += len(part.counts)
        parts.append(part)
        start = stop
        if progress:
            progress(start, len(data))
    return _together(parts)


def _chunk_end(data: bytes, start: int) -> int:
    """The end of the last whole line of the chunk, or of its only line where it is longer than a chunk."""
    if start + CHUNK >= len(data):
        return len(data)
    found = data.rfind(b"\n", start, start + CHUNK)
    if found < 0:
        found = data.find(b"\n", start + CHUNK)
    return len(data) if found < 0 else found + 1


def _together(parts: list[BallotLines]) -> BallotLines:
    def joined(name: str, dtype: type) -> NDArray:
        return np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, dtype)])

    digits = max((part.digits for part in parts), default=0)
    for part in parts:
        part.points = part.points * 10 ** (digits - part.digits)
    doubts: dict[str, tuple[int, int]] = {}
    for part in parts:
        for kind, (count, first) in part.doubts.items():
            before = doubts.get(kind, (0, first))
            doubts[kind] = (before[0] + count, before[1])
    return BallotLines(
        joined("counts", np.int64),
        joined("chosen", np.int32),
        joined("points", np.int64),
        digits,
        joined("lines", np.int64),
        joined("voters", np.uint64),
        doubts,
    )
