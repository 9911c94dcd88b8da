"""Who takes notes, who reads minutes, who keeps them."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import has_no_more_role, oversees, steers
from maillage.concertation.meetings.rules import is_expected, leads, sees
from maillage.concertation.models import AgendaItem, Attendance, Meeting
from maillage.concertation.tasks.withheld import item_withheld


def meeting_of(obj: Any) -> Meeting | None:
    """The meeting of an agenda item, of minutes, of one of their items."""
    if obj is None or isinstance(obj, Meeting):
        return obj
    found: Meeting | None = getattr(obj, "meeting", None) or meeting_of(
        getattr(obj, "item", None) or getattr(obj, "minutes", None)
    )
    return found


def of_meeting(predicate: rules.Predicate) -> rules.Predicate:
    """The predicate asked of the meeting that the object belongs to."""

    @rules.predicate(name=f"meeting:{predicate.name}")
    def asked(user: Any, obj: Any = None) -> bool:
        return bool(predicate.test(user, meeting_of(obj)))

    return asked


steers_it = steers | of_meeting(steers)
"""Steers the alliance of a meeting, of its minutes, of one of their points."""


@rules.predicate
def item_is_left(user: Any, obj: Any = None) -> bool:
    """They withdrew from this agenda item, or from a decision taken on it."""
    item = obj if isinstance(obj, AgendaItem) else getattr(obj, "item", None)
    return isinstance(item, AgendaItem) and item_withheld(user, item)


@rules.predicate
def was_there(user: Any, obj: Any = None) -> bool:
    """Held that day a seat that was noted present, unless their role here ended."""
    meeting = meeting_of(obj)
    if meeting is None or user is None or not user.is_authenticated or has_no_more_role(user, meeting.alliance):
        return False
    from maillage.concertation.governance.holders import holders_of

    seats = Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT).values("seat")
    return holders_of(meeting.space, meeting.day).filter(person__user_id=user.pk, seat__in=seats).exists()


rules.add_perm("concertation.take_notes", (steers_it | of_meeting(leads)) & ~item_is_left)
"""The room of a meeting (or one agenda item of it): attendance, notes, what is decided and given to do."""
rules.add_perm("concertation.read_minutes", of_meeting(sees))
"""The page of the minutes: what is public of them."""
rules.add_perm("concertation.read_minutes_inside", of_meeting(is_expected) | steers_it | oversees)
"""All of the minutes, but the items one withdrew from."""
rules.add_perm("concertation.amend_minutes", (steers_it | was_there | of_meeting(leads)) & ~item_is_left)
"""Asks for a correction, and reads those of others: those who were there."""
rules.add_perm("concertation.keep_minutes", (steers_it | of_meeting(leads)) & ~item_is_left)
"""Prepares, corrects, circulates, answers corrections."""
rules.add_perm("concertation.publish_minutes", steers_it)
"""Records that a meeting approved them, and chooses what is public."""
