"""Who takes notes, who reads minutes, who asks for a correction."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import is_inside, is_open, oversees, steers
from maillage.concertation.models import AgendaItem, Facilitation, Meeting
from maillage.concertation.tasks.withheld import item_withheld


def meeting_of(obj: Any) -> Meeting | None:
    if isinstance(obj, Meeting):
        return obj
    if isinstance(obj, AgendaItem):
        return obj.meeting
    found: Meeting | None = getattr(obj, "meeting", None)
    return found


@rules.predicate
def leads_meeting(user: Any, obj: Any = None) -> bool:
    """Leads the space on the day of the meeting: the person of the facilitation, or of the actor that leads it."""
    meeting = meeting_of(obj)
    if meeting is None or user is None or not user.is_authenticated:
        return False
    cache: dict[int, bool] = user.__dict__.setdefault("_maillage_leads", {})
    if meeting.pk not in cache:
        cache[meeting.pk] = _leads(user, meeting)
    return cache[meeting.pk]


def _leads(user: Any, meeting: Meeting) -> bool:
    from maillage.concertation.governance.holders import holders_of

    day = meeting.alliance.today(meeting.starts_at)
    rows = Facilitation.objects.at(day).filter(space=meeting.space_id).values_list("actor_id", "person__user_id")
    if any(account == user.pk for _actor, account in rows):
        return True
    actors = {actor for actor, account in rows if account is None} | {meeting.facilitator_id} - {None}
    return bool(actors) and (
        holders_of(meeting.space, day).filter(seat__actor__in=actors, person__user_id=user.pk).exists()
    )


@rules.predicate
def item_is_left(user: Any, obj: Any = None) -> bool:
    """They withdrew from this agenda item, or from a decision taken on it."""
    return isinstance(obj, AgendaItem) and item_withheld(user, obj)


rules.add_perm("concertation.take_notes", (steers | leads_meeting) & ~item_is_left)
"""The room of a meeting (or one agenda item of it): attendance, notes, what is decided and given to do."""
rules.add_perm("concertation.read_minutes_inside", is_inside | oversees)
rules.add_perm("concertation.read_minutes", is_open | is_inside)
rules.add_perm("concertation.keep_minutes", steers)
"""Prepares, circulates, publishes; what the meeting approved is recorded."""
