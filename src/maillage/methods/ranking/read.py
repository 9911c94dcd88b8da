"""Reads ballots on options from a table (CSV): grades, approvals, scores, ranks or preferences."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from maillage.methods.errors import Unreadable
from maillage.methods.ranking._matrix import Layout, read_matrix
from maillage.methods.ranking._preferences import read_preferences
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.sentences import sentence as _
from maillage.methods.texts import text_of

IDENTIFIERS = {
    "id", "ids", "voter", "voter_id", "voterid", "ballot", "ballot_id", "ballotid", "participant", "participant_id",
    "participant-id", "respondent", "index", "votant", "votant_id", "bulletin", "bulletin_id", "identifiant", "numero",
    "numéro", "no", "n°", "#", "personne", "code",
}  # fmt: skip
COUNTS = {"count", "counts", "weight", "number", "nombre", "n", "poids", "voters", "ballots", "bulletins"}
PREFERENCES = {
    "preference", "preferences", "préférence", "préférences", "ranking", "rank", "vote", "votes", "classement", "ordre",
}  # fmt: skip


def read_ballots(
    source: Path | bytes,
    *,
    ranks: bool = False,
    zero_is_blank: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> RatingBallots:
    """The ballots of a table: a header, then one row a ballot.

    - The first line names the columns. Separated by ``,``, ``;`` or tab: the one that cuts the first row in as many
      cells as the header, else the one that the header has most of.
    - A first column whose name is empty or one of :data:`IDENTIFIERS` (in any case) is set aside; every other column
      is an option. A file without identifiers has only options.
    - Cells are numbers, whole or with up to six decimals (a decimal comma where commas do not separate columns); a
      higher number is better. An empty cell is blank, and 0 too unless ``zero_is_blank`` is false.
    - ``ranks``: the numbers are ranks, 1 is first, equal ranks are allowed and so are gaps; 0 and empty: unranked.
    - Where the only columns are one of :data:`PREFERENCES` and possibly an identifier and one of :data:`COUNTS`, each
      row is written ``A > B = C > D``, best first; options come in the order in which they first appear.

    Names in preferences hold neither ``>`` nor ``=``: nothing could tell them apart from what separates names.
    An identifier that comes back is said in ``warnings``; each row counts as a ballot.

    UTF-8, with or without byte order mark; any end of line; lines left empty are skipped. ``progress`` is called with
    the bytes read and their total.

    Errors: ``Unreadable``, with the line, for everything else.
    """
    data = _text(source)
    names, separator, start, line = _header(data)
    folded = [name.casefold() for name in names]
    identified = folded[0] == "" or folded[0] in IDENTIFIERS
    rest = folded[1:] if identified else folded
    column = next((place for place, name in enumerate(folded) if name in PREFERENCES and name in rest), None)
    if column is not None and all(name in PREFERENCES or name in COUNTS for name in rest) and len(rest) <= 2:
        count = next((place for place, name in enumerate(folded) if place != column and name in COUNTS), None)
        if len(rest) == 1 or count is not None:
            return read_preferences(data[start:], separator, line, len(names), column, count, identified)
    options = tuple(names[1:] if identified else names)
    _refuse_options(options, 1)
    layout = Layout(options, separator, len(names), int(identified))
    return read_matrix(data, start, line, layout, ranks, zero_is_blank, progress)


def _text(source: Path | bytes) -> bytes:
    data = text_of(source)
    if not data.strip():
        raise Unreadable(_("This file is empty."))
    return data


def _header(data: bytes) -> tuple[list[str], str, int, int]:
    """The names of the columns, the separator, the byte where ballots begin and its line."""
    lines = 0
    start = 0
    found = io.StringIO()

    def taken() -> str:
        nonlocal start, lines
        stop = data.find(b"\n", start)
        stop = len(data) if stop < 0 else stop + 1
        text = data[start:stop].decode()
        start, lines = stop, lines + 1
        return text

    # A quoted name may hold an end of line: lines are taken until the quotes are closed.
    found.write(taken())
    while found.getvalue().count('"') % 2 and start < len(data):
        found.write(taken())
    text = found.getvalue()
    bare = "".join(text.split('"')[::2])
    separator = _separator(text, bare, data[start:].lstrip(b"\n").partition(b"\n")[0].decode())
    try:
        cells = next(csv.reader(io.StringIO(text, newline="\n"), delimiter=separator, strict=True))
    except (csv.Error, StopIteration) as error:
        raise Unreadable(_('a quotation mark (") opens here and is never closed.'), 1) from error
    return [" ".join(cell.split()) for cell in cells] or [""], separator, start, lines + 1


def _separator(header: str, bare: str, row: str) -> str:
    """What cuts the header and the first row alike: a name may hold commas, and a number a decimal one."""

    def width(line: str, separator: str) -> int:
        return len(next(csv.reader([line], delimiter=separator), []))

    with suppress(csv.Error):
        for separator in "\t;,":
            if separator in bare and row and width(header, separator) == width(row, separator):
                return separator
    return max(",;\t", key=bare.count)


def _refuse_options(options: tuple[str, ...], line: int) -> None:
    if not options:
        raise Unreadable(_("the first line names no option."), line)
    seen: set[str] = set()
    for place, name in enumerate(options, start=1):
        if not name:
            raise Unreadable(_("the first line gives no name to option %(place)s.", place=place), line)
        if name in seen:
            raise Unreadable(_("the first line names “%(name)s” twice.", name=name[:60]), line)
        seen.add(name)
