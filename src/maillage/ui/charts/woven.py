"""The woven picture: who sits where. Warp threads are actors, dyed by type; each row is a space.

A cell is woven where the actor sits at that space. With more actors than a screen has room for, a thread
stands for several actors of the same type (``Picture.per_thread``, said under the drawing), and the woven
height of a cell is the share of them who sit there: the woven area of a row stays proportional to its
members. With more spaces than ``MAX_ROWS`` the largest are drawn, and the number left out is said; the table
beside the drawing has them all.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.ui import types
from maillage.ui.charts import svg
from maillage.ui.charts.palette import PAGE, PRINT, Palette

MAX_THREADS = 96
MAX_ROWS = 40
DENSE = 10
"""From this number of rows on, rows are low and their labels stand on one line."""
STEPS = (1, 2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 500, 1000, 2000, 5000, 10000)

PITCH, HEIGHT, THREAD = 10, 48, 3
"""Units of the drawing: a thread every 10, a row 48 high, a bare thread 3 wide."""


@dataclass(frozen=True)
class Row:
    """A space: its members are keys of ``actors``. Keys that are not there are ignored."""

    label: str
    members: AbstractSet[Hashable]
    url: str = ""


@dataclass(frozen=True)
class Column:
    """A thread: ``size`` actors of one type, never more than ``Picture.per_thread``."""

    type_code: str
    size: int


@dataclass(frozen=True)
class DrawnRow:
    label: str
    url: str
    count: int
    by_type: Mapping[str, int]
    cells: Mapping[int, float]
    """Woven height, 0 to 1, by column; columns that are not woven are absent."""

    @property
    def members(self) -> str:
        """« 22 membres »."""
        return ngettext("%(count)d member", "%(count)d members", self.count) % {"count": self.count}

    @property
    def words(self) -> str:
        """« 22 membres, 8 types »."""
        members = self.members
        kinds = ngettext("%(count)d type", "%(count)d types", len(self.by_type)) % {"count": len(self.by_type)}
        return _("%(members)s, %(types)s") % {"members": members, "types": kinds} if self.count else members


@dataclass(frozen=True)
class Picture:
    """What is drawn, and what the words and the table say: made once by ``picture``."""

    columns: Sequence[Column]
    rows: Sequence[DrawnRow]
    totals: Mapping[str, int]
    """Actors by type, in the common order."""
    per_thread: int
    left_out: int
    """Spaces that are not drawn."""
    table: Sequence[DrawnRow]
    """Every space, drawn or not."""

    @property
    def total(self) -> int:
        return sum(self.totals.values())

    @property
    def dense(self) -> bool:
        return len(self.rows) >= DENSE

    @property
    def caption(self) -> str:
        """How to read the drawing; says what was grouped and what was left out."""
        parts = [_("Each vertical thread is a member, dyed by its type. It is woven where the member sits.")]
        if self.per_thread > 1:
            parts = [
                _(
                    "There are too many members for one thread each: a thread stands for %(n)d members of the same "
                    "type, at most. The woven height is the share of them who sit there."
                )
                % {"n": self.per_thread}
            ]
        if self.left_out:
            parts.append(
                ngettext(
                    "%(n)d smaller space is not drawn; it is in the table.",
                    "%(n)d smaller spaces are not drawn; they are in the table.",
                    self.left_out,
                )
                % {"n": self.left_out}
            )
        return " ".join(parts)

    @cached_property
    def warp(self) -> Mapping[int, list[int]]:
        """Columns by dye."""
        found: dict[int, list[int]] = {}
        for index, column in enumerate(self.columns):
            found.setdefault(types.visual(column.type_code).n, []).append(index)
        return found


def picture(rows: Iterable[Row], actors: Mapping[Any, str]) -> Picture:
    """Arrange the spaces and the actors (``{key: type code}``) as a picture. Order of rows is kept."""
    every = list(rows)
    gathered: dict[Hashable, list[int]] = {}
    for index, row in enumerate(every):
        for key in row.members:
            if key in actors:
                gathered.setdefault(key, []).append(index)
    seats = {key: tuple(places) for key, places in gathered.items()}
    totals = Counter(actors.values())
    ordered = {code: totals[code] for code in sorted(totals, key=lambda code: (types.rank(code), code))}
    per_thread = _per_thread(ordered.values())
    drawn = sorted(sorted(range(len(every)), key=lambda i: -len(every[i].members))[:MAX_ROWS])
    columns, woven = _columns(actors, seats, ordered, per_thread)
    table = [_row(row, actors, woven.get(index, {})) for index, row in enumerate(every)]
    return Picture(columns, [table[i] for i in drawn], ordered, per_thread, len(every) - len(drawn), table)


def _per_thread(counts: Iterable[int]) -> int:
    """The smallest round number of actors a thread that keeps the warp under ``MAX_THREADS``."""
    sizes = list(counts)
    return next((n for n in STEPS if sum(ceil(size / n) for size in sizes) <= MAX_THREADS), STEPS[-1])


def _columns(
    actors: Mapping[Any, str], seats: Mapping[Hashable, tuple[int, ...]], totals: Mapping[str, int], per: int
) -> tuple[list[Column], dict[int, dict[int, float]]]:
    """Threads, type by type; within a type, actors who sit at the same spaces lie side by side."""
    away = (10**9,)
    order = sorted(actors, key=lambda key: (types.rank(actors[key]), actors[key], seats.get(key, away), str(key)))
    columns: list[Column] = []
    woven: dict[int, dict[int, float]] = {}
    for code, group in groupby(order, key=lambda key: actors[key]):
        keys = list(group)
        for start in range(0, len(keys), per):
            chunk = keys[start : start + per]
            for place, count in Counter(place for key in chunk for place in seats.get(key, ())).items():
                woven.setdefault(place, {})[len(columns)] = count / per
            columns.append(Column(code, len(chunk)))
    return columns, woven


def _row(row: Row, actors: Mapping[Any, str], cells: Mapping[int, float]) -> DrawnRow:
    by_type = Counter(actors[key] for key in row.members if key in actors)
    known = {code: by_type[code] for code in sorted(by_type, key=lambda code: (types.rank(code), code))}
    return DrawnRow(row.label, row.url, sum(known.values()), known, cells)


# ── Drawing ──────────────────────────────────────────────────────────────────────────────────────────────


def weave_row(picture: Picture, row: DrawnRow, palette: Palette = PAGE) -> str:
    """One row, stretched to whatever box the page gives it."""
    body = _warp_use(picture) if palette.on_page else _warp(picture, palette)
    return svg.svg(body + _weft(picture, row, palette), len(picture.columns) * PITCH, HEIGHT, stretch=True)


def warp_definition(picture: Picture, palette: Palette = PAGE) -> str:
    """The bare warp, once a page: each row refers to it."""
    body = f'<defs><g id="{_warp_id(picture)}">{_warp(picture, palette)}</g></defs>'
    return f'<svg class="sr" aria-hidden="true" focusable="false" width="0" height="0">{body}</svg>'


def _warp_id(picture: Picture) -> str:
    key = ",".join(f"{column.type_code}{column.size}" for column in picture.columns)
    return f"warp-{zlib.crc32(key.encode()):x}"


def _bare(picture: Picture) -> str:
    """Bare threads stand back; further back where they are many and cells are low."""
    return ' opacity=".55"' if picture.per_thread == 1 else ' opacity=".3"'


def _warp_use(picture: Picture) -> str:
    return f'<use href="#{_warp_id(picture)}"/>'


def _threads(columns: Iterable[int], y: float, height: float) -> list[str]:
    return [svg.rectangle(index * PITCH + 3.5, y, THREAD, height) for index in columns]


def _warp(picture: Picture, palette: Palette) -> str:
    bare = (
        svg.path(_threads(columns, 0, HEIGHT), palette.fill(f"dye-{dye}"), _bare(picture))
        for dye, columns in picture.warp.items()
    )
    return "".join(bare)


def _weft(picture: Picture, row: DrawnRow, palette: Palette) -> str:
    """The row's own thread: it passes behind the actors who are away, and cells are woven over it."""
    width = len(picture.columns) * PITCH
    parts = [
        svg.path([svg.rectangle(0, 22, width, 4)], palette.fill("ground" if palette.on_page else "surface")),
        svg.path([svg.rectangle(0, 23, width, 2)], palette.fill("ink"), ' opacity=".5"'),
    ]
    for dye, columns in picture.warp.items():
        away = [index for index in columns if index not in row.cells]
        parts.append(svg.path(_threads(away, 18, 12), palette.fill(f"dye-{dye}"), _bare(picture)))
    for dye, columns in picture.warp.items():
        cells = []
        for index in columns:
            if index in row.cells:
                half = max(4, 20 * row.cells[index])
                cells.append(svg.rectangle(index * PITCH + 0.6, 24 - half, 8.8, 2 * half))
        parts.append(svg.path(cells, palette.fill(f"dye-{dye}")))
    picks = [
        f"M{index * PITCH} {svg.number(y)}h{PITCH}"
        for index, share in row.cells.items()
        for y in (11.5, 19.5, 27.5, 35.5)
        if abs(y - 24) < 20 * share
    ]
    parts.append(svg.path(picks, palette.stroke("ground" if palette.on_page else "surface"), ' stroke-width="1.6"'))
    return "".join(parts)


def fringe(picture: Picture, palette: Palette = PAGE) -> str:
    """The loose ends under the last row: there is room for more."""
    body = "".join(
        svg.path(
            [svg.rectangle(i * PITCH + 3.5, 0, THREAD, 15 + (i * 2654435761 >> 9) % 24) for i in columns],
            palette.fill(f"dye-{dye}"),
            _bare(picture),
        )
        for dye, columns in picture.warp.items()
    )
    return svg.svg(body, len(picture.columns) * PITCH, 44, stretch=True, classes="fringe")


def weave(rows: Iterable[Row], actors: Mapping[Any, str], palette: Palette = PRINT) -> str:
    """The whole picture as one SVG with its labels and its legend, for a document. 720 units wide."""
    return weave_picture(picture(rows, actors), palette)


def weave_picture(drawn: Picture, palette: Palette = PRINT) -> str:
    """As :func:`weave`, from a picture already made."""
    width, labels, size = 720, 190, 11
    height = 22 if drawn.dense else 40
    scale_x = (width - labels) / max(1, len(drawn.columns) * PITCH)
    parts = []
    for index, row in enumerate(drawn.rows):
        y = index * height
        body = _warp(drawn, palette) + _weft(drawn, row, palette)
        parts.append(f'<g transform="translate({labels} {y}) scale({scale_x:.4f} {height / HEIGHT:.4f})">{body}</g>')
        parts.append(svg.text(0, y + height / 2 + 4, svg.shorten(row.label, 27), palette, size=size, bold=True))
        parts.append(svg.text(labels - 8, y + height / 2 + 4, row.count, palette, size=size, ink="muted", anchor="end"))
    bottom, legend = _legend(drawn, palette, len(drawn.rows) * height + 14, width)
    return svg.svg("".join(parts) + legend, width, bottom)


def _legend(drawn: Picture, palette: Palette, top: float, width: float) -> tuple[float, str]:
    """Three to a line; returns where it ends, and the marks."""
    parts = []
    for index, (code, count) in enumerate(drawn.totals.items()):
        x, y = (index % 3) * width / 3, top + (index // 3) * 18
        parts.append(svg.mark(code, x, y, 10, palette))
        parts.append(svg.text(x + 16, y + 9, f"{types.plural(code)} {count}", palette, size=11))
    lines = ceil(len(drawn.totals) / 3)
    return top + lines * 18, "".join(parts)


def weave_words(drawn: Picture) -> str:
    """What replaces the drawing: the totals, then each space, the largest first (at most ten)."""
    spaces = ngettext("%(n)d space", "%(n)d spaces", len(drawn.table)) % {"n": len(drawn.table)}
    members = ngettext("%(count)d member", "%(count)d members", drawn.total) % {"count": drawn.total}
    kinds = ", ".join(
        _("%(label)s: %(value)s") % {"label": types.plural(code), "value": count}
        for code, count in drawn.totals.items()
    )
    largest = sorted(drawn.table, key=lambda row: -row.count)[:10]
    each = " ".join(_("%(label)s: %(value)s") % {"label": row.label, "value": row.words} + "." for row in largest)
    head = _("%(members)s in %(spaces)s.") % {"members": members, "spaces": spaces}
    return " ".join(part for part in (head, f"{kinds}." if kinds else "", each) if part)


def weave_table(drawn: Picture) -> tuple[list[str], list[list[object]]]:
    """The same as a table: header, and one row a space with its members by type. For the page and the account."""
    codes = list(drawn.totals)
    header = [_("Space"), *[types.plural(code) for code in codes], _("Members")]
    rows: list[list[object]] = [
        [row.label, *[row.by_type.get(code, 0) for code in codes], row.count] for row in drawn.table
    ]
    return header, rows
