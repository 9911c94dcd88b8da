"""What this part holds about people: the seats they hold, the meetings they lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User
from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.concertation.governance.models import Facilitation, SeatHolder
from maillage.core import contributions
from maillage.core.contributions import PersonalData

YEARS = 7
"""How long after its end a mandate keeps the name of the person: two cycles of an alliance overlap it."""


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def export(person: Any) -> Mapping[str, Any]:
    """Seats held, with the choice to be named, and meetings led in turn."""
    if not isinstance(person, Person | User):
        return {}
    people = persons_of(person)
    held = SeatHolder.objects.filter(person__in=people).select_related("seat__space__alliance", "seat__actor")
    led = Facilitation.objects.filter(person__in=people).select_related("space__alliance", "actor")
    seats = [
        {
            "alliance": row.seat.space.alliance.name, "space": row.seat.space.name, "actor": row.seat.actor.name,
            "part": row.part, "since": _iso(row.since), "until": _iso(row.until), "named_in_public": row.named,
        }
        for row in held
    ]  # fmt: skip
    turns = [
        {
            "alliance": row.space.alliance.name, "space": row.space.name, "actor": row.actor.name,
            "since": _iso(row.since), "until": _iso(row.until),
        }
        for row in led
    ]  # fmt: skip
    return {"seats": seats, "facilitation": turns} if seats or turns else {}


def erase(person: Any) -> int:
    """The seats stay, the person leaves them: mandates are deleted, turns keep the actor only."""
    if not isinstance(person, Person | User):
        return 0
    people = persons_of(person)
    count: int = SeatHolder.objects.filter(person__in=people).delete()[0]
    return count + Facilitation.objects.filter(person__in=people).update(person=None)


def purge(today: dt.date) -> int:
    """Names leave mandates and turns ended for seven years."""
    limit = dt.date(today.year - YEARS, today.month, min(today.day, 28))
    count: int = SeatHolder.objects.filter(until__lt=limit).delete()[0]
    return count + Facilitation.objects.filter(until__lt=limit).exclude(person=None).update(person=None)


contributions.personal_data.add(
    PersonalData("concertation-governance", _("Know who holds each seat and invite them"), export, erase, purge)
)
