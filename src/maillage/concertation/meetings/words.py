"""How dates, lengths and answers of meetings are said."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from maillage.concertation.meetings.selectors import Agenda
from maillage.concertation.models import Meeting
from maillage.core.formats import date, duration, time, weekday


def when(meeting: Meeting) -> str:
    """« jeudi 26 novembre 2026, de 13 h 30 à 15 h 30 », on the alliance's clocks."""
    zone = meeting.alliance.zone
    begins, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    values = {
        "weekday": weekday(begins.date()), "day": date(begins.date()), "begins": time(begins, zone),
        "last_weekday": weekday(ends.date()), "last_day": date(ends.date()), "ends": time(ends, zone),
    }  # fmt: skip
    if begins.date() == ends.date():
        return _("%(weekday)s %(day)s, from %(begins)s to %(ends)s") % values
    return _("from %(weekday)s %(day)s, %(begins)s, to %(last_weekday)s %(last_day)s, %(ends)s") % values


def day_of(meeting: Meeting) -> str:
    """« 26 novembre 2026 », where the alliance lives."""
    return date(meeting.day)


def clock(meeting: Meeting, after: int) -> str:
    """The hour it is, so many minutes after the beginning: « 13 h 45 »."""
    return time(meeting.starts_at + dt.timedelta(minutes=after), meeting.alliance.zone)


def minutes(count: int) -> str:
    """« 2 h 10 min »."""
    return duration(count * 60)


def total(agenda: Agenda) -> str:
    """What the lengths add up to, against the length of the meeting, in words."""
    if not agenda.minutes:
        return _("No length is written yet. The meeting lasts %(length)s.") % {"length": minutes(agenda.length)}
    values = {
        "total": minutes(agenda.minutes), "length": minutes(agenda.length), "gap": minutes(abs(agenda.over)),
    }  # fmt: skip
    if agenda.over > 0:
        return _("The points add up to %(total)s: %(gap)s more than the meeting, which lasts %(length)s.") % values
    if agenda.over < 0:
        return _("The points add up to %(total)s. The meeting lasts %(length)s: %(gap)s are left.") % values
    return _("The points add up to %(total)s, exactly the length of the meeting.") % values
