"""``{% load alliances %}``."""

from __future__ import annotations

import datetime as dt

from django import template

register = template.Library()


@register.filter
def last_day(until: dt.date | None) -> dt.date | None:
    """The last day of an interval, from the first day outside it, which is what rows keep."""
    return until - dt.timedelta(days=1) if until else None
