"""From the rows of a table to what each says: this organisation sits at that space. Bad rows are set aside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from maillage.concertation.imports.columns import Role
from maillage.core.tables import Row, Table, read_day, study
from maillage.core.text import fold

MOST_LINES = 20_000
NAME = 300
SPACE = 200
CATEGORY = 200
_CROWD = frozenset(
    {
        "plusieurs",
        "quelques",
        "des",
        "les",
        "environ",
        "en",
        "la",
        "le",
        "l",
        "de",
        "du",
        "table",
        "comptait",
        "compte",
        "membre",
        "membres",
        "regulier",
        "reguliers",
        "individuel",
        "individuels",
        "citoyen",
        "citoyens",
        "citoyenne",
        "citoyennes",
        "citoyen-nes",
        "citoyen-ne-s",
        "citoyen-e-s",
        "resident",
        "residents",
        "residente",
        "residentes",
        "resident-es",
        "resident-e-s",
        "personne",
        "personnes",
        "benevole",
        "benevoles",
        "individu",
        "individus",
        "participant",
        "participants",
        "member",
        "members",
        "citizen",
        "citizens",
        "people",
        "several",
        "non",
        "affilies",
    }
)
_PEOPLE = re.compile(r"citoyen|resident|individu|personne|benevole|citizen|people")


@dataclass(frozen=True)
class Line:
    """One usable row. ``actor`` is the organisation's name, one spelling among others perhaps."""

    number: int
    actor: str
    space: str = ""
    space_id: str = ""
    hint: str = ""
    category: str = ""
    website: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    crowd: bool = False
    """It counts people rather than naming an organisation: a citizens' college of that space."""


@dataclass
class Reading:
    lines: list[Line] = field(default_factory=list)
    tables: list[tuple[str, str]] = field(default_factory=list)
    """Identifier and name of every table, those included whose lines name nobody: they exist all the same."""
    rejected: list[list[Any]] = field(default_factory=list)
    """``[line, code, what was there]``."""
    notes: list[list[Any]] = field(default_factory=list)


def reason(code: str, value: str = "") -> str:
    """Why a row was set aside, and what to do."""
    sentences = {
        "no_name": _("No name of organisation. Write it in the file, or leave the line out."),
        "long_name": _("The name has more than %(limit)s characters. Shorten it.") % {"limit": NAME},
        "no_space": _("No table. Write it in the file, or leave the line out."),
        "long_space": _("The name of the table has more than %(limit)s characters. Shorten it.") % {"limit": SPACE},
        "long_category": _("The category has more than %(limit)s characters. Shorten it.") % {"limit": CATEGORY},
        "overflow": _("More cells than the header. Check that no delimiter lies inside a name."),
        "bad_date": _("“%(value)s” is not a date. Write it as 2026-11-20.") % {"value": value},
        "dates": _("The end comes before the beginning. Correct the dates."),
    }
    return sentences[code]


def is_crowd(name: str) -> bool:
    """« 17 membres citoyens »: people counted, not an organisation."""
    folded = fold(name).replace("·", "-").replace(".", "-")
    words = [word.strip("-") for word in re.findall(r"[\w-]+", folded)]
    return bool(_PEOPLE.search(folded)) and all(word in _CROWD or re.fullmatch(r"[\d-]+", word) for word in words)


def read_lines(table: Table, columns: Mapping[str, int], options: Mapping[str, Any]) -> Reading:
    """Every row of the table, read or set aside with its reason.

    Errors: ``ValidationError`` where the whole file cannot be read as asked: dates that two orders read, too many rows.
    """
    if len(table.rows) > MOST_LINES:
        raise ValidationError(
            _("This list has more than %(limit)s lines. Cut it in several files and send them one by one.")
            % {"limit": MOST_LINES}
        )
    reading = Reading()
    order, epoch = _dates(table, columns, options, reading)
    for row in table.rows:
        line, bad = _line(row, columns, str(options.get("single_space", "")), order, epoch)
        if bad:
            reading.rejected.append([row.line, *bad])
            if bad[0] == "no_name":
                reading.tables.append(_table_of(row, columns, str(options.get("single_space", ""))))
        elif line is not None:
            reading.lines.append(line)
            reading.tables.append((line.space_id, line.space))
    reading.tables = [table for table in dict.fromkeys(reading.tables) if table[1]]
    _remark(reading)
    return reading


def _dates(table: Table, columns: Mapping[str, int], options: Mapping[str, Any], reading: Reading) -> tuple[str, str]:
    """The order of days and months, and where serial numbers begin; two readings are refused, never guessed."""
    chosen, epoch = str(options.get("date_order", "")), str(options.get("epoch", "") or "1900")
    texts = [
        text for role in (Role.SINCE, Role.UNTIL) if role in columns for text in table.column(columns[role]) if text
    ]
    found = study(texts)
    if found.serial:
        reading.notes.append(["serial_dates", {"value": found.serial, "epoch": epoch}])
    if not chosen and found.ambiguous:
        raise ValidationError(
            _("The date “%(value)s” can be read in two ways. Say below whether the day or the month comes first.")
            % {"value": found.ambiguous},
            code="ambiguous_dates",
        )
    return chosen or found.order or "dmy", epoch


def _line(
    row: Row, columns: Mapping[str, int], single_space: str, order: str, epoch: str
) -> tuple[Line | None, list[str]]:
    def cell(role: str) -> str:
        return row.cells[columns[role]] if role in columns else ""

    name, space, category = cell(Role.ACTOR), cell(Role.SPACE) or single_space, cell(Role.CATEGORY)
    bad = _unusable(row, name, space, category, Role.SPACE in columns)
    if bad:
        return None, bad
    days: dict[str, dt.date | None] = {}
    for role in (Role.SINCE, Role.UNTIL):
        days[role] = read_day(cell(role), order, epoch) if cell(role) else None
        if cell(role) and days[role] is None:
            return None, ["bad_date", cell(role)[:80]]
    since, until = days[Role.SINCE], days[Role.UNTIL]
    if since and until and until < since:
        return None, ["dates", ""]
    crowd = is_crowd(name)
    if crowd and space:
        name = f"{name} – {space}"[:NAME]
    website = cell(Role.WEBSITE)
    return Line(
        row.line, name, space, cell(Role.SPACE_ID)[:80], cell(Role.ACTOR_ID)[:80], category,
        _address(website), since, until, crowd,
    ), []  # fmt: skip


def _table_of(row: Row, columns: Mapping[str, int], single_space: str) -> tuple[str, str]:
    handle, name = (row.cells[columns[role]] if role in columns else "" for role in (Role.SPACE_ID, Role.SPACE))
    name = name or single_space
    return handle[:80], name if len(name) <= SPACE else ""


def _unusable(row: Row, name: str, space: str, category: str, needs_space: bool) -> list[str]:
    if not name:
        return ["no_name", (space or category)[:80]]
    if len(name) > NAME:
        return ["long_name", name[:40] + "…"]
    if row.overflow:
        return ["overflow", name[:80]]
    if needs_space and not space:
        return ["no_space", name[:80]]
    if len(space) > SPACE:
        return ["long_space", space[:40] + "…"]
    if len(category) > CATEGORY:
        return ["long_category", category[:40] + "…"]
    return []


def _address(text: str) -> str:
    """A web address, ``https://`` added where it is missing; nothing where it is none, or a search on a map."""
    if not text or " " in text:
        return ""
    url = text if re.match(r"https?://", text, re.I) else f"https://{text}"
    if len(url) > 200 or re.search(r"google\.[a-z.]+/maps|maps\.google|goo\.gl/maps", url, re.I):
        return ""
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return ""
    return url


def _remark(reading: Reading) -> None:
    """What the reader should know of the lines as a whole; figures only, sentences are made on the page."""
    by_name: dict[str, set[str]] = {}
    by_hint: dict[str, set[str]] = {}
    shown: dict[str, str] = {}
    for line in reading.lines:
        if line.hint:
            by_name.setdefault(fold(line.actor), set()).add(line.hint)
            shown.setdefault(fold(line.actor), line.actor)
            by_hint.setdefault(line.hint, set()).add(line.actor)
    two_hints = sorted(shown[name] for name, hints in by_name.items() if len(hints) > 1)
    if two_hints:
        reading.notes.append(["two_identifiers", {"count": len(two_hints), "names": two_hints[:5]}])
    shared = sum(len(names) > 1 for names in by_hint.values())
    if shared:
        reading.notes.append(["shared_identifiers", {"count": shared}])
    if crowds := sum(line.crowd for line in reading.lines):
        reading.notes.append(["crowds", {"count": crowds}])


def note(code: str, figures: Mapping[str, Any]) -> str:
    """A remark in the reader's language."""
    sentences = {
        "serial_dates": _("Some dates are numbers (%(value)s): they are counted in days from %(epoch)s."),
        "two_identifiers": _(
            "Names that carry two identifiers: %(count)s (%(names)s). The name decides, the identifier is a hint."
        ),
        "shared_identifiers": _(
            "Identifiers given to several spellings: %(count)s. The pairs are proposed, nothing is merged by itself."
        ),
        "crowds": _(
            "Lines that count people rather than name an organisation: %(count)s. "
            "Each becomes the citizens’ college of its table."
        ),
    }
    shown = {**figures, "names": ", ".join(figures.get("names", []))}
    return sentences[code] % shown


def spellings(lines: Iterable[Line]) -> dict[str, str]:
    """Every distinct name with the first identifier given to it."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.crowd:
            found.setdefault(line.actor, line.hint)
    return found
