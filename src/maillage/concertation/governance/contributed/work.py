"""What waits for the agent, and the entries of the menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.vocabulary import type_words
from maillage.alliances.models import Alliance
from maillage.concertation.governance.holders import person_of, seats_of_person
from maillage.concertation.governance.selectors.conditions import promises_of, unnoted
from maillage.concertation.governance.selectors.seats import ending_soon, vacancies
from maillage.concertation.governance.selectors.turns import without_next
from maillage.concertation.models import Meeting
from maillage.concertation.selectors import spaces_of
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import NavigationItem, Panel, Todo
from maillage.core.formats import date, number

SHOWN = 3


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Vacant seats, mandates that end soon, turns without a next one, conditions to note: for the agent only.

    Nine queries at most.
    """
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
    for row in ending_soon(scope, today)[:SHOWN]:
        end = row.until or today
        yield Todo(
            title=_("A mandate at %(space)s ends on %(day)s") % {"space": row.seat.space.name, "day": date(end)},
            detail=row.seat.actor.name,
            due=row.until,
            url=reverse("concertation_in:holders", args=[scope.slug, row.seat.space.uuid]),
            action=_("Prepare what follows"),
            key=f"mandate-ends-{row.uuid}",
        )
    spaces = list(spaces_of(scope, today, everything=True))
    for space, turn in without_next(spaces, today)[:SHOWN]:
        yield Todo(
            title=_("%(space)s: nobody is written to lead next") % {"space": space.name},
            detail=turn.actor.name,
            due=turn.until,
            url=reverse("concertation_in:turns", args=[scope.slug, space.uuid]),
            action=_("Write who is next"),
            key=f"facilitation-next-{space.uuid}",
        )
    for meeting in unnoted(spaces, today)[:SHOWN]:
        yield Todo(
            title=_("%(space)s: were the conditions kept?") % {"space": meeting.space.name},
            detail=date(meeting.starts_at.astimezone(scope.zone).date()),
            url=reverse("concertation_in:conditions_kept", args=[scope.slug, meeting.uuid]),
            action=_("Note it"),
            key=f"conditions-unnoted-{meeting.uuid}",
        )


@contributions.panels.register
def kept_panel(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On a meeting's page, once it begins: what was kept of what its space promises, for whoever notes it."""
    if page != "meeting" or not isinstance(subject, Meeting) or viewer is None or subject.starts_at > timezone.now():
        return
    if not may(viewer, "concertation.note_conditions", subject) or not promises_of(subject.space, subject.day):
        return
    url = reverse("concertation_in:conditions_kept", args=[scope.slug, subject.uuid])
    yield Panel("meeting", "concertation/governance/panel_meeting.html", {"url": url}, order=45)


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """« Comment on décide » for anyone; one's own seats for whoever holds some. Two queries at most."""
    url = reverse("concertation_in:governance", args=[scope.slug])
    yield NavigationItem(_("How we decide"), url, area="public", order=33)
    if viewer is None or not viewer.is_authenticated:
        return
    if may(viewer, "concertation.edit", scope):
        yield NavigationItem(_("How we decide"), url, area="workspace", group=_("Tables and meetings"), order=33)
    person = person_of(viewer, scope)
    if person is not None and seats_of_person(person, today).exists():
        yield NavigationItem(
            _("My seats"), reverse("concertation_in:my_seats", args=[scope.slug]), area="footer", order=36
        )
