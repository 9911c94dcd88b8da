"""The groups of readers that search knows here: for whom what is not public is kept, and who belongs to them.

What these groups find must be what the pages show them: decisions as ``decisions.selectors.decisions_for``, meetings as
``meetings.selectors.visible``. Groups are asked of the database at each search: whoever leaves a seat finds no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from maillage.alliances.models import Alliance
from maillage.alliances.rules import oversees, role_kinds, steers
from maillage.concertation.meetings.selectors import standing
from maillage.concertation.models import Decision, Facilitation, Meeting, SeatHolder
from maillage.core import contributions
from maillage.core.dates import holding


def of_decision(decision: Decision) -> tuple[str, ...]:
    """Who reads a decision before it is published."""
    return (f"team:{decision.alliance_id}", f"space:{decision.space_id}", f"led:{decision.space_id}")


def of_meeting(meeting: Meeting) -> tuple[str, ...]:
    """Who knows of a meeting that is not public, and of what is not public in its agenda."""
    return (f"team:{meeting.alliance_id}", f"space:{meeting.space_id}", f"guest:{meeting.pk}")


@contributions.reader_groups.register
def groups(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[str]:
    """Those who steer or oversee read everything; a member, the spaces where they sit or that they lead, and the
    meetings of other spaces to which they are invited. Three queries at most."""
    if not role_kinds(viewer, scope):
        return
    if steers.test(viewer, scope) or oversees.test(viewer, scope):
        yield f"team:{scope.pk}"
        return
    held = SeatHolder.objects.at(today).filter(
        holding(today, "seat__"), seat__space__alliance=scope, person__user_id=viewer.pk, person__erased_at=None
    )
    spaces = sorted(set(held.order_by().values_list("seat__space", flat=True)))
    yield from (f"space:{space}" for space in spaces)
    led = Facilitation.objects.at(today).filter(
        space__alliance=scope, person__user_id=viewer.pk, person__erased_at=None
    )
    yield from (f"led:{space}" for space in sorted(set(led.order_by().values_list("space", flat=True))))
    invited = standing(today).filter(
        meeting__alliance=scope, person__user_id=viewer.pk, person__erased_at=None
    ).exclude(meeting__space__in=spaces)  # fmt: skip
    # The latest: a few words of a query, not the history of a life of meetings.
    yield from (
        f"guest:{pk}" for pk in invited.order_by("-meeting__starts_at", "-pk").values_list("meeting", flat=True)[:50]
    )
