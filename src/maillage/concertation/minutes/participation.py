"""From attendance to the record of participation: by stage and by type of actor, never by person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction

from maillage.actors.models import Participation
from maillage.alliances.models import Alliance, Stage
from maillage.concertation.minutes.models import Attendance
from maillage.concertation.models import Meeting
from maillage.core import audit
from maillage.core.locks import lock


def stage_on(alliance: Alliance, day: dt.date) -> Stage | None:
    """The stage of the alliance on a day: the one that began last among those that hold; else the active one."""
    stages = Stage.objects.filter(cycle__alliance=alliance).select_related("cycle")
    dated = stages.exclude(since=None).at(day).order_by("-since", "position", "pk").first()
    return dated or stages.filter(state=Stage.State.ACTIVE, since=None).order_by("position", "pk").first()


Line = tuple[int | None, str]
"""The actor (``None``: people without names), and the type."""


def present(meeting: Meeting) -> Counter[Line]:
    """How many seats of each actor, and how many people of each type without a seat, were there. One query."""
    found: Counter[Line] = Counter()
    rows = Attendance.objects.filter(meeting=meeting).order_by()
    for kind, actor, type_, people in rows.values_list("kind", "actor", "type", "people"):
        found[(actor if kind == Attendance.Kind.SEAT else None, type_)] += people
    return found


@transaction.atomic
def record_participation(*, meeting: Meeting, by: Any, via: str = "web") -> int:
    """Write what the attendance says into the record of participation, at the meeting's stage. The same attendance
    gives the same record, however many times; a corrected one corrects it. The caller has asked the rule.

    Returns how many lines changed.
    """
    alliance, space = meeting.alliance, meeting.space
    meeting = lock(meeting)
    meeting.alliance, meeting.space = alliance, space
    stage = meeting.stage or stage_on(alliance, meeting.day)
    wanted = present(meeting) if meeting.state == Meeting.State.HELD else Counter()
    changed = 0
    known: dict[Line, Participation] = {}
    for row in Participation.objects.filter(reference=meeting.reference, alliance=alliance):
        line = (row.actor_id, row.type)
        if line not in wanted:
            row.delete()
            changed += 1
        else:
            known[line] = row
    for line, people in sorted(wanted.items(), key=lambda pair: (pair[0][1], pair[0][0] or 0)):
        row = known.get(line) or Participation(
            alliance=alliance, reference=meeting.reference, actor_id=line[0], type=line[1], people=0, on=meeting.day
        )
        if (row.people, row.stage_id, row.on) != (people, stage.pk if stage else None, meeting.day):
            row.people, row.stage, row.on = people, stage, meeting.day
            row.save()
            changed += 1
    if changed:
        audit.record(
            "concertation.participation_recorded", meeting, by=by, alliance=alliance, via=via,
            after={"lines": len(wanted), "stage_id": stage.pk if stage else None},
        )  # fmt: skip
    return changed
