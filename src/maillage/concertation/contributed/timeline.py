"""What the room brings to the memory: spaces that open, actors that join."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.models import Actor
from maillage.actors.selectors import sees_all
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.core import contributions
from maillage.core.contributions import TimelineEntry
from maillage.core.formats import number


@contributions.timeline.register
def openings(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """The day each space began and, where it did, ended."""
    spaces = Space.objects.filter(alliance_id=scope.pk)
    if not sees_all(viewer, scope):
        spaces = spaces.filter(is_public=True)
    told: list[tuple[dt.date | None, str, Space]] = []
    for space in spaces.filter(Q(since__lte=today) | Q(until__lte=today)):
        told += [(space.since, _("%(name)s opens"), space), (space.until, _("%(name)s ends"), space)]
    dated = [(day, words, space) for day, words, space in told if day is not None and day <= today]
    for day, words, space in sorted(dated, key=lambda line: line[0], reverse=True)[:limit]:
        space.alliance = scope
        yield TimelineEntry(on=day, title=words % {"name": space.name}, url=space.get_absolute_url(), kind="space")


@contributions.timeline.register
def arrivals(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """How many actors joined in each month. One query."""
    actors = Actor.objects.current().filter(alliance_id=scope.pk, since__lte=today)
    if not sees_all(viewer, scope):
        actors = actors.filter(is_public=True)
    months: Counter[dt.date] = Counter()
    # By day in the database, by month here: SQLite would cut every date to its month through Python.
    for day, count in actors.order_by().values_list("since").annotate(Count("pk")):
        months[day.replace(day=1)] += count
    for month, count in sorted(months.items(), reverse=True)[:limit]:
        words = ngettext("%(n)s actor joins the alliance", "%(n)s actors join the alliance", count)
        yield TimelineEntry(on=month, title=words % {"n": number(count)}, kind="actors", precision="month")
