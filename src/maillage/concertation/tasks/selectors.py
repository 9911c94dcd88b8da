"""Lists of tasks, as each viewer may see them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet

from maillage.actors.models import Mandate
from maillage.alliances.models import Alliance
from maillage.alliances.rules import has_no_more_role
from maillage.concertation.models import SeatHolder, Task
from maillage.concertation.tasks.withheld import left_by
from maillage.core.access import may

SHOWN_BY_DEFAULT = "a-faire"


def tasks_of(alliance: Alliance, viewer: Any) -> QuerySet[Task]:
    """The tasks the viewer may see, with what their line shows; those without a date come last."""
    tasks = Task.objects.filter(alliance=alliance)
    if not may(viewer, "concertation.view_tasks", alliance):
        known = viewer is not None and viewer.is_authenticated and not has_no_more_role(viewer, alliance)
        tasks = tasks.filter(Q(is_public=True) | (Q(owner_person__user_id=viewer.pk) if known else Q()))
    left = left_by(viewer)
    if left:
        tasks = tasks.exclude(pk__in=Task.objects.filter(left.tasks_condition()).values("pk"))
    return tasks.select_related(
        "space", "owner_actor", "owner_person", "decision", "agenda_item__meeting__space"
    ).order_by(F("due_on").asc(nulls_last=True), "pk")


def mine(tasks: QuerySet[Task], viewer: Any, today: dt.date) -> QuerySet[Task]:
    """Those of the viewer, or of the actors they speak for."""
    if viewer is None or not viewer.is_authenticated:
        return tasks.none()
    spoken = {"person__user_id": viewer.pk, "person__erased_at": None}
    actors = Q(owner_actor__in=Mandate.objects.at(today).filter(**spoken).values("actor")) | Q(
        owner_actor__in=SeatHolder.objects.at(today).filter(**spoken).values("seat__actor")
    )
    return tasks.filter(Q(owner_person__user_id=viewer.pk) | (Q(owner_person=None) & actors))


def standing(tasks: QuerySet[Task], state: str) -> QuerySet[Task]:
    """Those to do (``a-faire``), done (``faites``), let go (``annulees``), or all (``toutes``)."""
    if state == "faites":
        return tasks.exclude(done_on=None).order_by("-done_on", "-pk")
    if state == "annulees":
        return tasks.exclude(cancelled_on=None).order_by("-cancelled_on", "-pk")
    if state == "toutes":
        return tasks
    return tasks.filter(done_on=None, cancelled_on=None)
