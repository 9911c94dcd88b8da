"""What waits for someone about consultations, and the entries of the menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import NavigationItem, Todo
from maillage.participation.consultations.models import Asked, CodeVoid, Consultation

SHOWN = 5
SOON = dt.timedelta(days=7)
S = Consultation.State


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    url = reverse("participation_in:consultations", args=[scope.slug])
    yield NavigationItem(label=_("Consultations"), url=url, order=20)
    if viewer is not None and may(viewer, "participation.run", scope):
        yield NavigationItem(
            label=_("Consultations"), url=url, area="workspace", group=_("Tables and meetings"), order=60
        )


def _url(name: str, row: Consultation, scope: Alliance) -> str:
    return reverse(f"participation_in:{name}", args=[scope.slug, row.uuid])


@contributions.todo.register
def of_the_team(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Results to publish, feedback that people wait for, openings that are late. Three queries."""
    if viewer is None or not may(viewer, "participation.run", scope):
        return
    found = Consultation.objects.filter(alliance_id=scope.pk)
    begins = dt.datetime.combine(today, dt.time.min, tzinfo=scope.zone)
    due = found.filter(state=S.DRAFT, opens_at__lt=begins + SOON).order_by("opens_at", "pk")
    for row in due[:SHOWN]:
        yield Todo(
            title=_("Open the consultation: %(title)s") % {"title": row.title}, url=_url("steps", row, scope),
            action=_("Check, then open"), due=scope.today(row.opens_at), key=f"consultation-open-{row.uuid}",
        )  # fmt: skip
    over = found.filter(state=S.CLOSED, imported_from="").exclude(publish_asked_by=viewer)
    for row in over.order_by("closed_at", "pk")[:SHOWN]:
        asked = row.publish_asked_by_id is not None
        title = _("Confirm the results: %(title)s") if asked else _("Publish the results: %(title)s")
        yield Todo(
            title=title % {"title": row.title}, url=_url("consultation_publish", row, scope),
            action=_("Look, then confirm") if asked else _("Look at the results"),
            detail=_("Someone of the team asked: a second person is needed.") if asked else "",
            key=f"consultation-publish-{row.uuid}",
        )  # fmt: skip
    silent = found.filter(state=S.PUBLISHED, feedback="", imported_from="").order_by("published_at", "pk")
    for row in silent[:SHOWN]:
        yield Todo(
            title=_("Say what was done with: %(title)s") % {"title": row.title},
            url=_url("feedback", row, scope), action=_("Write the feedback"), due=row.decided_on,
            detail=_("People who answered wait for it."), key=f"consultation-feedback-{row.uuid}",
        )  # fmt: skip


@contributions.todo.register
def of_the_second(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Results, for whoever is not of the team; cancellings and voids: what waits for a second person. Four queries at
    most, and the rule."""
    if viewer is None or not viewer.is_authenticated:
        return
    team = may(viewer, "participation.run", scope)
    if not team:
        rows = Consultation.objects.filter(alliance_id=scope.pk, state=S.CLOSED).exclude(publish_asked_by=None)
        for row in rows.exclude(publish_asked_by=viewer).select_related("space").order_by("closed_at", "pk")[:SHOWN]:
            row.alliance = scope
            if may(viewer, "participation.second", row):
                yield Todo(
                    title=_("Confirm the results: %(title)s") % {"title": row.title},
                    url=_url("consultation_publish", row, scope), action=_("Look, then confirm"),
                    key=f"consultation-publish-{row.uuid}",
                )  # fmt: skip
    ending = Consultation.objects.filter(alliance_id=scope.pk, state__in=[S.OPEN, S.CLOSED]).exclude(
        cancel_asked_by=None
    )
    for row in ending.exclude(cancel_asked_by=viewer).select_related("space").order_by("pk")[:SHOWN]:
        row.alliance = scope
        if may(viewer, "participation.second", row):
            yield Todo(
                title=_("Confirm that it is cancelled: %(title)s") % {"title": row.title},
                url=_url("consultation_cancel", row, scope), action=_("Look, then confirm"),
                key=f"consultation-cancel-{row.uuid}",
            )  # fmt: skip
    yield from _asked(scope, viewer, team)
    voids = CodeVoid.objects.filter(consultation__alliance_id=scope.pk, consultation__state=S.OPEN, confirmed_at=None)
    others = voids.filter(Q(asked_by=None) | ~Q(asked_by=viewer))
    for void in others.select_related("consultation__space").order_by("pk")[:SHOWN]:
        void.consultation.alliance = scope
        if may(viewer, "participation.second", void.consultation):
            yield Todo(
                title=_("Confirm that a code is void: %(title)s") % {"title": void.consultation.title},
                url=_url("voids", void.consultation, scope), action=_("Look, then confirm"),
                key=f"consultation-void-{void.pk}",
            )  # fmt: skip


def _asked(scope: Alliance, viewer: Any, team: bool) -> Iterator[Todo]:
    """Acts under way that wait for a second person; for the team, codes agreed on and still to be printed."""
    waits = Q(state=Asked.State.WAITING) & (Q(asked_by=None) | ~Q(asked_by=viewer))
    wanted = waits | Q(state=Asked.State.AGREED) if team else waits
    rows = Asked.objects.filter(wanted, consultation__alliance_id=scope.pk, consultation__state=S.OPEN)
    for row in rows.select_related("consultation__space").order_by("consultation__closes_at", "pk")[:SHOWN]:
        found = row.consultation
        found.alliance = scope
        if not (team or may(viewer, "participation.second", found)):
            continue
        agreed = row.state == Asked.State.AGREED
        title = _("Print the codes agreed on: %(title)s") if agreed else _("Confirm, or not: %(title)s")
        yield Todo(
            title=title % {"title": found.title}, url=_url("access" if agreed else "asked", found, scope),
            action=_("Print them") if agreed else _("Look, then confirm"), detail=str(row.get_kind_display()),
            due=scope.today(found.closes_at) if found.closes_at else None, key=f"consultation-asked-{row.uuid}",
        )  # fmt: skip
