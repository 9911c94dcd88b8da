"""What the room brings to the memory: spaces that open, actors that join."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
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
    began = spaces.filter(since__lte=today).order_by("-since", "-id")[:limit]
    ended = spaces.filter(until__lte=today).order_by("-until", "-id")[:limit]
    told = [(space.since, _("%(name)s opens"), space) for space in began]
    told += [(space.until, _("%(name)s ends"), space) for space in ended]
    for day, words, space in told:
        assert day is not None
        space.alliance = scope
        yield TimelineEntry(on=day, title=words % {"name": space.name}, url=space.get_absolute_url(), kind="space")


@contributions.timeline.register
def arrivals(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """How many actors joined in each month. One query."""
    actors = Actor.objects.current().filter(alliance_id=scope.pk, since__lte=today)
    if not sees_all(viewer, scope):
        actors = actors.filter(is_public=True)
    months = actors.order_by().annotate(month=TruncMonth("since")).values("month").annotate(n=Count("pk"))
    for row in months.order_by("-month")[:limit]:
        words = ngettext("%(n)s actor joins the alliance", "%(n)s actors join the alliance", row["n"])
        yield TimelineEntry(on=row["month"], title=words % {"n": number(row["n"])}, kind="actors", precision="month")
