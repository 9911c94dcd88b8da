"""Ballots written ``A > B = C > D``, with how many people cast each where the file says it."""

from __future__ import annotations

import numpy as np

from maillage.methods.errors import Unreadable
from maillage.methods.ranking._matrix import repeated, rows_of
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.sentences import sentence as _


def read_preferences(
    body: bytes, separator: str, line: int, width: int, column: int, count: int | None, identified: bool
) -> RatingBallots:
    """See ``read_ballots``; ``column`` holds preferences, ``count`` how many ballots, of ``width`` columns."""
    places: dict[str, int] = {}
    known: dict[str, int] = {}
    different: list[list[list[int]]] = []
    codes: list[int] = []
    counts: list[int] = []
    lines: list[int] = []
    ids: list[str] = []
    for here, cells in rows_of(body, line, separator, width):
        text = cells[column]
        if text not in known:
            known[text] = len(different)
            different.append(_groups(text, here, places))
        codes.append(known[text])
        counts.append(1 if count is None else _count(cells[count], here))
        lines.append(here)
        if identified:
            ids.append(cells[0])
    if not codes:
        raise Unreadable(_("This file has no ballot: nothing follows its first line."))
    if not places:
        raise Unreadable(_("No ballot of this file names an option."))
    # As many ranks as options at most: a small type is enough.
    kind = np.int8 if len(places) < 128 else np.int16
    if len(places) * len(codes) > 1 << 31 or len(places) >= 1 << 15:
        raise Unreadable(_("This file names too many options."))
    table = np.full((len(places), len(different)), np.iinfo(kind).min, dtype=kind)
    for row, groups in enumerate(different):
        for rank, group in enumerate(groups, start=1):
            table[group, row] = -rank
    return RatingBallots(
        tuple(places),
        table[:, codes].T,
        None if count is None else np.array(counts, dtype=np.int64),
        lines=np.array(lines, dtype=np.int64),
        ordinal=True,
        warnings=repeated(zip(ids, lines, strict=False)),
    )


def _groups(text: str, line: int, places: dict[str, int]) -> list[list[int]]:
    """Groups of equal options, best first; options never seen get the next place."""
    if not text.strip():
        return []
    groups = []
    seen: set[str] = set()
    for part in text.split(">"):
        names = [" ".join(name.split()) for name in part.split("=")]
        for name in names:
            if not name:
                reason = _("a name is missing beside “>” or “=”, in “%(cell)s”.", cell=text[:60])
                raise Unreadable(reason, line)
            if name in seen:
                raise Unreadable(_("this ballot names “%(name)s” twice.", name=name[:60]), line)
            seen.add(name)
        groups.append([places.setdefault(name, len(places)) for name in names])
    return groups


def _count(cell: str, line: int) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        reason = _("“%(cell)s” is not a number of ballots: write a whole number.", cell=text[:60])
        raise Unreadable(reason, line)
    return int(text)
