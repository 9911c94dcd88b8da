"""On the page of whoever is inside: their seats, and the meetings that come for them. Three queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from maillage.alliances.models import Alliance, Person
from maillage.concertation.governance.holders import seats_of_person
from maillage.concertation.meetings.selectors import meetings_of
from maillage.concertation.models import MeetingInvitation
from maillage.core import contributions
from maillage.core.contributions import Panel

SEATS_SHOWN = 30
MEETINGS_SHOWN = 8


@contributions.panels.register
def panels(scope: Alliance, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    if page != "member" or not isinstance(subject, Person):
        return
    seats = list(seats_of_person(subject, today)[:SEATS_SHOWN])
    asked = MeetingInvitation.objects.filter(person=subject)
    morning = dt.datetime.combine(today, dt.time(), tzinfo=scope.zone)
    expected = Q(space__in={holder.seat.space_id for holder in seats}) | Q(pk__in=asked.values("meeting"))
    coming = meetings_of(scope, viewer, today, since=morning, cancelled=False).filter(expected)
    meetings = list(coming.order_by("starts_at", "id")[:MEETINGS_SHOWN])
    answers = {row.meeting_id: row for row in asked.filter(meeting__in=meetings)}
    context = {
        "alliance": scope,
        "seats": seats,
        "meetings": [(meeting, answers.get(meeting.pk)) for meeting in meetings],
    }
    yield Panel("member", "concertation/panels/mine.html", context, order=10)
