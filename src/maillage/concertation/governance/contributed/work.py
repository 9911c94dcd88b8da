"""What waits for the agent, and the entries of the menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.vocabulary import type_words
from maillage.alliances.models import Alliance
from maillage.concertation.governance.selectors.seats import ending_soon, vacancies
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.core.formats import date, number

SHOWN = 3


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Vacant seats, mandates that end soon: for the agent only."""
    if viewer is None or not may(viewer, "concertation.edit", scope):
        return
    for space, college in vacancies(scope, today, everything=True)[:SHOWN]:
        words = ngettext("%(n)s vacant seat", "%(n)s vacant seats", college.vacant) % {"n": number(college.vacant)}
        yield Todo(
            title=_("%(space)s: %(seats)s") % {"space": space.name, "seats": words},
            detail=capital(type_words(college.code, 2)),
            url=reverse("concertation_in:holders", args=[scope.slug, space.uuid]),
            action=_("See the seats"),
            key=f"seat-vacant-{space.uuid}-{college.code}",
        )
    ending = list(ending_soon(scope, today)[:SHOWN])
    for row in ending:
        yield Todo(
            title=_("A mandate at %(space)s ends on %(day)s") % {"space": row.seat.space.name, "day": date(row.until)},
            detail=row.seat.actor.name,
            due=row.until,
            url=reverse("concertation_in:holders", args=[scope.slug, row.seat.space.uuid]),
            action=_("Prepare what follows"),
            key=f"mandate-ends-{row.uuid}",
        )
