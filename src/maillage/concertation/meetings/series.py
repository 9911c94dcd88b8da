"""Meetings that come back. Hours are local: a meeting at 13:30 stays at 13:30 across the change of hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.concertation.meetings import indexing
from maillage.concertation.meetings.invitations import tell_change
from maillage.concertation.meetings.services import Offers, create_meeting, instant
from maillage.concertation.models import Meeting, MeetingAccess, MeetingSeries, Space
from maillage.core import audit, search
from maillage.core.access import require
from maillage.core.dates import LAST
from maillage.core.locks import lock
from maillage.core.site import address as site_address

MOST = 60
"""Meetings made in one go."""
EDITABLE = frozenset({"title", "every", "since", "at", "minutes", "place", "online_url", "is_public", "access"})
_MONTHS = {MeetingSeries.Every.MONTH: 1, MeetingSeries.Every.QUARTER: 3}
_WEEKS = {MeetingSeries.Every.WEEK: 1, MeetingSeries.Every.FORTNIGHT: 2}


def same_weekday(first: dt.date, months: int) -> dt.date:
    """The same weekday of a month, so many months after ``first``: the second Thursday stays the second Thursday.

    A fifth one, which not every month has, is the last.
    """
    index = first.year * 12 + first.month - 1 + months
    start = dt.date(index // 12, index % 12 + 1, 1)
    earliest = start + dt.timedelta(days=(first.weekday() - start.weekday()) % 7)
    found = earliest + dt.timedelta(weeks=(first.day - 1) // 7)
    return found if found.month == start.month else found - dt.timedelta(weeks=1)


def days_of(every: str, first: dt.date) -> Iterator[dt.date]:
    """The days of a series that begins on ``first``, up to the last that may be written."""
    turn = 0
    while True:
        if every in _WEEKS:
            day = first + dt.timedelta(weeks=_WEEKS[MeetingSeries.Every(every)] * turn)
        else:
            day = same_weekday(first, _MONTHS[MeetingSeries.Every(every)] * turn)
        if day > LAST - dt.timedelta(days=62):
            return
        yield day
        turn += 1


def coming_days(series: MeetingSeries, since: dt.date, until: dt.date) -> list[dt.date]:
    """Its days from ``since`` to ``until`` (included), ``MOST`` at most, none once the series has ended."""
    assert series.since is not None
    found = (day for day in days_of(series.every, series.since) if day >= since)
    kept: list[dt.date] = []
    for day in islice(found, MOST):
        if day > until or (series.until is not None and day >= series.until):
            break
        kept.append(day)
    return kept


def times(series: MeetingSeries, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When the meeting of that day begins and ends: its length is real time, whatever the clocks do meanwhile."""
    begins = instant(day, series.at, series.space.alliance)
    return begins, begins + dt.timedelta(minutes=series.minutes)


@transaction.atomic
def create_series(
    *,
    space: Space,
    title: str,
    every: str,
    first: dt.date,
    at: dt.time,
    minutes: int,
    until: dt.date,
    by: Any,
    place: str = "",
    online_url: str = "",
    access: Offers = (),
    is_public: bool = True,
    via: str = "web",
) -> MeetingSeries:
    """A series that begins on ``first``, and its meetings up to ``until`` (included).

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value.
    """
    require(by, "concertation.organise_meeting", space)
    if until < first:
        raise ValidationError({"until": _("The last meeting cannot come before the first.")})
    series = MeetingSeries(
        space=space, title=title.strip(), every=every, since=first, at=at, minutes=minutes, place=place.strip(),
        online_url=online_url, is_public=is_public, access=[list(pair) for pair in access],
    )  # fmt: skip
    _check(series)
    series.save()
    audit.record(
        "concertation.series_created", series, by=by, alliance=space.alliance, via=via,
        after={"space_id": space.pk, "every": every, "since": first.isoformat(), "minutes": minutes},
    )  # fmt: skip
    _generate(series, first, until, by, via)
    return series


def _check(series: MeetingSeries) -> None:
    if not 5 <= series.minutes <= 1440:
        raise ValidationError({"minutes": _("A meeting of a series lasts from 5 minutes to 24 hours.")})
    series.full_clean(exclude=["space"])


@transaction.atomic
def generate(*, series: MeetingSeries, until: dt.date, by: Any, today: dt.date, via: str = "web") -> list[Meeting]:
    """Create the meetings that are missing from today to ``until`` (included); ``MOST`` at a time."""
    require(by, "concertation.organise_meeting", series.space)
    series = _locked(series)
    assert series.since is not None
    return _generate(series, max(today, series.since), until, by, via)


def _locked(series: MeetingSeries) -> MeetingSeries:
    space = series.space
    series = lock(series)
    series.space = space
    return series


def _generate(series: MeetingSeries, since: dt.date, until: dt.date, by: Any, via: str) -> list[Meeting]:
    taken = set(series.meetings.values_list("series_day", flat=True))  # type: ignore[attr-defined]
    made = []
    for day in coming_days(series, since, until):
        if day in taken:
            continue
        begins, ends = times(series, day)
        made.append(
            create_meeting(
                space=series.space,
                title=series.title,
                starts_at=begins,
                ends_at=ends,
                by=by,
                place=series.place,
                online_url=series.online_url,
                is_public=series.is_public,
                series=series,
                series_day=day,
                access=[(code, note) for code, note in series.access],
                via=via,
            )
        )
    return made


def untouched(series: MeetingSeries, now: dt.datetime) -> list[Meeting]:
    """Its meetings to come that nobody changed by hand, the first of them first."""
    found = Meeting.objects.filter(
        series=series, state=Meeting.State.PLANNED, by_hand=False, starts_at__gt=now
    ).select_related("space__alliance", "alliance")
    return list(found.order_by("starts_at", "pk"))


@transaction.atomic
def update_series(
    *, series: MeetingSeries, changes: Mapping[str, Any], by: Any, now: dt.datetime, site: str = "", via: str = "web"
) -> list[Meeting]:
    """Change a series, and its meetings to come that nobody changed by hand; returns those that changed.

    ``since`` is then the first day of its new rhythm: meetings to come move to its days one by one. What is past, held,
    cancelled or changed by hand stays. Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError``.
    """
    require(by, "concertation.organise_meeting", series.space)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    series = _locked(series)
    different = sorted(name for name, value in changes.items() if getattr(series, name) != value)
    if not different:
        return []
    for name in different:
        setattr(series, name, changes[name])
    _check(series)
    meetings = untouched(series, now)
    days = _new_days(series, meetings, now) if {"since", "every"} & set(different) else {}
    series.save()
    # Days are unique within a series: all are freed before any is taken.
    Meeting.objects.filter(pk__in=days).update(series_day=None)
    for meeting in meetings:
        _follow(meeting, series, days.get(meeting.pk, meeting.series_day), now, site or site_address())
    indexing.put(meetings)
    audit.record(
        "concertation.series_updated", series, by=by, alliance=series.space.alliance, via=via,
        after={"changed": different, "meetings": len(meetings)},
    )  # fmt: skip
    return meetings


def _new_days(series: MeetingSeries, meetings: list[Meeting], now: dt.datetime) -> dict[int, dt.date]:
    """The day that each meeting to come takes in the new rhythm; days that another meeting holds are left."""
    assert series.since is not None
    others = Meeting.objects.filter(series=series).exclude(pk__in=[meeting.pk for meeting in meetings])
    taken = set(others.values_list("series_day", flat=True))
    today = series.space.alliance.today(now)
    free = (day for day in days_of(series.every, series.since) if day > today and day not in taken)
    return {meeting.pk: day for meeting, day in zip(meetings, free, strict=False)}


def _follow(meeting: Meeting, series: MeetingSeries, day: dt.date | None, now: dt.datetime, site: str) -> None:
    """The meeting as its series now says."""
    assert day is not None
    before = (meeting.title, meeting.starts_at, meeting.ends_at, meeting.place, meeting.online_url)
    meeting.title, meeting.place, meeting.online_url = series.title, series.place, series.online_url
    meeting.is_public, meeting.series_day = series.is_public, day
    meeting.starts_at, meeting.ends_at = times(series, day)
    newer = before != (meeting.title, meeting.starts_at, meeting.ends_at, meeting.place, meeting.online_url)
    meeting.sequence += newer
    meeting.changed_at = now
    meeting.save()
    meeting.access.all().delete()
    MeetingAccess.objects.bulk_create(
        MeetingAccess(meeting=meeting, code=code, note=note) for code, note in series.access
    )
    if newer:
        tell_change(meeting=meeting, now=now, site=site, moved=meeting.starts_at != before[1])


@transaction.atomic
def end_series(
    *, series: MeetingSeries, on: dt.date, by: Any, now: dt.datetime, site: str = "", via: str = "web"
) -> tuple[list[Meeting], int]:
    """No meeting of the series from ``on``. Returns the meetings cancelled (people were invited, or an agenda was
    written) and how many others were simply taken away. Those changed by hand stay.

    Errors: ``PermissionDenied``; ``ValidationError`` before its beginning.
    """
    require(by, "concertation.organise_meeting", series.space)
    series = _locked(series)
    if series.since is not None and on < series.since:
        raise ValidationError({"on": _("The end cannot come before the beginning.")})
    series.until = on
    series.save(update_fields=["until"])
    cancelled, removed = [], 0
    for meeting in untouched(series, now):
        if meeting.series_day is None or meeting.series_day < on:
            continue
        if meeting.invitations.exists() or meeting.items.exists():
            meeting.state, meeting.changed_at = Meeting.State.CANCELLED, now
            meeting.sequence += 1
            meeting.save(update_fields=["state", "changed_at", "sequence"])
            tell_change(meeting=meeting, now=now, site=site or site_address(), moved=False)
            cancelled.append(meeting)
        else:
            search.remove(indexing.KIND, [meeting.pk])
            meeting.delete()
            removed += 1
    audit.record(
        "concertation.series_ended", series, by=by, alliance=series.space.alliance, via=via,
        after={"until": on.isoformat(), "cancelled": len(cancelled), "removed": removed},
    )  # fmt: skip
    return cancelled, removed
