"""Everything that changes meetings and their agenda. The acting user is ``by``; every change is in the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Stage
from maillage.concertation.meetings import indexing
from maillage.concertation.meetings.invitations import tell_change
from maillage.concertation.models import Facilitation, Meeting, MeetingAccess, MeetingSeries, Space
from maillage.concertation.vocabulary import Access
from maillage.core import audit
from maillage.core.access import require
from maillage.core.dates import FIRST, LAST
from maillage.core.locks import lock
from maillage.core.site import address as site_address

EDITABLE = frozenset(
    {"title", "starts_at", "ends_at", "place", "online_url", "introduction", "is_public", "facilitator", "stage"}
)
CALENDAR = frozenset({"title", "starts_at", "ends_at", "place", "online_url"})
"""What calendars must take: a change of one of these makes ``sequence`` grow."""
LONGEST = dt.timedelta(days=5)

Offers = Iterable[tuple[str, str]]
"""What a meeting offers: ``(code, details)``, codes of ``Access``."""


def instant(day: dt.date, at: dt.time, alliance: Alliance) -> dt.datetime:
    """The instant of this hour on the alliance's clocks. An hour that the change of hour skips comes an hour later;
    one that it gives twice is the first."""
    local = dt.datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=alliance.zone)
    return local.astimezone(dt.UTC)


def facilitator_on(space: Space, day: dt.date) -> Actor | None:
    """Whose turn it is to lead the meetings of the space that day."""
    turn = Facilitation.objects.at(day).filter(space=space).select_related("actor").order_by("-since", "-pk").first()
    return turn.actor if turn else None


def check_times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if not FIRST < starts_at.date() < LAST:
        raise ValidationError({"day": _("Check the year of this date.")})
    if ends_at <= starts_at:
        raise ValidationError({"ends": _("A meeting ends after it begins.")})
    if ends_at - starts_at > LONGEST:
        raise ValidationError({"ends": _("A meeting lasts five days at most. Make several meetings.")})


def _logged(meeting: Meeting) -> dict[str, Any]:
    return {
        "space_id": meeting.space_id, "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(), "is_public": meeting.is_public, "state": meeting.state,
        "facilitator_id": meeting.facilitator_id, "stage_id": meeting.stage_id,
    }  # fmt: skip


@transaction.atomic
def create_meeting(
    *,
    space: Space,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Any,
    place: str = "",
    online_url: str = "",
    introduction: str = "",
    is_public: bool = True,
    facilitator: Actor | None = None,
    stage: Stage | None = None,
    access: Offers = (),
    series: MeetingSeries | None = None,
    series_day: dt.date | None = None,
    via: str = "web",
) -> Meeting:
    """Add a meeting to the space. Without ``facilitator``, it is the actor whose turn it is that day.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value or an actor of another alliance.
    """
    require(by, "concertation.organise_meeting", space)
    check_times(starts_at, ends_at)
    meeting = Meeting(
        alliance=space.alliance, space=space, title=title.strip(), starts_at=starts_at, ends_at=ends_at,
        place=place.strip(), online_url=online_url, introduction=introduction, is_public=is_public,
        facilitator=facilitator, stage=stage, series=series, series_day=series_day,
    )  # fmt: skip
    if facilitator is None:
        meeting.facilitator = facilitator_on(space, meeting.day)
    _check_owners(meeting)
    meeting.full_clean(exclude=["alliance", "space", "facilitator", "stage", "series"], validate_constraints=False)
    meeting.save()
    _offer(meeting, access)
    audit.record(
        "concertation.meeting_created", meeting, by=by, alliance=meeting.alliance, after=_logged(meeting), via=via
    )
    indexing.put([meeting])
    return meeting


def _check_owners(meeting: Meeting) -> None:
    if meeting.facilitator is not None and meeting.facilitator.alliance_id != meeting.alliance_id:
        raise ValidationError({"facilitator": _("This actor belongs to another alliance.")})
    if meeting.stage is not None and meeting.stage.cycle.alliance_id != meeting.alliance_id:
        raise ValidationError({"stage": _("This stage belongs to another alliance.")})


def _offer(meeting: Meeting, offers: Offers) -> None:
    wanted = {code: note.strip() for code, note in offers}
    if unknown := set(wanted) - set(Access.values):
        raise KeyError(f"Not an access condition: {sorted(unknown)}")
    meeting.access.exclude(code__in=wanted).delete()
    for code, note in wanted.items():
        MeetingAccess.objects.update_or_create(meeting=meeting, code=code, defaults={"note": note[:300]})


@transaction.atomic
def update_meeting(
    *,
    meeting: Meeting,
    changes: Mapping[str, Any],
    by: Any,
    now: dt.datetime,
    access: Offers | None = None,
    site: str = "",
    via: str = "web",
) -> Meeting:
    """Change some of ``EDITABLE`` and, where given, what the meeting offers.

    A change of ``CALENDAR`` makes its calendar file newer, and is told to those invited (``site``: the address of the
    instance for their mail); a change of day or hour asks them to answer again. A meeting of a series is from then on
    left alone by changes of the series.

    Errors: ``PermissionDenied``; ``ValidationError``; ``KeyError`` for another field.
    """
    require(by, "concertation.organise_meeting", meeting)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    meeting = lock(meeting)
    if meeting.is_cancelled:
        raise ValidationError(_("This meeting is cancelled. Create another one."))
    before, began = _logged(meeting), meeting.starts_at
    different = sorted(name for name, value in changes.items() if getattr(meeting, name) != value)
    if access is not None:
        access = list(access)
        if sorted(meeting.access.values_list("code", "note")) != sorted(access):
            _offer(meeting, access)
            different.append("access")
    if not different:
        return meeting
    for name in set(different) - {"access"}:
        setattr(meeting, name, changes[name])
    check_times(meeting.starts_at, meeting.ends_at)
    _check_owners(meeting)
    meeting.full_clean(exclude=["alliance", "space", "facilitator", "stage", "series"], validate_constraints=False)
    if CALENDAR & set(different):
        meeting.sequence += 1
    meeting.changed_at = now
    meeting.by_hand = meeting.series_id is not None
    meeting.save()
    after = {name: value for name, value in _logged(meeting).items() if value != before[name]}
    audit.record(
        "concertation.meeting_updated", meeting, by=by, alliance=meeting.alliance, via=via,
        before={name: before[name] for name in after}, after=after | {"changed": different},
    )  # fmt: skip
    indexing.put([meeting])
    if "is_public" in different:
        from maillage.concertation.minutes.indexing import follow

        follow([meeting])
    if CALENDAR & set(different):
        tell_change(meeting=meeting, now=now, site=site or site_address(), moved=meeting.starts_at != began)
    return meeting


@transaction.atomic
def set_state(*, meeting: Meeting, state: str, by: Any, now: dt.datetime, via: str = "web") -> Meeting:
    """Planned → under way → held (and back to under way, by whoever noted it too soon). Cancelled is
    :func:`cancel_meeting`. Errors: ``PermissionDenied``; ``ValidationError`` for a step that does not exist."""
    require(by, "concertation.edit_meeting", meeting)
    meeting = lock(meeting)
    steps = {
        Meeting.State.PLANNED: {Meeting.State.OPEN, Meeting.State.HELD},
        Meeting.State.OPEN: {Meeting.State.PLANNED, Meeting.State.HELD},
        Meeting.State.HELD: {Meeting.State.OPEN},
    }
    if state == meeting.state:
        return meeting
    if state not in steps.get(Meeting.State(meeting.state), set()):
        raise ValidationError(_("This meeting is cancelled. Create another one."))
    before, meeting.state, meeting.changed_at = meeting.state, state, now
    meeting.save(update_fields=["state", "changed_at"])
    audit.record(
        "concertation.meeting_state", meeting, by=by, alliance=meeting.alliance, via=via,
        before={"state": before}, after={"state": state},
    )  # fmt: skip
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: Any, now: dt.datetime, site: str = "", via: str = "web") -> Meeting:
    """The meeting will not be held. Its page stays and says so; those invited are told.

    Errors: ``PermissionDenied``; ``ValidationError`` once it was held.
    """
    require(by, "concertation.organise_meeting", meeting)
    meeting = lock(meeting)
    if meeting.is_cancelled:
        return meeting
    if meeting.state != Meeting.State.PLANNED:
        raise ValidationError(_("This meeting has begun: it can no longer be cancelled."))
    meeting.state, meeting.changed_at = Meeting.State.CANCELLED, now
    meeting.sequence += 1
    meeting.by_hand = meeting.series_id is not None
    meeting.save(update_fields=["state", "changed_at", "sequence", "by_hand"])
    audit.record("concertation.meeting_cancelled", meeting, by=by, alliance=meeting.alliance, via=via)
    tell_change(meeting=meeting, now=now, site=site or site_address(), moved=False)
    return meeting
