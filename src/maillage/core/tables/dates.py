"""Dates of a column: real dates, text in either order, serial numbers of both kinds.

Nothing is guessed in silence: :func:`study` says how a whole column may be read, and a person chooses where
two readings remain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from maillage.core.text import fold

ORDERS = ("dmy", "mdy")
EPOCHS = {"1900": dt.date(1899, 12, 30), "1904": dt.date(1904, 1, 1)}
"""1899-12-30 and not 1900-01-01: spreadsheets count a 29 February 1900 that never was."""
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_SLASH = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_WORDS = re.compile(r"^(?:le )?(\d{1,2})(?:er|e)? ([a-z]+)\.? (\d{4})$")
_ENGLISH = re.compile(r"^([a-z]+)\.? (\d{1,2}),? (\d{4})$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january janv jan", "fevrier february fevr feb", "mars march mar", "avril april avr apr", "mai may",
            "juin june", "juillet july juil", "aout august aug", "septembre september sept", "octobre october oct",
            "novembre november nov", "decembre december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


@dataclass(frozen=True)
class DateStudy:
    """How the texts of a column can be read as dates."""

    order: str
    """``dmy`` or ``mdy`` where the texts decide it, ``""`` where both hold or there is none."""
    ambiguous: str
    """A text that both orders read, differently, when nothing in the column decides; ``""`` otherwise."""
    serial: str
    """A number that stands for a date, first of the column; ``""`` where there is none."""
    unread: tuple[str, ...]
    """Texts that are no date in any reading (the first five)."""


def read_day(text: str, order: str = "dmy", epoch: str = "1900") -> dt.date | None:
    """The date that ``text`` says, or ``None``. ``order``: ``dmy`` or ``mdy``; ``epoch``: ``1900`` or ``1904``."""
    value = fold(text)
    if match := _ISO.match(value):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASH.match(value):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if len(match[3]) == 2:
            year += 2000 if year < 70 else 1900
        day, month = (first, second) if order == "dmy" else (second, first)
        return _day(year, month, day)
    if match := _WORDS.match(value):
        return _day(int(match[3]), _MONTHS.get(match[2], 0), int(match[1]))
    if match := _ENGLISH.match(value):
        return _day(int(match[3]), _MONTHS.get(match[1], 0), int(match[2]))
    if _SERIAL.match(value):
        return EPOCHS[epoch] + dt.timedelta(days=int(float(value)))
    return None


def study(texts: Iterable[str]) -> DateStudy:
    """Look at every text of a column; one day over 12 decides the order for all of them."""
    only: dict[str, int] = {"dmy": 0, "mdy": 0}
    ambiguous = serial = ""
    unread: list[str] = []
    for text in dict.fromkeys(text for text in texts if text):
        readings = {order: read_day(text, order) for order in ORDERS}
        if not any(readings.values()):
            unread.append(text)
        elif _SERIAL.match(fold(text)):
            serial = serial or text
        elif readings["dmy"] != readings["mdy"]:
            for order in ORDERS:
                other = "mdy" if order == "dmy" else "dmy"
                only[order] += readings[other] is None
            if all(readings.values()):
                ambiguous = ambiguous or text
    decided = [order for order in ORDERS if only[order]]
    order = decided[0] if len(decided) == 1 else ""
    return DateStudy(order, "" if order else ambiguous, serial, tuple(unread[:5]))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
