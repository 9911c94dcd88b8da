"""What this part brings to the memory: charters adopted, citizens' seats added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.selectors import sees_all
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import Charter, SeatPlan
from maillage.core import contributions
from maillage.core.contributions import TimelineEntry
from maillage.core.dates import oldest
from maillage.core.formats import number


@contributions.timeline.register
def charters(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """The day each charter was adopted. One query."""
    rows = Charter.objects.filter(space__alliance=scope, adopted_on__lte=today).select_related("space")
    if not sees_all(viewer, scope):
        rows = rows.filter(space__is_public=True)
    for row in rows.order_by("-adopted_on", "-id")[:limit]:
        words = _("%(space)s adopts its charter") if row.number == 1 else _("%(space)s revises its charter")
        yield TimelineEntry(
            on=row.adopted_on or today,
            title=words % {"space": row.space.name},
            url=reverse("concertation_in:charter_version", args=[scope.slug, row.space.uuid, row.number]),
            kind="charter",
        )


@contributions.timeline.register
def citizens_seats(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """Each time a space kept more seats for citizens than before. One query."""
    rows = SeatPlan.objects.filter(space__alliance=scope, college=ActorType.CITIZENS).select_related("space")
    if not sees_all(viewer, scope):
        rows = rows.filter(space__is_public=True)
    before: dict[int, int] = {}
    told: list[TimelineEntry] = []
    for row in rows.order_by(*oldest()):
        space, added = row.space, row.seats - before.get(row.space_id, 0)
        at_first = row.space_id not in before and row.since == space.since
        before[row.space_id] = row.seats
        if row.since is None or row.since > today or added <= 0 or at_first:
            continue
        space.alliance = scope
        words = ngettext(
            "%(n)s more seat for citizens at %(space)s", "%(n)s more seats for citizens at %(space)s", added
        ) % {"n": number(added), "space": space.name}
        told.append(TimelineEntry(on=row.since, title=words, url=space.get_absolute_url(), kind="seats"))
    yield from sorted(told, key=lambda entry: entry.on, reverse=True)[:limit]
