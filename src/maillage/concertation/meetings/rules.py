"""Who may see a meeting and its agenda, prepare it, and organise it."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.interests.selectors import must_not_read
from maillage.alliances.rules import is_inside, is_open, oversees, role_kinds, steers
from maillage.concertation.governance.holders import holds_seat, person_of
from maillage.concertation.meetings.selectors import standing
from maillage.concertation.models import (
    AgendaDocument,
    AgendaItem,
    Facilitation,
    Meeting,
    SeatHolder,
)
from maillage.core.dates import holding


def _meeting(obj: Any) -> Meeting | None:
    if isinstance(obj, AgendaItem):
        return obj.meeting
    return obj if isinstance(obj, Meeting) else None


@rules.predicate
def is_shown(user: Any, obj: Any = None) -> bool:
    """The meeting and its space are shown in public."""
    meeting = _meeting(obj)
    return meeting is not None and meeting.is_public and meeting.space.is_public


@rules.predicate
def is_expected(user: Any, obj: Any = None) -> bool:
    """Holds a seat of the space today or on the day of the meeting, or is invited: while they have a role here."""
    meeting = _meeting(obj)
    if meeting is None:
        return False
    person = person_of(user, meeting.alliance)
    if person is None or not role_kinds(user, meeting.alliance):
        return False
    days = {meeting.alliance.today(), meeting.day}
    return any(holds_seat(user, meeting.space, day) for day in sorted(days)) or (
        standing(meeting.alliance.today()).filter(meeting=meeting, person=person).exists()
    )


@rules.predicate
def leads(user: Any, obj: Any = None) -> bool:
    """Leads this meeting: holds the seat of the actor that does, or is the person named for the space in turn."""
    meeting = _meeting(obj)
    if meeting is None:
        return False
    person = person_of(user, meeting.alliance)
    if person is None or not role_kinds(user, meeting.alliance):
        return False
    today = meeting.alliance.today()
    if meeting.facilitator_id is not None:
        held = SeatHolder.objects.at(today).filter(
            holding(today, "seat__"), person=person, seat__space=meeting.space_id, seat__actor=meeting.facilitator_id
        )
        return held.exists()
    return Facilitation.objects.at(today).filter(space=meeting.space_id, person=person).exists()


@rules.predicate
def is_public_item(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, AgendaItem) and obj.is_public


@rules.predicate
def has_left(user: Any, obj: Any = None) -> bool:
    """Withdrew from this item for a conflict of interest, or from what it goes with."""
    return isinstance(obj, AgendaItem) and must_not_read(user, obj.reference)


@rules.predicate
def reads_document(user: Any, obj: Any = None) -> bool:
    """May read the document of a point: whoever is expected at the meeting, unless they withdrew from the point."""
    sent = AgendaDocument.objects.filter(document=obj.pk).select_related("item__meeting__space__alliance").first()
    if sent is None:
        return False
    item = sent.item
    item.meeting.alliance = item.meeting.space.alliance
    return bool((sees_inside & ~has_left).test(user, item))


sees_inside = is_expected | steers | oversees
"""Sees what is not public of a meeting: its private items, its documents."""
sees = (is_shown & (is_open | is_inside)) | sees_inside

rules.add_perm("concertation.view_meeting", sees)
rules.add_perm("concertation.view_meeting_inside", sees_inside)
rules.add_perm("concertation.view_agenda_item", ~has_left & ((is_public_item & sees) | sees_inside))
rules.add_perm("concertation.read_agenda_document", reads_document)
"""A file sent ahead; object: the document."""
rules.add_perm("concertation.edit_meeting", steers | leads)
"""Prepares the agenda; takes part in writing the meeting up."""
rules.add_perm("concertation.organise_meeting", steers)
"""Creates, moves, cancels; invites; reads who answered and what people need.
Object: the alliance, a space or a meeting."""
