"""Ballot lines one by one: every case, and the line where it goes wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._cells import rows, short
from maillage.methods.budgeting._layout import LONGEST, BallotLines, Layout
from maillage.methods.budgeting._plain_lines import keys_of, overlapping
from maillage.methods.budgeting.election import VoteType
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

TITLES = ("meta", "projects", "votes")
POINTS = re.compile(r"(-?[0-9]{1,9})(?:\.([0-9]{1,6}))?")


def read_exact(
    data: bytes, start: int, stop: int, line: int, layout: Layout, places: dict[str, int]
) -> tuple[BallotLines, int, int]:
    """The rows that begin before ``stop``: they, the byte and the line of the next."""
    counts: list[int] = []
    chosen: list[int] = []
    points: list[tuple[int, int]] = []
    lines: list[int] = []
    voters: list[bytes] = []
    doubts: dict[str, tuple[int, int]] = {}
    after = start
    for row in _until(rows(data, start, line), stop):
        first, after, cells = row
        if len(cells) == 1 and not cells[0].strip():
            continue
        kinds = _check_width(cells, layout, first)
        named, passed = _vote(cells, layout, places, first)
        if layout.points is not None:
            points += _points(cells, layout.points, len(named), first)
        counts.append(len(named))
        chosen += named
        lines.append(first)
        voters.append(cells[layout.voter].encode() if layout.voter < len(cells) else b"")
        for kind in (*kinds, *passed, *([] if voters[-1] else ["nameless"])):
            count, line_of_first = doubts.get(kind, (0, first))
            doubts[kind] = (count + 1, line_of_first)
    digits = max((size for _value, size in points), default=0)
    part = BallotLines(
        np.array(counts, dtype=np.int64),
        np.array(chosen, dtype=np.int32),
        np.array([value * 10 ** (digits - size) for value, size in points], dtype=np.int64),
        digits,
        np.array(lines, dtype=np.int64),
        _keys_of(voters),
        doubts,
    )
    return part, after, line + data.count(b"\n", start, after)


def _until(found: Iterator[tuple[int, int, list[str]]], stop: int) -> Iterator[tuple[int, int, list[str]]]:
    for row in found:
        yield row
        if row[1] >= stop:
            return


def _check_width(cells: list[str], layout: Layout, line: int) -> list[str]:
    if len(cells) == 1 and cells[0].strip().lower() in TITLES:
        title = cells[0].strip().upper()
        raise Unreadable(_("the part %(title)s begins after VOTES, which must be the last.", title=title), line)
    if any(cell.strip() for cell in cells[layout.width :]):
        raise Unreadable(
            _("the number of cells is %(found)s; the header has %(wanted)s.", found=len(cells), wanted=layout.width),
            line,
        )
    return ["short"] if len(cells) < layout.width else []


def _vote(cells: list[str], layout: Layout, places: dict[str, int], line: int) -> tuple[list[int], list[str]]:
    """The places of the projects that a row names, and what was passed over."""
    cell = cells[layout.vote].strip() if layout.vote < len(cells) else ""
    if not cell:
        return [], []
    names = [name.strip() for name in cell.split(",")]
    doubts = []
    if not all(names):
        if layout.points is not None:
            raise Unreadable(_("a comma too many in the list of projects: the points cannot be matched."), line)
        doubts = ["commas"]
        names = [name for name in names if name]
    unknown = next((name for name in names if name not in places), None)
    if unknown is not None:
        raise Unreadable(_("the ballot names “%(id)s”, which is no project of this file.", id=short(unknown)), line)
    if len(set(names)) < len(names):
        twice = Counter(names).most_common(1)[0][0]
        raise Unreadable(_("the ballot names “%(id)s” twice.", id=short(twice)), line)
    if layout.vote_type is VoteType.CHOOSE_ONE and len(names) > 1:
        raise Unreadable(
            _("the ballot names %(count)s projects; in a “choose-1” vote, one at most.", count=len(names)), line
        )
    return [places[name] for name in names], doubts


def _points(cells: list[str], at: int, wanted: int, line: int) -> list[tuple[int, int]]:
    """The points of a row: whole numbers, and how many of their digits are decimals."""
    cell = cells[at].strip() if at < len(cells) else ""
    items = [item.strip() for item in cell.split(",")] if cell else []
    if len(items) != wanted:
        raise Unreadable(
            _(
                "projects: %(projects)s; points: %(points)s. There must be as many of each.",
                projects=wanted,
                points=len(items),
            ),
            line,
        )
    found = []
    for item in items:
        match = POINTS.fullmatch(item)
        if not match:
            raise Unreadable(_("“%(written)s” is not a number of points.", written=short(item)), line)
        decimals = (match[2] or "").rstrip("0")
        found.append((int(match[1] + decimals), len(decimals)))
    return found


def _keys_of(texts: list[bytes]) -> NDArray[np.uint64]:
    """The same numbers as the fast way gives."""
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    kept = b"".join(texts) or b" "
    keys = keys_of(overlapping(kept), np.cumsum(sizes) - sizes, np.where(sizes > LONGEST, 0, sizes))
    for place in np.flatnonzero(sizes > LONGEST):
        keys[place] = int.from_bytes(sha256(texts[place]).digest()[:8], "little")
    return keys
