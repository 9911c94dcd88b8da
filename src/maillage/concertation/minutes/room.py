"""What the page of the room does besides notes: begin and end, capture a decision, a task."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.interests.selectors import has_withdrawn
from maillage.actors.models import Actor
from maillage.actors.vocabulary import TYPE_ORDER
from maillage.concertation.governance.holders import holders_of
from maillage.concertation.meetings.services import set_state
from maillage.concertation.minutes import attendance as presence
from maillage.concertation.minutes.models import Attendance, Note, NoteVersion, SpeakingTime
from maillage.concertation.minutes.notes import waiting
from maillage.concertation.minutes.participation import record_participation
from maillage.concertation.models import AgendaItem, Decision, Meeting, Seat, SeatHolder, Task
from maillage.concertation.tasks.services import add_task
from maillage.concertation.tasks.withheld import items_withheld
from maillage.core.access import require


@transaction.atomic
def begin(*, meeting: Meeting, by: Any, now: dt.datetime, via: str = "web") -> Meeting:
    """The meeting is under way (again). Errors: as for ``meetings.services.set_state``."""
    return set_state(meeting=meeting, state=Meeting.State.OPEN, by=by, now=now, via=via)


@transaction.atomic
def end(*, meeting: Meeting, by: Any, now: dt.datetime, via: str = "web") -> Meeting:
    """The meeting is over: its attendance enters the record of participation. Asked twice, it is done once."""
    alliance, space = meeting.alliance, meeting.space
    meeting = set_state(meeting=meeting, state=Meeting.State.HELD, by=by, now=now, via=via)
    meeting.alliance, meeting.space = alliance, space
    record_participation(meeting=meeting, by=by, via=via)
    return meeting


@transaction.atomic
def capture_task(
    *,
    item: AgendaItem,
    title: str,
    by: Any,
    owner: Actor | None = None,
    due_on: dt.date | None = None,
    via: str = "web",
) -> Task:
    """A task given in the meeting. Errors: ``PermissionDenied``; ``ValidationError`` for an empty title."""
    require(by, "concertation.take_notes", item)
    return add_task(
        alliance=item.meeting.alliance, space=item.meeting.space, title=title, owner_actor=owner, due_on=due_on,
        agenda_item=item, by=by, via=via,
    )  # fmt: skip


@transaction.atomic
def capture_decision(
    *, item: AgendaItem, title: str, text: str, by: Any, now: dt.datetime, via: str = "web"
) -> Decision:
    """A proposal heard in the meeting, kept in preparation on its agenda item.

    Errors: ``PermissionDenied``; ``ValidationError`` for an empty title.
    """
    require(by, "concertation.take_notes", item)
    if not title.strip():
        raise ValidationError({"title": _("Write what was decided, in a few words.")})
    from maillage.concertation.decisions.services import create_decision

    return create_decision(
        space=item.meeting.space, title=title.strip()[:200], text=text.strip() or title.strip(), agenda_item=item,
        by=by, now=now, via=via,
    )  # fmt: skip


@dataclass
class SeatLine:
    """A seat of the meeting's space, who holds it, and whether it is there."""

    seat: Seat
    holders: list[SeatHolder] = field(default_factory=list)
    state: str = presence.ABSENT

    @property
    def name(self) -> str:
        return ", ".join(row.person.name for row in self.holders if row.part == SeatHolder.Part.HOLDER)

    @property
    def substitutes(self) -> str:
        """Those who may take the place of an absent holder, where some are known."""
        return ", ".join(row.person.name for row in self.holders if row.part == SeatHolder.Part.SUBSTITUTE)


@dataclass
class ItemLine:
    """An agenda item as the person who takes notes sees it. ``item`` is ``None`` where they must not read it."""

    number: int
    item: AgendaItem | None
    note: Note | None = None
    beside: list[NoteVersion] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    asked: AgendaItem | None = None
    """The item, for its title only, where they answer first whether they are in conflict of interest."""


def seat_lines(meeting: Meeting) -> list[SeatLine]:
    """The seats held on the day of the meeting, by type then name, with attendance. Three queries."""
    seats = Seat.objects.at(meeting.day).filter(space=meeting.space).select_related("actor")
    lines = {seat.pk: SeatLine(seat) for seat in seats}
    for holder in holders_of(meeting.space, meeting.day):
        if holder.seat_id in lines:
            lines[holder.seat_id].holders.append(holder)
    noted = Attendance.objects.filter(meeting=meeting, kind=Attendance.Kind.SEAT).select_related("seat__actor")
    for row in noted:
        line = lines.setdefault(row.seat_id or 0, SeatLine(row.seat))  # type: ignore[arg-type]
        line.state = presence.SUBSTITUTE if row.by_substitute else presence.PRESENT
    return sorted(
        lines.values(), key=lambda line: (TYPE_ORDER[line.seat.actor.type], line.seat.actor.sort_key, line.seat.pk)
    )


def item_lines(meeting: Meeting, viewer: Any) -> list[ItemLine]:
    """The agenda with its notes, what waits beside them, decisions and tasks. A bounded number of queries."""
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
    hidden = items_withheld(viewer, items)
    notes = {note.item_id: note for note in Note.objects.filter(item__meeting=meeting)}
    beside = waiting(meeting)
    decisions: dict[int, list[Decision]] = {}
    for decision in Decision.objects.filter(agenda_item__meeting=meeting).order_by("pk"):
        decisions.setdefault(decision.agenda_item_id or 0, []).append(decision)
    tasks: dict[int, list[Task]] = {}
    for task in Task.objects.filter(agenda_item__meeting=meeting).select_related("owner_actor").order_by("pk"):
        task.alliance = meeting.alliance
        tasks.setdefault(task.agenda_item_id or 0, []).append(task)
    lines = []
    for number, item in enumerate(items, 1):
        item.meeting = meeting
        if item.pk in hidden:
            asked = None if has_withdrawn(viewer, item.reference) else item
            lines.append(ItemLine(number, None, asked=asked))
            continue
        taken = (notes.get(item.pk), beside.get(item.pk, []), decisions.get(item.pk, []), tasks.get(item.pk, []))
        lines.append(ItemLine(number, item, *taken))
    return lines


def speaking_of(meeting: Meeting) -> dict[str, int]:
    """Seconds by college."""
    return dict(SpeakingTime.objects.filter(meeting=meeting).values_list("college", "seconds"))
