"""« Ce qui vous attend »: the page of anyone inside an alliance."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import choices_of
from maillage.alliances.rules import role_kinds
from maillage.alliances.views.workspace import tasks_of
from maillage.alliances.words import waiting
from maillage.core import contributions
from maillage.core.access import may

SHOWN = 7


@require_safe
@in_alliance("alliances.view_inside")
def mine(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What waits for the reader; their seats and meetings (panels ``member``); what they are told; their addresses.

    The coordinator of the regional parent is inside without being known here: no seat, no notice.
    """
    today = alliance.today()
    tasks = tasks_of(alliance, request.user, today)
    person = Person.objects.filter(alliance=alliance, user__in=[request.user.pk], erased_at=None).first()
    found = contributions.panels.collect(alliance, request.user, today, page="member", subject=person)
    context: dict[str, Any] = {
        "alliance": alliance,
        "first_name": getattr(request.user, "name", "").split(" ")[0],
        "waiting": waiting(len(tasks)) if tasks else "",
        "tasks": tasks[:SHOWN],
        "more_tasks": tasks[SHOWN:],
        "member_panels": sorted((panel for panel in found if panel.page == "member"), key=lambda panel: panel.order),
        "person": person,
        "roles": sorted(kind for kind in role_kinds(request.user, alliance) if kind != "regional-parent"),
        "doors": links.doors_of(request.user, timezone.now(), alliance=alliance),
        "may_oversee": may(request.user, "alliances.oversee", alliance),
    }
    if person is not None:
        chosen = list(choices_of(person).values())
        context["notices"] = [(NoticeChoice.When(when).label, chosen.count(when)) for when in NoticeChoice.When.values]
    return render(request, "alliances/mine.html", context)
