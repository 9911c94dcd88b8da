"""What this part holds about people: to what they were invited, what they answered, what they need to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.concertation.models import MeetingInvitation
from maillage.core import contributions
from maillage.core.contributions import PersonalData

NEEDS_KEPT = dt.timedelta(days=30)
"""After the meeting: what people needed, and the names of those who came instead."""
ANSWERS_KEPT = dt.timedelta(days=3 * 366)
"""After the meeting: who was invited and what they answered."""


def export(person: Any) -> Mapping[str, Any]:
    """Every invitation, with its answer."""
    if not isinstance(person, Person | User):
        return {}
    rows = (
        MeetingInvitation.objects.filter(person__in=persons_of(person))
        .select_related("meeting__space__alliance", "seat__actor")
        .order_by("meeting__starts_at", "pk")
    )
    found = [
        {
            "alliance": row.meeting.space.alliance.name, "space": row.meeting.space.name,
            "meeting": row.meeting.title, "on": row.meeting.starts_at.isoformat(),
            "for": row.seat.actor.name if row.seat else "", "part": row.part, "answer": row.answer,
            "answered_at": row.answered_at.isoformat() if row.answered_at else None, "answered_by": row.answered_via,
            "who_comes_instead": row.substitute_name, "needs": row.needs,
        }
        for row in rows
    ]  # fmt: skip
    return {"meeting_invitations": found} if found else {}


def erase(person: Any) -> int:
    """A guest's invitation goes; at a seat, the answer stays for the counts, on a person without a name."""
    if not isinstance(person, Person | User):
        return 0
    people = persons_of(person)
    count: int = MeetingInvitation.objects.filter(person__in=people, seat=None).delete()[0]
    said = MeetingInvitation.objects.filter(person__in=people).exclude(needs="", substitute_name="")
    count += said.update(needs="", substitute_name="")
    return count + MeetingInvitation.objects.filter(substitute__in=people).update(substitute=None)


def purge(today: dt.date) -> int:
    """What people need leaves 30 days after the meeting; invitations three years after."""
    needed = MeetingInvitation.objects.filter(meeting__ends_at__date__lt=today - NEEDS_KEPT)
    count: int = needed.filter(~Q(needs="") | ~Q(substitute_name="")).update(needs="", substitute_name="")
    return count + MeetingInvitation.objects.filter(meeting__ends_at__date__lt=today - ANSWERS_KEPT).delete()[0]


contributions.personal_data.add(
    PersonalData(
        "concertation-meetings",
        _("Invite people to meetings, and make it possible for them to come"),
        export,
        erase,
        purge,
    )
)
