"""How many seats each college has, and who holds them. In public the actor's name stands unless the person chose."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Mandate
from maillage.actors.services import give_mandate
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance, Person, Role
from maillage.alliances.services import add_person, grant_role
from maillage.concertation.governance.models import SeatHolder, SeatPlan
from maillage.concertation.governance.services.common import check_end, clean, logged, overlaps
from maillage.concertation.models import Seat, Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.dates import newest
from maillage.core.locks import lock

Part = SeatHolder.Part
ACTS = frozenset(set(Role.Kind.values) - {Role.Kind.OBSERVER, Role.Kind.EVALUATOR})
"""Roles that already let someone in as a member does."""


@transaction.atomic
def plan_seats(
    *, space: Space, college: str, seats: int, by: Any, since: dt.date | None, via: str = "web"
) -> SeatPlan | None:
    """From ``since`` on, the space keeps so many seats for this college; zero: none any more.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown college or a day before the last change.
    """
    require(by, "concertation.edit", space)
    lock(space)
    last = SeatPlan.objects.filter(space=space, college=college).order_by(*newest()).first()
    open_now = last is not None and last.until is None
    if (last is not None and open_now and last.seats == seats) or (not open_now and not seats):
        return last
    if last is not None and since is None:
        since = last.since
    latest = max((day for day in (last.since, last.until) if day), default=None) if last else None
    if latest is not None and since is not None and since < latest:
        raise ValidationError({"since": _("A later change is already written. Choose its day or a later one.")})
    before = {"seats": last.seats if last and open_now else 0}
    row: SeatPlan | None = None
    if last is not None and open_now and last.since == since and seats:
        row = last
        row.seats = seats
    else:
        if last is not None and open_now:
            last.until = since
            last.save(update_fields=["until"])
        if seats:
            row = SeatPlan(space=space, college=college, seats=seats, since=since)
    if row is not None:
        clean(row, "space")
        row.save()
    audit.record(
        "concertation.seats_planned", space, by=by, alliance=space.alliance, via=via, before=before,
        after={"college": college, "seats": seats, "since": since.isoformat() if since else None},
    )  # fmt: skip
    return row


def _person(alliance: Alliance, *, name: str, email: str, by: Any) -> Person:
    """The person known under this address, or someone new. The name alone never makes two people one."""
    email = email.strip().lower()
    known = Person.objects.filter(alliance=alliance, email__iexact=email, erased_at=None).order_by("pk").first()
    if email and known is not None:
        return known
    if not name.strip():
        raise ValidationError({"name": _("Give the name of the person, or choose someone already known.")})
    return add_person(alliance, by=by, name=name, email=email)


def _let_in(person: Person, *, by: Any, since: dt.date | None, today: dt.date) -> None:
    """Whoever holds a seat is a member of the alliance, so that they can be written to and answer."""
    roles = list(person.roles.all())
    if any(role.kind in ACTS and (role.until is None or role.until > today) for role in roles):
        return
    ended = [role.until for role in roles if role.kind == Role.Kind.MEMBER and role.until]
    grant_role(person, by=by, kind=Role.Kind.MEMBER, since=max([since or today, *ended]))


@transaction.atomic
def add_holder(
    *,
    seat: Seat,
    by: Any,
    today: dt.date,
    person: Person | None = None,
    name: str = "",
    email: str = "",
    part: str = Part.HOLDER,
    since: dt.date | None = None,
    until: dt.date | None = None,
    replaces: SeatHolder | None = None,
    via: str = "web",
) -> SeatHolder:
    """This person holds the seat, or takes the holder's place. Someone new is made known and becomes a member.

    Whoever sits for an organisation speaks for it: they may tell its ties and what it brings. Nobody speaks alone for
    a citizens' college.

    An organisation's seat has one holder at a time: ``replaces`` ends the present one. A citizens' college may have
    several. Errors: ``PermissionDenied``; ``ValidationError`` for a person of elsewhere, erased, or already there;
    where the seat is held.
    """
    space = seat.space
    require(by, "concertation.edit", space)
    lock(space)
    check_end(since, until)
    if seat.until is not None and (since or today) >= seat.until:
        raise ValidationError(_("This seat has ended. Give the actor a new one first."))
    if person is None:
        person = _person(space.alliance, name=name, email=email, by=by)
    if person.alliance_id != space.alliance_id:
        raise ValidationError({"person": _("This person belongs to another alliance.")})
    if person.erased_at is not None:
        raise ValidationError({"person": _("This person asked to be erased: nothing may be written about them.")})
    if replaces is not None:
        end_holder(holder=replaces, on=since or today, by=by, via=via)
    others = [row for row in SeatHolder.objects.filter(seat=seat) if overlaps(row, since, until)]
    if any(row.person_id == person.pk for row in others):
        raise ValidationError({"person": _("This person already has this seat, as holder or as substitute.")})
    several = seat.actor.type == ActorType.CITIZENS
    if part == Part.HOLDER and not several and any(row.part == Part.HOLDER for row in others):
        raise ValidationError({"part": _("This seat is already held. End that mandate, or say who is replaced.")})
    holder = SeatHolder(seat=seat, person=person, part=part, since=since, until=until)
    clean(holder, "seat", "person")
    holder.save()
    _let_in(person, by=by, since=since, today=today)
    if not several and not Mandate.objects.filter(actor=seat.actor, person=person, until=None).exists():
        give_mandate(actor=seat.actor, person=person, since=since, by=by, via=via)
    audit.record(
        "concertation.holder_added", holder, by=by, alliance=space.alliance, via=via,
        after=logged(holder, ("seat_id", "person_id", "part", "since", "until")),
    )  # fmt: skip
    return holder


@transaction.atomic
def end_holder(*, holder: SeatHolder, on: dt.date, by: Any, via: str = "web") -> SeatHolder:
    """From ``on``, the person no longer holds the seat. Their name leaves public pages the same day."""
    space = holder.seat.space
    require(by, "concertation.edit", space)
    holder = lock(holder)
    check_end(holder.since, on)
    if holder.until is not None and holder.until <= on:
        raise ValidationError(_("This mandate already ends before that day."))
    holder.until = on
    holder.save(update_fields=["until"])
    audit.record(
        "concertation.holder_ended", holder, by=by, alliance=space.alliance, via=via, after={"until": on.isoformat()}
    )
    return holder


@transaction.atomic
def choose_named(
    *, holder: SeatHolder, named: bool, by: Any, now: dt.datetime, person: Person | None = None, via: str = "web"
) -> SeatHolder:
    """The person chooses to be named in public for this seat, or takes it back. Nobody else may, the agent included.

    ``person`` with ``via="link"``: whoever came by their own personal address, without account.
    Errors: ``PermissionDenied``; ``ValidationError`` for a mandate that has ended.
    """
    if via == "link":
        if person is None or person.pk != holder.person_id:
            require(None, "concertation.name_oneself", holder)
    else:
        require(by, "concertation.name_oneself", holder)
    holder = lock(holder)
    alliance = holder.seat.space.alliance
    if named and not holder.holds(alliance.today(now)):
        raise ValidationError(_("You no longer hold this seat: nothing is shown for it."))
    if holder.named == named:
        return holder
    holder.named, holder.named_at = named, now
    holder.save(update_fields=["named", "named_at"])
    audit.record("concertation.holder_named", holder, by=by, alliance=alliance, via=via, after={"named": named})
    return holder
