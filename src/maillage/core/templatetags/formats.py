"""``{% load formats %}``: the functions of ``core.formats`` as filters. ``None`` gives nothing.

``date`` and ``time`` stand before Django's own: with a Django format (``"Y-m-d"``) they do what Django's do.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import template
from django.template import defaultfilters
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from maillage.core import formats

register = template.Library()

PHONE = re.compile(r"(?<![\d-])(?:1[ \u00a0.-])?(?:\(\d{3}\)|\d{3})[ \u00a0.-]\d{3}[ \u00a0.-]\d{4}(?![\d-])")


@register.filter
def money(cents: int | None) -> str:
    return "" if cents is None else formats.money(cents)


@register.filter
def number(value: Any, digits: int = 2) -> str:
    return "" if value is None or value == "" else formats.number(value, digits)


@register.filter
def percent(ratio: Any, digits: int = 0) -> str:
    return "" if ratio is None or ratio == "" else formats.percent(ratio, digits)


@register.filter
def share(value: Any, digits: int = 0) -> str:
    return "" if value is None or value == "" else formats.share(value, digits)


@register.filter(name="date", expects_localtime=True)
def date_filter(day: Any, django_format: str | None = None) -> str:
    if django_format is not None:
        return str(defaultfilters.date(day, django_format))
    return formats.date(day) if isinstance(day, dt.date) else ""


@register.filter
def short_date(day: dt.date | None) -> str:
    return formats.short_date(day) if day else ""


@register.filter
def month(day: dt.date | None) -> str:
    return formats.month(day) if day else ""


@register.filter(name="time", expects_localtime=True)
def time_filter(moment: Any, tz: str | None = None) -> str:
    """With an argument: the time zone (``alliance.time_zone``), or a Django format such as ``"H:i"``."""
    if isinstance(tz, str) and "/" not in tz and tz != "UTC":
        return str(defaultfilters.time(moment, tz))
    return formats.time(moment, tz) if isinstance(moment, dt.datetime | dt.time) else ""


@register.filter
def datetime_(moment: dt.datetime | None, tz: str | None = None) -> str:
    return formats.datetime_(moment, tz) if moment else ""


@register.filter
def file_size(size: int | None) -> str:
    return "" if size is None else formats.file_size(size)


@register.filter
def duration(seconds: float | None) -> str:
    return "" if seconds is None else formats.duration(seconds)


@register.filter
def unbroken(text: str, language: str | None = None) -> str:
    return formats.unbroken(text, language)


@register.filter
def phone(number: str | None) -> SafeString:
    """A telephone number on one line, read from left to right in every language."""
    return format_html('<bdi class="nowrap" dir="ltr">{}</bdi>', number) if number else mark_safe("")


@register.filter
def phones(text: str | None) -> SafeString:
    """A text where each telephone number stays on one line, and is dialled by a touch."""
    return mark_safe(
        PHONE.sub(
            lambda found: f'<a class="nowrap" dir="ltr" href="tel:{re.sub("[^0-9]", "", found[0])}">{found[0]}</a>',
            conditional_escape(text or ""),
        )
    )
