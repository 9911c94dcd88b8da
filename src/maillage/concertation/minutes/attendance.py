"""Who is in the room: seats by tap, guests, citizens by number; how long each college spoke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.vocabulary import ActorType
from maillage.concertation.minutes.models import Attendance, SpeakingTime
from maillage.concertation.minutes.participation import record_participation
from maillage.concertation.models import Meeting, Seat
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock

PRESENT, SUBSTITUTE, ABSENT = "present", "substitute", "absent"
MOST_PEOPLE = 5000
MOST_SECONDS = 24 * 3600
MOST_GUESTS = 300


def _open(meeting: Meeting, by: Any) -> Meeting:
    require(by, "concertation.take_notes", meeting)
    alliance, space = meeting.alliance, meeting.space
    meeting = lock(meeting)
    meeting.alliance, meeting.space = alliance, space
    if meeting.is_cancelled:
        raise ValidationError(_("This meeting is cancelled: nobody can be noted present."))
    return meeting


def _written(meeting: Meeting, what: str, after: Mapping[str, Any], by: Any, via: str) -> None:
    audit.record(f"concertation.{what}", meeting, by=by, alliance=meeting.alliance, after=after, via=via)
    if meeting.state == Meeting.State.HELD:
        # Corrected after the meeting: the record of participation follows.
        record_participation(meeting=meeting, by=by, via=via)


@transaction.atomic
def set_attendance(
    *,
    meeting: Meeting,
    by: Any,
    now: dt.datetime,
    seats: Mapping[int, str] | None = None,
    people: Mapping[str, int] | None = None,
    via: str = "web",
) -> None:
    """Note seats present, present by their substitute, or absent; and people without names, by type of actor.

    Those left out stay as they were; the same said twice changes nothing. Errors: ``PermissionDenied``;
    ``ValidationError`` for a cancelled meeting, a seat not held that day, or a number of people out of bounds.
    """
    meeting = _open(meeting, by)
    changed = _seats(meeting, seats or {}, now) | _people(meeting, people or {}, now)
    if changed:
        _written(meeting, "attendance_noted", changed, by, via)


def _seats(meeting: Meeting, wanted: Mapping[int, str], now: dt.datetime) -> dict[str, Any]:
    if unknown := set(wanted.values()) - {PRESENT, SUBSTITUTE, ABSENT}:
        raise ValidationError(_("“%(value)s” is not an attendance."), params={"value": sorted(unknown)[0]})
    known = {row.seat_id: row for row in Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT)}
    held = Seat.objects.at(meeting.day).filter(space=meeting.space, pk__in=wanted).select_related("actor")
    seats = {seat.pk: seat for seat in held}
    changed: dict[str, Any] = {}
    for pk, state in wanted.items():
        row = known.get(pk)
        was = ABSENT if row is None else SUBSTITUTE if row.by_substitute else PRESENT
        if state == was:
            continue
        if row is not None and state == ABSENT:
            row.delete()
        elif row is not None:
            row.by_substitute = state == SUBSTITUTE
            row.save(update_fields=["by_substitute"])
        elif pk not in seats:
            raise ValidationError(_("This seat was not held on the day of the meeting."))
        else:
            actor = seats[pk].actor
            Attendance.objects.create(
                meeting=meeting, kind=Attendance.Kind.SEAT, seat=seats[pk], actor=actor, type=actor.type,
                by_substitute=state == SUBSTITUTE, at=now,
            )  # fmt: skip
        changed[f"seat:{pk}"] = state
    return changed


def _people(meeting: Meeting, wanted: Mapping[str, int], now: dt.datetime) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for code, count in wanted.items():
        if code not in ActorType.values:
            raise ValidationError(_("“%(value)s” is not a type of actor."), params={"value": code})
        if not 0 <= count <= MOST_PEOPLE:
            raise ValidationError(_("Write how many people were there: a whole number, up to 5,000."))
        row = Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.CITIZENS, type=code).first()
        if (row.people if row else 0) == count:
            continue
        if row is not None and count == 0:
            row.delete()
        elif row is not None:
            row.people = count
            row.save(update_fields=["people"])
        else:
            Attendance.objects.create(meeting=meeting, kind=Attendance.Kind.CITIZENS, type=code, people=count, at=now)
        changed[f"people:{code}"] = count
    return changed


@transaction.atomic
def add_guest(*, meeting: Meeting, label: str, type: str, by: Any, now: dt.datetime, via: str = "web") -> Attendance:
    """Note a guest. The name is private: deleted a year after the meeting.

    Errors: ``PermissionDenied``; ``ValidationError`` without a name, for an unknown type, or beyond 300 guests.
    """
    meeting = _open(meeting, by)
    if Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.GUEST).count() >= MOST_GUESTS:
        raise ValidationError(_("There are 300 guests already. Note the others by number, without names."))
    if not label.strip():
        raise ValidationError({"label": _("Write who the guest is, or note a number of people without names.")})
    guest = Attendance(meeting=meeting, kind=Attendance.Kind.GUEST, label=label.strip(), type=type, at=now)
    guest.full_clean(exclude=["meeting"], validate_constraints=False)
    guest.save()
    _written(meeting, "guest_noted", {"guest_id": guest.pk, "type": type}, by, via)
    return guest


@transaction.atomic
def remove_guest(*, guest: Attendance, by: Any, via: str = "web") -> None:
    """The guest was noted by mistake. Errors: ``PermissionDenied``."""
    meeting = _open(guest.meeting, by)
    pk, type_ = guest.pk, guest.type
    guest.delete()
    _written(meeting, "guest_removed", {"guest_id": pk, "type": type_}, by, via)


@transaction.atomic
def set_speaking(*, meeting: Meeting, seconds: Mapping[str, int], by: Any, via: str = "web") -> None:
    """How long each college spoke. Those left out stay as they were; 0 takes one off.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unknown college or more than a day.
    """
    meeting = _open(meeting, by)
    known = {row.college: row for row in SpeakingTime.objects.filter(meeting=meeting)}
    changed: dict[str, int] = {}
    for college, value in seconds.items():
        if college not in ActorType.values:
            raise ValidationError(_("“%(value)s” is not a type of actor."), params={"value": college})
        if not 0 <= value <= MOST_SECONDS:
            raise ValidationError(_("A college speaks a day at most."))
        row = known.get(college)
        if (row.seconds if row else 0) == value:
            continue
        if value == 0 and row is not None:
            row.delete()
        else:
            SpeakingTime.objects.update_or_create(meeting=meeting, college=college, defaults={"seconds": value})
        changed[college] = value
    if changed:
        audit.record("concertation.speaking_noted", meeting, by=by, alliance=meeting.alliance, after=changed, via=via)
