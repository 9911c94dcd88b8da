"""Everything that changes spaces and seats. The acting user is ``by``; every change is in the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance
from maillage.concertation import indexing
from maillage.concertation.governance.services import settings
from maillage.concertation.models import Seat, Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

EDITABLE = frozenset({"kind", "name", "short_name", "parent", "purpose", "external_id", "is_public", "since", "until"})
LOGGED = ("kind", "is_public", "since", "until", "parent_id")
"""Fields whose values go to the log; of the texts only the field's name is kept there."""


def _logged(row: Any, fields: Iterable[str] = LOGGED) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def _check_parent(space: Space) -> None:
    """A parent of the same alliance, and no circle."""
    above, seen = space.parent, {space.pk}
    if above is not None and above.alliance_id != space.alliance_id:
        raise ValidationError({"parent": _("Choose a space of the same alliance.")})
    while above is not None:
        if above.pk in seen and above.pk is not None:
            raise ValidationError({"parent": _("A space cannot be part of itself. Choose another one.")})
        seen.add(above.pk)
        above = above.parent


@transaction.atomic
def create_space(
    *,
    alliance: Alliance,
    name: str,
    by: Any,
    kind: str = Space.Kind.TABLE,
    short_name: str = "",
    purpose: str = "",
    parent: Space | None = None,
    external_id: str = "",
    is_public: bool = True,
    since: dt.date | None = None,
    until: dt.date | None = None,
    via: str = "web",
) -> Space:
    """Add a space to the alliance. Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value."""
    require(by, "concertation.edit", alliance)
    space = Space(
        alliance=alliance, name=name.strip(), kind=kind, short_name=short_name.strip(), purpose=purpose,
        parent=parent, external_id=external_id, is_public=is_public, since=since, until=until,
    )  # fmt: skip
    space.full_clean(exclude=["alliance", "parent"])
    _check_parent(space)
    space.save()
    settings.follow_parent(space=space, since=since)
    audit.record("concertation.space_created", space, by=by, alliance=alliance, after=_logged(space), via=via)
    indexing.put([space])
    return space


@transaction.atomic
def update_space(
    *, space: Space, changes: Mapping[str, Any], by: Any, via: str = "web", today: dt.date | None = None
) -> Space:
    """Change some of ``EDITABLE``. ``today`` dates a change of parent (today, in the alliance's time zone).

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value; ``KeyError`` for another field.
    """
    require(by, "concertation.edit", space)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    space = lock(space)
    before = _logged(space)
    different = sorted(name for name, value in changes.items() if getattr(space, name) != value)
    if not different:
        return space
    for name in different:
        setattr(space, name, changes[name])
    space.full_clean(exclude=["alliance", "parent"])
    _check_parent(space)
    space.save()
    if "parent" in different:
        settings.follow_parent(space=space, since=today or space.alliance.today())
    after = {name: value for name, value in _logged(space).items() if value != before[name]}
    audit.record(
        "concertation.space_updated", space, by=by, alliance=space.alliance, via=via,
        before={name: before[name] for name in after}, after=after | {"changed": different},
    )  # fmt: skip
    indexing.put([space])
    if {"is_public", "name"} & set(different):
        # What is public of its meetings and of their minutes follows.
        from maillage.concertation.meetings import indexing as of_meetings
        from maillage.concertation.minutes import indexing as of_minutes

        if "is_public" in different:
            # Those that are not public themselves stay as they are.
            meetings = list(space.meetings.filter(is_public=True).select_related("alliance", "space"))
            of_meetings.put(meetings)
            of_minutes.follow(meetings)
        if "name" in different:
            # Meetings are found by the name of their space; their points and minutes are not.
            of_meetings.put_alone(space.meetings.select_related("alliance", "space").order_by("pk"))
    return space


def end_space(*, space: Space, on: dt.date, by: Any, via: str = "web") -> Space:
    """The space meets no more from ``on``. Its seats count no more from that day, and stay in its history."""
    if space.since is not None and on < space.since:
        raise ValidationError(_("The end cannot come before the beginning."))
    return update_space(space=space, changes={"until": on}, by=by, via=via)


def _overlap(since: dt.date | None, until: dt.date | None) -> Q:
    condition = Q(until=None) | Q(until__gt=since) if since else Q()
    return condition & (Q(since=None) | Q(since__lt=until)) if until else condition


@transaction.atomic
def seat_actor(
    *,
    space: Space,
    actor: Actor,
    by: Any,
    since: dt.date | None = None,
    until: dt.date | None = None,
    category: str = "",
    via: str = "web",
) -> Seat:
    """Give the actor a seat in the space. ``since=None``: the beginning is unknown.

    Errors: ``PermissionDenied``; ``ValidationError`` for an actor of another alliance or absorbed by another,
    or where it already has a seat there in that time.
    """
    require(by, "concertation.edit", space)
    lock(space)
    if actor.alliance_id != space.alliance_id:
        raise ValidationError(_("This actor belongs to another alliance."))
    if actor.merged_into_id is not None:
        raise ValidationError(_("This actor was merged with another one. Choose the one that was kept."))
    if Seat.objects.filter(_overlap(since, until), space=space, actor=actor).exists():
        raise ValidationError(_("This actor already has a seat in this space."))
    seat = Seat(space=space, actor=actor, since=since, until=until, category=category.strip())
    seat.full_clean(exclude=["space", "actor"])
    seat.save()
    audit.record(
        "concertation.seat_given", seat, by=by, alliance=space.alliance, via=via,
        after=_logged(seat, ("space_id", "actor_id", "since", "until")),
    )  # fmt: skip
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, on: dt.date, by: Any, via: str = "web") -> Seat:
    """The actor leaves the space on ``on``; the seat stays in its history.

    Errors: ``PermissionDenied``; ``ValidationError`` where it would end before it began.
    """
    require(by, "concertation.edit", seat.space)
    seat = lock(seat)
    if seat.since is not None and on < seat.since:
        raise ValidationError(_("The end cannot come before the beginning."))
    before = _logged(seat, ("since", "until"))
    seat.until = on
    seat.save(update_fields=["until"])
    audit.record(
        "concertation.seat_ended", seat, by=by, alliance=seat.space.alliance, via=via,
        before=before, after=_logged(seat, ("since", "until")),
    )  # fmt: skip
    return seat
