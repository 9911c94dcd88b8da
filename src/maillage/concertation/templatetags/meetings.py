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
