"""What waits for the people who run an alliance, computed from what exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, Deliverable, Invitation, Role, Stage
from maillage.alliances.rules import role_kinds
from maillage.alliances.selectors.periods import Period, current_period
from maillage.core import formats
from maillage.core.access import may
from maillage.core.contributions import Todo
from maillage.core.dates import holding

DAY = dt.timedelta(days=1)
SOON = dt.timedelta(days=14)
ROLE_NOTICE = dt.timedelta(days=30)
AGREEMENT_NOTICE = dt.timedelta(days=180)
INVITATION_PATIENCE = dt.timedelta(days=7)
MANY = 50


def todos(scope: Any, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Everything of this room that waits for the viewer, who must be able to act on it."""
    if not may(viewer, "alliances.steer", scope):
        return
    period = current_period(scope, today)
    yield from _of_period(scope, period, today)
    yield from _deliverables(scope, today)
    yield from _stages(scope, period)
    yield from _roles(scope, viewer, today)
    yield from _invitations(scope)
    yield from _children(scope, viewer, today)
    if not scope.is_public:
        yield Todo(
            key="open",
            title=_("Open the public pages"),
            detail=_("For now, only the people inside can read them."),
            url=reverse("alliances_in:settings", args=[scope.slug]),
            action=_("See the settings"),
        )


def _of_period(scope: Alliance, period: Period | None, today: dt.date) -> Iterator[Todo]:
    cycles_url = reverse("alliances_in:cycles", args=[scope.slug])
    if period is None:
        yield Todo(
            key="cycle",
            title=_("Write down the current period"),
            detail=_("Its stages tell everyone where you stand."),
            url=reverse("alliances_in:cycle-add", args=[scope.slug]),
            action=_("Add the period"),
        )
        return
    cycle, agreement = period.cycle, period.agreement
    if agreement is None:
        yield Todo(
            key=f"agreement:{cycle.pk}",
            title=_("Write down the agreement of %(cycle)s") % {"cycle": cycle.name},
            detail=_("Parties, dates, envelope: the account rests on it."),
            url=reverse("alliances_in:agreement", args=[scope.slug, cycle.pk]),
            action=_("Add the agreement"),
        )
    elif agreement.until and agreement.until - today <= AGREEMENT_NOTICE:
        yield Todo(
            key=f"agreement-end:{agreement.pk}",
            title=_("Prepare what follows the agreement “%(title)s”") % {"title": agreement.title},
            detail=_("Its last day is %(day)s.") % {"day": formats.date(agreement.until - DAY)},
            due=agreement.until - DAY,
            url=cycles_url,
            action=_("See the period"),
        )


def _deliverables(scope: Alliance, today: dt.date) -> Iterator[Todo]:
    rows = (
        Deliverable.objects.filter(stage__cycle__alliance=scope, done_on=None, due_on__lte=today + SOON)
        .exclude(stage__state=Stage.State.DONE)
        .select_related("stage")
        .order_by("due_on", "id")[:MANY]
    )
    for row in rows:
        yield Todo(
            key=f"deliverable:{row.pk}",
            title=_("Deliver: %(title)s") % {"title": row.title},
            detail=_("Stage “%(stage)s”.") % {"stage": row.stage.name},
            due=row.due_on,
            url=reverse("alliances_in:stage", args=[scope.slug, row.stage_id]),
            action=_("Open the stage"),
        )


def _stages(scope: Alliance, period: Period | None) -> Iterator[Todo]:
    for view in period.stages if period else ():
        if view.late:
            yield Todo(
                key=f"stage:{view.stage.pk}",
                title=_("The stage “%(stage)s” is past its end") % {"stage": view.stage.name},
                detail=_("Mark it done, or give it another date."),
                due=view.stage.until - DAY if view.stage.until else None,
                url=reverse("alliances_in:stage", args=[scope.slug, view.stage.pk]),
                action=_("Update the stage"),
            )


def _roles(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    rows = (
        Role.objects.filter(person__alliance=scope, person__erased_at=None)
        .filter(holding(today), until__lte=today + ROLE_NOTICE)
        .select_related("person")
        .order_by("until", "id")[:MANY]
    )
    for role in rows:
        last = (role.until or today) - DAY
        if role.kind == Role.Kind.AGENT:
            yield Todo(
                key=f"handover:{role.pk}",
                title=_("Prepare the handover of %(person)s") % {"person": role.person.name},
                detail=_("The agent’s role ends on %(day)s.") % {"day": formats.date(last)},
                due=last,
                url=reverse("alliances_in:handover", args=[scope.slug]),
                action=_("Make the handover file"),
            )
            continue
        yield Todo(
            key=f"role:{role.pk}",
            title=_("Extend or replace %(person)s") % {"person": role.person.name},
            detail=_("Role of %(role)s, until %(day)s.") % {"role": role.get_kind_display(), "day": formats.date(last)},
            due=last,
            url=reverse("alliances_in:person", args=[scope.slug, role.person.uuid]),
            action=_("Open the file of this person"),
        )


def _invitations(scope: Alliance) -> Iterator[Todo]:
    now = timezone.now()
    rows = Invitation.objects.filter(
        alliance=scope, accepted_at=None, withdrawn_at=None, created_at__lte=now - INVITATION_PATIENCE
    ).order_by("expires_at", "id")[:MANY]
    for row in rows:
        expired = row.expires_at <= now
        yield Todo(
            key=f"invitation:{row.uuid}",
            title=_("Invitation without answer: %(name)s") % {"name": row.name or row.email},
            detail=(_("It has expired: send another one.") if expired else _("Sent on %(day)s."))
            % {"day": formats.date(row.created_at)},
            url=reverse("alliances_in:invite", args=[scope.slug]),
            action=_("See the invitations"),
        )


def _children(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For the coordinator of a regional alliance: the local ones that nobody runs."""
    if Role.Kind.REGIONAL not in role_kinds(viewer, scope):
        return
    agents = Role.objects.filter(
        holding(today), person__alliance=OuterRef("pk"), person__erased_at=None, kind=Role.Kind.AGENT
    )
    for child in Alliance.objects.filter(~Exists(agents), parent=scope).order_by("sort_key", "id")[:MANY]:
        yield Todo(
            key=f"agentless:{child.pk}",
            title=_("%(alliance)s has no agent") % {"alliance": child.short_name},
            detail=_("You may name one."),
            url=reverse("alliances_in:invite", args=[child.slug]),
            action=_("Name an agent"),
        )
