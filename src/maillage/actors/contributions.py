"""What the actors give to the pages of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from maillage.actors.models import Actor
from maillage.core import contributions
from maillage.core.contributions import Composition


@contributions.composition.register
def composition(scope: Any, viewer: Any, today: dt.date) -> Iterator[Composition]:
    """How many actors of each type the alliance shows in public today: one query."""
    shown = Actor.objects.current().at(today).filter(alliance_id=scope.pk, is_public=True)
    for code, count in shown.order_by("type").values_list("type").annotate(Count("pk")):
        yield Composition(type_code=code, count=count)
