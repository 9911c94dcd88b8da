"""Who holds which seat, and how a space decides, on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from maillage.alliances.models import Alliance, Person
from maillage.alliances.rules import role_kinds
from maillage.concertation.governance.models import SeatHolder, SpaceSetting
from maillage.concertation.models import Seat, Space
from maillage.core.dates import holding, newest


def holders_of(space: Space, day: dt.date) -> QuerySet[SeatHolder]:
    """Holders and substitutes of the seats held in the space on ``day``, with seat, actor and person. One query."""
    return (
        SeatHolder.objects.at(day)
        .filter(holding(day, "seat__"), seat__space=space, person__erased_at=None)
        .select_related("seat__actor", "person__user")
        .order_by("seat__actor__sort_key", "seat_id", "part", "id")
    )


def seats_of_person(person: Person, day: dt.date) -> QuerySet[SeatHolder]:
    """What this person holds on ``day``, holder or substitute, in every space of the alliance that meets."""
    return (
        SeatHolder.objects.at(day)
        .filter(holding(day, "seat__"), holding(day, "seat__space__"), person=person)
        .select_related("seat__actor", "seat__space")
        .order_by("seat__space__sort_key", "seat_id", "part", "id")
    )


def person_of(user: Any, alliance: Alliance) -> Person | None:
    """The person this account is in the alliance. One query, kept for the request."""
    if user is None or not getattr(user, "is_authenticated", False):
        return None
    cache: dict[int, Person | None] = user.__dict__.setdefault("_maillage_person", {})
    if alliance.pk not in cache:
        cache[alliance.pk] = Person.objects.filter(alliance=alliance, user_id=user.pk, erased_at=None).first()
    return cache[alliance.pk]


def holds_seat(user: Any, space: Space, day: dt.date) -> bool:
    """Whether this account holds a seat of the space on ``day``, holder or substitute, while it has a role there.

    Ending someone's role does not end their seat: it shuts the door all the same.
    """
    if user is None or not getattr(user, "is_authenticated", False) or not role_kinds(user, space.alliance):
        return False
    return (
        SeatHolder.objects.at(day)
        .filter(holding(day, "seat__"), seat__space=space, person__user_id=user.pk, person__erased_at=None)
        .exists()
    )


def seats_held(space: Space, day: dt.date) -> QuerySet[Seat]:
    """The seats of the space held by an actor on ``day``, with the actor."""
    return Seat.objects.at(day).filter(space=space).select_related("actor")


def setting_of(space: Space, day: dt.date) -> SpaceSetting:
    """How the space works on ``day``; where nothing was written, a row that is not saved: consensus, no quorum."""
    found = SpaceSetting.objects.at(day).filter(space=space).order_by(*newest()).first()
    return found or SpaceSetting(space=space)


def quorum_of(setting: SpaceSetting, seats: int) -> int | None:
    """How many seats must be there, of so many held: a percentage is rounded up. ``None``: no quorum is asked."""
    asked = [setting.quorum] if setting.quorum else []
    if setting.quorum_percent:
        asked.append(-(-seats * setting.quorum_percent // 100))
    return max(asked) if asked else None
