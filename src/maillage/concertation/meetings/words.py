"""How dates, lengths and answers of meetings are said."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from maillage.concertation.meetings.selectors import Agenda
from maillage.concertation.models import Meeting, MeetingInvitation
from maillage.core.formats import date, duration, month, time, weekday


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


def month_of(meeting: Meeting) -> str:
    """« décembre 2026 »."""
    return month(meeting.day)


def short_day(meeting: Meeting) -> str:
    """« mardi 8 »."""
    return f"{weekday(meeting.day)}\N{NO-BREAK SPACE}{meeting.day.day}"


def hours(meeting: Meeting) -> str:
    """« 9 h à 12 h »."""
    zone = meeting.alliance.zone
    return _("%(begins)s to %(ends)s") % {
        "begins": time(meeting.starts_at, zone), "ends": time(meeting.ends_at, zone)
    }  # fmt: skip


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


def own_answer(invitation: MeetingInvitation) -> str:
    """What a person answered, as they say it: « Je viendrai »."""
    answers = MeetingInvitation.Answer
    if invitation.answer == answers.SUBSTITUTE:
        name = invitation.substitute.name if invitation.substitute else invitation.substitute_name
        if name:
            return _("%(name)s comes in my place") % {"name": name}
    return {
        answers.YES: _("I will come"),
        answers.ONLINE: _("I will come on line"),
        answers.NO: _("I will not come"),
        answers.SUBSTITUTE: _("Somebody comes in my place"),
    }.get(answers(invitation.answer), _("no answer yet"))
