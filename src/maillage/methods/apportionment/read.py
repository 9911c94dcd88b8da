"""Reads what is to be shared from a spreadsheet saved as CSV: settings in the first lines, then a territory a line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from maillage.methods.apportionment._numbers import NotANumber, read_number
from maillage.methods.apportionment.envelope import POPULATION, Criterion, Settings, Territory
from maillage.methods.apportionment.ties import Ties
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import sentence as _

Row = tuple[int, list[str]]
"""A line of the file, from 1, and its cells."""

HEADS = {
    "territory", "territories", "territoire", "territoires", "name", "nom", "mrc", "municipality", "municipalities",
    "municipalite", "municipalites", "ville", "villes", "region", "regions", "quartier", "quartiers", "arrondissement",
    "arrondissements",
}  # fmt: skip
COLUMNS = {
    POPULATION: {"population", "habitants", "personnes", "people", "inhabitants"},
    "need": {"need", "besoin", "besoins", "indice", "indice de besoin", "need index", "index"},
    "floor": {"floor", "plancher", "minimum", "min"},
    "cap": {"cap", "plafond", "maximum", "max"},
}
SETTINGS = {
    "envelope": {"envelope", "enveloppe"},
    "base": {"base", "base amount", "montant de base"},
    "floor": {"floor", "plancher"},
    "cap": {"cap", "plafond"},
    "floor_per_person": {"floor per person", "plancher par personne", "plancher par habitant"},
    "cap_per_person": {"cap per person", "plafond par personne", "plafond par habitant"},
    "unit": {"unit", "arrondi", "rounding"},
    "ties": {"ties", "egalites", "egalite"},
    "seed": {"seed", "graine"},
}
TIES = {
    Ties.NAME: {"name", "nom"},
    Ties.ORDER: {"order", "ordre"},
    Ties.LARGEST: {"largest", "plus grand", "plus grande"},
    Ties.SMALLEST: {"smallest", "plus petit", "plus petite"},
    Ties.LOT: {"lot", "sort", "tirage"},
}
BOUNDS = ("floor", "cap")
WEIGHT = re.compile(r"(?:weight|poids) (?:of |de la |de l |de |du |des )?(.+)")
TOTALS = {"total", "totaux", "grand total", "somme", "sum", "ensemble"}


@dataclass(frozen=True)
class Request:
    """What a file asks for. What it does not say is for whoever asks to add."""

    envelope: int | None
    settings: Settings
    territories: tuple[Territory, ...]
    columns: Mapping[str, str]
    """Those that a criterion can name, with what the file calls them; ``population`` and ``need`` are always so."""


def read_request(source: Path | bytes | Sequence[Sequence[str]]) -> Request:
    """A CSV file (its content, its path, or rows of cells from another kind of sheet), in French or in English.

    First lines, any of: ``envelope``, ``base`` (an amount, or a percentage of the envelope in equal parts),
    ``weight population``, ``weight population × need``…, ``floor``, ``cap``, ``floor per person``, ``cap per person``,
    ``unit``, ``ties``, ``seed``, each with its value in the next cell. Then a header, ``territory`` and its columns
    (``population``, ``need``, ``floor``, ``cap``, any other), then the territories. Blank lines are nothing. Separators
    ``;``, tabs or commas; UTF-8, or what Excel writes in Windows. Amounts are in dollars.

    Error: :class:`Unreadable`, with the line, for everything else; ``OSError`` where the path cannot be opened.
    """
    if isinstance(source, (Path, bytes)):
        rows, comma = _rows(_text(source.read_bytes() if isinstance(source, Path) else source))
    else:
        rows, comma = [(place, list(row)) for place, row in enumerate(source, 1)], False
    at = _header_at(rows)
    if at is None:
        raise Unreadable(_("no line begins with “territory” (or “territoire”), the header that comes before the rows."))
    columns = _columns(*rows[at])
    heads = [" ".join(cell.split()) for cell in rows[at][1][1:]]
    called = {name: head for name, head in zip(columns, heads, strict=True) if name and name not in BOUNDS}
    envelope, settings = _settings(rows[:at], called, comma)
    used = {column for criterion in settings.criteria for column in criterion.columns} | {"need"}
    territories = _territories(rows[at + 1 :], columns, used, comma)
    if not territories:
        raise Unreadable(_("no territory comes after the header."), rows[at][0])
    return Request(envelope, settings, territories, called)


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_("this file is in UTF-16; save it as CSV UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in Windows when it is not asked for UTF-8.
        text = data.decode("cp1252", errors="replace")
    wrong = next((found for found in text if found < " " and found not in "\t\r\n"), None) or (
        "\N{REPLACEMENT CHARACTER}" if "\N{REPLACEMENT CHARACTER}" in text else None
    )
    if wrong:
        raise Unreadable(_("this is not text."), text.count("\n", 0, text.index(wrong)) + 1)
    return text


def _rows(text: str) -> tuple[list[Row], bool]:
    """Cells of each line, by the separator that gives a header of several columns; whether a comma is decimal."""
    first: list[Row] | None = None
    for separator in ";\t,":
        if separator not in text:
            continue
        rows = _parsed(text, separator)
        at = _header_at(rows)
        if at is not None and len([cell for cell in rows[at][1] if cell.strip()]) > 1:
            return rows, separator != ","
        first = first or rows
    return first or _parsed(text, ";"), True


def _parsed(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("a cell is too long, or its quotation marks do not close."), line) from error
    return rows


def _header_at(rows: Sequence[Row]) -> int | None:
    return next((place for place, (_line, cells) in enumerate(rows) if cells and _folded(cells[0]) in HEADS), None)


def _folded(text: str) -> str:
    """Without case, accents, and signs: ``Plancher par habitant ($)`` → ``plancher par habitant``."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.sub(r"[^\w×*]|_", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())


def _named(text: str, among: dict[str, set[str]]) -> str | None:
    folded = _folded(text)
    return next((name for name, words in among.items() if folded in words), None)


def _columns(line: int, cells: Sequence[str]) -> list[str]:
    """The name of each column after the first; nothing for one without a header."""
    columns = [_named(cell, COLUMNS) or _folded(cell) for cell in cells[1:]]
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice:
        raise Unreadable(_("two columns are named “%(column)s”.", column=twice), line)
    return columns


def _settings(rows: Iterable[Row], called: Mapping[str, str], comma: bool) -> tuple[int | None, Settings]:
    envelope, settings, seen = None, Settings(), set()
    for line, cells in rows:
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            continue
        if len(filled) == 1:
            raise Unreadable(_("before the header, each line has a name and a value. Take titles and notes out."), line)
        if len(filled) > 2:
            raise Unreadable(_("before the header, a line has a name and a value. A comma in a number?"), line)
        key, value = filled
        if key in seen:
            raise Unreadable(_("“%(name)s” is there twice.", name=key), line)
        seen.add(key)
        weight = WEIGHT.fullmatch(_folded(key))
        name = "weight" if weight else _named(key, SETTINGS)
        if name == "envelope":
            envelope = _cents(value, comma, line)
        elif weight:
            columns = _product(weight[1], called, line)
            label = " × ".join(called[column] for column in columns)
            criterion = Criterion(columns, _part(value, comma, line), label)
            settings = replace(settings, criteria=(*settings.criteria, criterion))
        elif name:
            settings = _set(settings, name, value, comma, line)
        else:
            raise Unreadable(_("“%(name)s” is no setting that is known.", name=key), line)
    return envelope, settings


def _product(text: str, called: Mapping[str, str], line: int) -> tuple[str, ...]:
    """The columns of a criterion: ``population × need``."""
    names = tuple(_named(piece, COLUMNS) or _folded(piece) for piece in re.split(r"[×*]| x ", text))
    unknown = next((name for name in names if name not in called), None)
    if unknown is not None:
        columns = ", ".join(called.values()) or "-"
        raise Unreadable(
            _("no column is named “%(column)s”. Those of the file: %(columns)s.", column=unknown, columns=columns), line
        )
    return names


def _set(settings: Settings, name: str, value: str, comma: bool, line: int) -> Settings:
    match name:
        case "ties":
            found = _named(value, {str(ties): words for ties, words in TIES.items()})
            if found is None:
                raise Unreadable(_("“%(cell)s” is no rule for ties.", cell=value), line)
            return replace(settings, ties=Ties(found))
        case "seed":
            return replace(settings, seed=int(_whole(value, comma, line)))
        case "base":
            number, percent = _number(value, comma, line)
            if percent:
                return replace(settings, base_part=number)
            return replace(settings, base=_cents(value, comma, line))
        case "floor_per_person":
            return replace(settings, floor_per_person=_number(value, comma, line)[0] * 100)
        case "cap_per_person":
            return replace(settings, cap_per_person=_number(value, comma, line)[0] * 100)
        case "floor":
            return replace(settings, floor=_cents(value, comma, line))
        case "cap":
            return replace(settings, cap=_cents(value, comma, line))
        case _:
            return replace(settings, unit=_cents(value, comma, line))


def _territories(rows: Iterable[Row], columns: Sequence[str], used: set[str], comma: bool) -> tuple[Territory, ...]:
    found: dict[str, Territory] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        name = " ".join(cells[0].split())
        if not name:
            raise Unreadable(_("this line has no name."), line)
        if _folded(name) in TOTALS:
            raise Unreadable(_("“%(name)s” looks like a sum, not a territory: take this line out.", name=name), line)
        if name in found:
            raise Unreadable(_("“%(name)s” is there twice.", name=name), line)
        if any(cell.strip() for cell in cells[len(columns) + 1 :]):
            raise Unreadable(_("this line has more cells than the header. A comma in a number?"), line)
        found[name] = _territory(name, dict(zip(columns, cells[1:], strict=False)), used, comma, line)
    return tuple(found.values())


def _territory(name: str, cells: dict[str, str], used: set[str], comma: bool, line: int) -> Territory:
    values: dict[str, Fraction] = {}
    bounds: dict[str, int] = {}
    for column, cell in cells.items():
        if not column or not cell.strip():
            continue
        if column in BOUNDS:
            bounds[column] = _cents(cell, comma, line)
        elif column == POPULATION:
            values[column] = _whole(cell, comma, line)
        else:
            try:
                values[column] = _number(cell, comma, line)[0]
            except Unreadable:
                # A column that the file does not share by may hold anything: a code, a note.
                if column in used:
                    raise
    return Territory(name, values, bounds.get("floor"), bounds.get("cap"))


def _number(text: str, comma: bool, line: int) -> tuple[Fraction, bool]:
    try:
        return read_number(text, decimal_comma=comma)
    except NotANumber as error:
        raise Unreadable(error.reason, line) from error


def _whole(text: str, comma: bool, line: int) -> Fraction:
    number, percent = _number(text, comma, line)
    if percent or number.denominator != 1:
        raise Unreadable(_("“%(cell)s” is not a whole number.", cell=text.strip()), line)
    return number


def _cents(text: str, comma: bool, line: int) -> int:
    number, percent = _number(text, comma, line)
    if percent or (number * 100).denominator != 1:
        raise Unreadable(_("“%(cell)s” is not an amount in dollars and cents.", cell=text.strip()), line)
    return int(number * 100)


def _part(text: str, comma: bool, line: int) -> Fraction:
    """A weight: ``60 %``, ``60`` or ``0.6``. Without a sign, more than 1 is a percentage."""
    number, percent = _number(text, comma, line)
    return number if percent or number <= 1 else number / 100
