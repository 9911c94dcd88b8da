"""A beginning as people remember it: a year, a month, or a day."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maillage.core.dates import FIRST
from maillage.core.tables import read_day

_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


def remembered(text: str) -> dt.date | None:
    """``2019``, ``2019-05``, ``2019-05-12`` or ``12 mai 2019``: the first day of what is said; ``None`` if unread."""
    text = text.strip()
    if found := _YEAR.fullmatch(text):
        return _day(int(found[1]), 1, 1)
    if found := _MONTH.fullmatch(text):
        return _day(int(found[1]), int(found[2]), 1)
    return read_day(text)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


class RememberedDay(forms.CharField):
    """A day in the past, of which only the year may be known. Gives a date or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        day = remembered(text)
        if day is None or day < FIRST:
            raise ValidationError(_("Write a year (2019), or a day (2019-05-12)."), code="unread")
        return day
