"""Finding the header under the title lines, and making every row as wide as it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.tables.model import Grid, Limits, Notice, Row, Table, TableError

_LOOKED_AT = 30
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    r"\U000e0000-\U000e007f]"
)
"""Characters that nobody sees: they make two names of one, or turn the words that follow."""
_NUMBER = re.compile(r"^[\d\s.,/:%$-]+$")


def clean(cell: str) -> str:
    """One spelling of one text: NFC, no control characters, single spaces, nothing at the ends."""
    return re.sub(r"\s+", " ", _CONTROL.sub("", unicodedata.normalize("NFC", cell))).strip()


def to_table(grid: Grid, limits: Limits, header_line: int | None = None) -> Table:
    """The table under its header. ``header_line`` is what a person chose; otherwise it is found.

    Errors: :class:`TableError` where nothing lies under the header or the chosen line is not there.
    """
    lines = [(line, [clean(cell) for cell in cells]) for line, cells in grid.lines]
    lines = [(line, cells) for line, cells in lines if any(cells)]
    if not lines:
        raise TableError(_("This file is empty. Choose the file that holds the list."), "empty")
    at = find_header(lines) if header_line is None else _chosen(lines, header_line)
    line, header = lines[at]
    notices = list(grid.notices)
    if at:
        said = ngettext(
            "%(count)s line above the header was skipped: the header is line %(line)s.",
            "%(count)s lines above the header were skipped: the header is line %(line)s.",
            at,
        )
        notices.append(Notice("titles_skipped", said % {"count": at, "line": line}))
    names = _names(_as_wide_as_rows(header, lines[at + 1 :]), notices)
    rows = _rows(lines[at + 1 :], names, limits, notices)
    if not rows:
        raise TableError(
            _("This file has a header and nothing under it. Choose the file that holds the list."), "header_only"
        )
    return Table(
        header=tuple(names),
        header_line=line,
        rows=rows,
        kind=grid.kind,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        sheets=grid.sheets,
        warnings=tuple(notices),
    )


def find_header(lines: list[tuple[int, list[str]]]) -> int:
    """Index of the first line that is nearly as filled as the lines below it, and made of words."""
    widths = Counter(len(cells) for _line, cells in lines[1:200])
    if not widths:
        return 0
    usual = max(widths.items(), key=lambda pair: (pair[1], pair[0]))[0]
    for index, (_line, cells) in enumerate(lines[:_LOOKED_AT]):
        words = sum(bool(cell) and not _NUMBER.match(cell) for cell in cells)
        if words >= max(1, round(0.6 * usual)) and (usual == 1 or words > 1):
            return index
    return 0


def _as_wide_as_rows(header: list[str], below: list[tuple[int, list[str]]]) -> list[str]:
    """Columns without a name at the end of the header count, where most lines fill them."""
    wider = sorted((len(cells) for _line, cells in below), reverse=True)
    usual = wider[len(wider) // 2] if wider else 0
    return header + [""] * (usual - len(header))


def _chosen(lines: list[tuple[int, list[str]]], header_line: int) -> int:
    for index, (line, _cells) in enumerate(lines):
        if line == header_line:
            return index
    raise TableError(
        _("Line %(line)s of this file is empty or absent. Choose another line for the header.") % {"line": header_line},
        "no_such_header",
    )


def _names(header: list[str], notices: list[Notice]) -> list[str]:
    """Names of columns: absent ones are numbered, repeated ones told apart, and both are said."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    repeated: list[str] = []
    for position, cell in enumerate(header, start=1):
        name = cell[:120] or _("Column %(number)s") % {"number": position}
        seen[name.casefold()] += 1
        if seen[name.casefold()] > 1:
            repeated.append(name)
            name = f"{name} ({seen[name.casefold()]})"
        names.append(name)
    if repeated:
        said = _("Several columns have the same name: %(names)s. They are numbered to tell them apart.")
        notices.append(Notice("repeated_header", said % {"names": ", ".join(sorted(set(repeated)))}))
    return names


def _rows(lines: list[tuple[int, list[str]]], names: list[str], limits: Limits, notices: list[Notice]) -> list[Row]:
    width = len(names)
    rows: list[Row] = []
    overflowing: list[int] = []
    for line, cells in lines:
        for cell in cells:
            if len(cell) > limits.cell_characters:
                raise TableError(
                    _("A cell of line %(line)s is longer than %(limit)s characters. Shorten it, then send the file.")
                    % {"line": line, "limit": limits.cell_characters},
                    "long_cell",
                )
        overflow = any(cells[width:])
        if overflow:
            overflowing.append(line)
        rows.append(Row(line, tuple((cells + [""] * width)[:width]), overflow))
    if len(rows) > limits.rows:
        raise TableError(
            _("This list has more than %(limit)s lines. Cut it in several files and send them one by one.")
            % {"limit": limits.rows},
            "too_many_rows",
        )
    if overflowing:
        said = _("Some lines have more cells than the header (%(lines)s): check that no delimiter lies inside a name.")
        shown = ", ".join(map(str, overflowing[:5])) + ("…" if len(overflowing) > 5 else "")
        notices.append(Notice("overflow", said % {"lines": shown}))
    return rows
