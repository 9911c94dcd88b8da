"""Reads of meetings, agendas and invitations. Each takes the viewer, and leaves out what they may not see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.actors.interests.selectors import references_left, references_withdrawn
from maillage.actors.selectors import sees_all
from maillage.alliances.models import Alliance
from maillage.alliances.rules import role_kinds
from maillage.concertation.governance.holders import person_of
from maillage.concertation.models import (
    AgendaItem,
    Meeting,
    MeetingInvitation,
    SeatHolder,
    Space,
)
from maillage.core.access import may
from maillage.core.dates import holding


def standing(today: dt.date) -> QuerySet[MeetingInvitation]:
    """The invitations that hold: guests, and those who still hold the seat they were invited for (or will)."""
    held = SeatHolder.objects.filter(
        Q(until=None) | Q(until__gt=today), seat=OuterRef("seat"), person=OuterRef("person")
    )
    return MeetingInvitation.objects.filter(Q(seat=None) | Exists(held))


def visible(alliance: Alliance, viewer: Any, today: dt.date) -> Q:
    """Which meetings of the alliance this reader may know of. Two queries at most to make it."""
    shown = Q(is_public=True, space__is_public=True)
    if viewer is None or not getattr(viewer, "is_authenticated", False):
        return shown
    if sees_all(viewer, alliance):
        return Q()
    person = person_of(viewer, alliance)
    if person is None or not role_kinds(viewer, alliance):
        return shown
    held = SeatHolder.objects.at(today).filter(holding(today, "seat__"), person=person).values("seat__space")
    invited_to = standing(today).filter(person=person).values("meeting")
    return shown | Q(space__in=held) | Q(pk__in=invited_to)


def meetings_of(
    owner: Space | Alliance, viewer: Any, today: dt.date, *, since: dt.datetime | None = None,
    until: dt.datetime | None = None, cancelled: bool = True,
) -> QuerySet[Meeting]:  # fmt: skip
    """The meetings of a space or of the alliance that ``viewer`` may know of, the latest first, with their space.

    ``since`` and ``until``: those that end after and begin before these instants.
    """
    alliance = owner if isinstance(owner, Alliance) else owner.alliance
    found = Meeting.objects.filter(visible(alliance, viewer, today), alliance=alliance).select_related("space")
    if isinstance(owner, Space):
        found = found.filter(space=owner)
    if since is not None:
        found = found.filter(ends_at__gt=since)
    if until is not None:
        found = found.filter(starts_at__lt=until)
    return found if cancelled else found.exclude(state=Meeting.State.CANCELLED)


@dataclass(frozen=True)
class AgendaLine:
    """A line of the agenda as one reader may see it. ``item`` is ``None`` where they must not read it."""

    number: int
    item: AgendaItem | None
    begins: int | None = None
    """Minutes after the beginning of the meeting, while every length before is known."""
    asked: AgendaItem | None = None
    """The item, for its title only, where they did not withdraw: they were found in a conflict and answer first."""

    @property
    def left(self) -> bool:
        return self.item is None


@dataclass
class Agenda:
    """The agenda of a meeting as one reader may see it."""

    lines: list[AgendaLine] = field(default_factory=list)
    minutes: int = 0
    """What the lengths add up to, every item included."""
    without_length: int = 0
    hidden: int = 0
    """Items that are not shown to the public, where the reader is the public."""
    length: int = 0
    """Of the meeting, in minutes."""

    @property
    def items(self) -> list[AgendaItem]:
        return [line.item for line in self.lines if line.item is not None]

    @property
    def over(self) -> int:
        """How many minutes too many; negative: that many are left."""
        return self.minutes - self.length


def agenda_of(meeting: Meeting, viewer: Any) -> Agenda:
    """The agenda as ``viewer`` may see it: public items for the public, nothing of what they must not read."""
    items = list(
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("presenter")
        .prefetch_related("documents__document")
        .order_by("position", "pk")
    )
    inside = may(viewer, "concertation.view_meeting_inside", meeting)
    left, withdrawn = references_left(viewer), references_withdrawn(viewer)
    agenda = Agenda(length=round((meeting.ends_at - meeting.starts_at).total_seconds() / 60))
    clock: int | None = 0
    for number, item in enumerate(items, 1):
        item.meeting = meeting
        if item.reference in left:
            asked = item if (inside or item.is_public) and item.reference not in withdrawn else None
            agenda.lines.append(AgendaLine(number, None, clock, asked))
        elif inside or item.is_public:
            agenda.lines.append(AgendaLine(number, item, clock))
        else:
            agenda.hidden += 1
        agenda.minutes += item.length or 0
        agenda.without_length += item.length is None
        clock = clock + item.length if clock is not None and item.length is not None else None
    return agenda


def invited(meeting: Meeting) -> QuerySet[MeetingInvitation]:
    """Who is invited, with person, seat, actor and substitute: for whoever organises. One query."""
    return (
        MeetingInvitation.objects.filter(meeting=meeting)
        .select_related("person", "seat__actor", "substitute")
        .order_by("seat__actor__sort_key", "seat_id", "part", "person__sort_key", "pk")
    )
