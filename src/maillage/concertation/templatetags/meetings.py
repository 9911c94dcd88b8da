"""``{% load meetings %}``: how meetings are said."""

from __future__ import annotations

from django import template

from maillage.concertation.meetings import words

register = template.Library()
register.filter("when", words.when)
register.filter("meeting_day", words.day_of)
register.filter("minutes", words.minutes)
register.filter("total_words", words.total)
register.filter("clock", words.clock)
register.filter("own_answer", words.own_answer)
register.filter("month_of", words.month_of)
register.filter("short_day", words.short_day)
register.filter("hours", words.hours)
