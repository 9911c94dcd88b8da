"""Amounts, dates, times, numbers: the only place that knows how they are written.

Every function takes ``language`` (``fr`` or ``en``; ``None``: the active one) and returns text for people.
Spaces inside an amount or a time are U+00A0: the font has no U+202F.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from decimal import Decimal

from babel import dates as babel_dates
from babel import numbers as babel_numbers
from django.utils import timezone
from django.utils.translation import get_language

NBSP = "\u00a0"
_NARROW = str.maketrans({"\u202f": NBSP, "\u2009": NBSP, "\u2007": NBSP})
_UNBROKEN = re.compile(r"(?<=\d) (?=\d{3}(?!\d)|[$%])|(?<=«) | (?=[»:])")
_LOCALES = {"fr": "fr_CA", "en": "en_CA"}

Number = int | float | Decimal


def _language(language: str | None) -> str:
    return "en" if (language or get_language() or "fr").startswith("en") else "fr"


def _locale(language: str | None) -> str:
    return _LOCALES[_language(language)]


def _day(value: dt.date) -> dt.date:
    """The calendar day of a date, or of an instant in the current time zone."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _zone(tz: dt.tzinfo | str | None) -> dt.tzinfo:
    if isinstance(tz, str):
        return zoneinfo.ZoneInfo(tz)
    return tz or timezone.get_current_timezone()


def money(cents: int, language: str | None = None, *, exact: bool = False) -> str:
    """``12 500 $``; cents are written only where there are some, or with ``exact``: ``12 500,00 $``.

    Errors: ``TypeError`` for anything but an integer number of cents: amounts are never floats.
    """
    if isinstance(cents, bool) or not isinstance(cents, int):
        raise TypeError("An amount is an integer number of cents.")
    whole = cents % 100 == 0 and not exact
    pattern = ("¤#,##0" if _language(language) == "en" else f"#,##0{NBSP}¤") if whole else None
    text = babel_numbers.format_currency(
        Decimal(cents) / 100, "CAD", pattern, locale=_locale(language), currency_digits=not whole
    )
    return text.translate(_NARROW)


def number(value: Number, digits: int = 2, language: str | None = None) -> str:
    """``1 234,5``: at most ``digits`` decimals, none where they are zeros."""
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    exact = value if isinstance(value, int) else Decimal(str(value))
    return babel_numbers.format_decimal(exact, pattern, locale=_locale(language)).translate(_NARROW)


def percent(ratio: Number, digits: int = 0, language: str | None = None) -> str:
    """``34 %`` for 0.34."""
    return share(Decimal(str(ratio)) * 100, digits, language)


def share(value: Number, digits: int = 0, language: str | None = None) -> str:
    """``34 %`` for 34: a percentage already multiplied."""
    space = "" if _language(language) == "en" else NBSP
    return f"{number(value, digits, language)}{space}%"


def _written_day(day: dt.date, style: str, language: str | None) -> str:
    """The day and its month are never parted by the end of a line: the first space, in both languages."""
    text: str = babel_dates.format_date(day, style, locale=_locale(language))
    if _language(language) == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", NBSP, 1).translate(_NARROW)


def date(day: dt.date, language: str | None = None) -> str:
    """``20 novembre 2026``, ``1er décembre 2026``; ``November 20, 2026``."""
    return _written_day(_day(day), "long", language)


def short_date(day: dt.date, language: str | None = None) -> str:
    """``20 nov. 2026``, ``1er déc. 2026``; ``Nov 20, 2026``."""
    return _written_day(_day(day), "medium", language)


def weekday(day: dt.date, language: str | None = None) -> str:
    """``vendredi``; ``Friday``."""
    return str(babel_dates.format_date(_day(day), "EEEE", locale=_locale(language)))


def month(day: dt.date, language: str | None = None) -> str:
    """``novembre 2026``; ``November 2026``."""
    return str(babel_dates.format_date(_day(day), "LLLL y", locale=_locale(language))).translate(_NARROW)


def time(moment: dt.datetime | dt.time, tz: dt.tzinfo | str | None = None, language: str | None = None) -> str:
    """``13 h 30``, ``9 h``, ``9 h 05``; ``1:30 p.m.``. An instant is read in ``tz`` (or the current zone)."""
    if isinstance(moment, dt.datetime):
        moment = moment.astimezone(_zone(tz)).time()
    if _language(language) == "en":
        return str(babel_dates.format_time(moment, "short", locale="en_CA")).translate(_NARROW)
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def datetime_(moment: dt.datetime, tz: dt.tzinfo | str | None = None, language: str | None = None) -> str:
    """``20 novembre 2026 à 13 h 30``; ``November 20, 2026 at 1:30 p.m.``."""
    local = moment.astimezone(_zone(tz))
    link = "at" if _language(language) == "en" else "à"
    return f"{date(local.date(), language)} {link} {time(local.timetz().replace(tzinfo=None), language=language)}"


def file_size(size: int, language: str | None = None) -> str:
    """``1,2 Mo``, ``340 ko``, ``12 octets``; ``1.2 MB``. Thousands, as on the disks' own labels."""
    french = _language(language) == "fr"
    if size < 1000:
        unit = ("octet" if size < 2 else "octets") if french else ("byte" if size == 1 else "bytes")
        return f"{size}{NBSP}{unit}"
    units = ("ko", "Mo", "Go", "To") if french else ("kB", "MB", "GB", "TB")
    value = Decimal(size)
    for unit in units:
        value /= 1000
        # 999,96 rounds to 1 000: it is the next unit's 1.
        if round(value, 1) < 1000 or unit == units[-1]:
            break
    return f"{number(round(value, 1 if value < 10 else 0), 1, language)}{NBSP}{unit}"


def duration(seconds: float, language: str | None = None) -> str:
    """``45 s``, ``2 min``, ``2 min 5 s``, ``1 h 5 min``, ``3 jours``: the two largest units that matter."""
    whole = max(0, round(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    day_word = ("day" if days == 1 else "days") if _language(language) == "en" else ("jour" if days == 1 else "jours")
    parts = [(days, day_word), (hours, "h"), (minutes, "min"), (secs, "s")]
    first = next((index for index, (count, _) in enumerate(parts) if count), 3)
    kept = [(count, unit) for count, unit in parts[first : first + 2] if count] or [(0, "s")]
    return NBSP.join(f"{count}{NBSP}{unit}" for count, unit in kept)


def unbroken(text: str, language: str | None = None) -> str:
    """What people wrote, its French spaces kept on one line: before ``: » $ %``, after ``«``, in ``15 000``."""
    spoken = language or get_language() or "fr"
    return _UNBROKEN.sub(NBSP, text) if spoken.startswith("fr") else text
