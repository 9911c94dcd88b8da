"""The agent's week, the log, the local alliances of a regional one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.journal import read_journal
from maillage.alliances.models import Alliance
from maillage.alliances.selectors import periods, places
from maillage.alliances.views.common import page_of
from maillage.alliances.views.public import collect_panels
from maillage.alliances.words import waiting
from maillage.core import contributions, formats
from maillage.core.access import may
from maillage.core.contributions import Todo

WEEK = 7
SHOWN = 7


@dataclass(frozen=True)
class Task:
    """A todo with what its date means today."""

    todo: Todo
    tone: str
    """``danger`` late, ``caution`` within a week, ``info`` later; empty without date."""
    when: str


def task_of(todo: Todo, today: dt.date) -> Task:
    if todo.due is None:
        return Task(todo, "", "")
    days = (todo.due - today).days
    if days < 0:
        words = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return Task(todo, "danger", words)
    if days == 0:
        return Task(todo, "caution", _("For today"))
    if days == 1:
        return Task(todo, "caution", _("For tomorrow"))
    if days < WEEK:
        return Task(todo, "caution", _("For %(weekday)s") % {"weekday": formats.weekday(todo.due)})
    return Task(todo, "info", _("For %(day)s") % {"day": formats.date(todo.due)})


def tasks_of(alliance: Alliance, viewer: Any, today: dt.date) -> list[Task]:
    """Everything that waits: late first, then by date, then what has none."""
    found = contributions.todo.collect(alliance, viewer, today)
    ordered = sorted(found, key=lambda todo: (todo.due is None, todo.due or today, str(todo.title)))
    return [task_of(todo, today) for todo in ordered]


@require_safe
@in_alliance("alliances.oversee")
def pilotage(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """« Bonjour Maude. Sept choses vous attendent. »"""
    today = alliance.today()
    periods.read_cycles(alliance)
    tasks = tasks_of(alliance, request.user, today)
    context = {
        "alliance": alliance,
        "today": today,
        "weekday": formats.weekday(today),
        "first_name": getattr(request.user, "name", "").split(" ")[0],
        "waiting": waiting(len(tasks)) if tasks else "",
        "tasks": tasks[:SHOWN],
        "more_tasks": tasks[SHOWN:],
        "period": periods.current_period(alliance, today),
        "main_panels": collect_panels(alliance, request.user, "pilotage.main"),
        "aside_panels": collect_panels(alliance, request.user, "pilotage.aside"),
        "may_steer": may(request.user, "alliances.steer", alliance),
    }
    return render(request, "alliances/pilotage.html", context)


@require_safe
@in_alliance("alliances.read_journal")
def journal(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Who did what, and when. Values that speak of people are not here."""
    found = read_journal(alliance, request.GET)
    context = {"alliance": alliance, **found}
    return render(request, "alliances/journal.html", context)


@require_safe
@in_alliance("alliances.read_children")
def children(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    today = alliance.today()
    page = page_of(request, places.children_of(alliance, today))
    return render(request, "alliances/children.html", {"alliance": alliance, "page": page, "today": today})
