"""« Les suites »: who does what by when, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Alliance, Person
from maillage.concertation.models import Meeting, Space, Task
from maillage.concertation.selectors import spaces_of
from maillage.concertation.tasks import services
from maillage.concertation.tasks.forms import OutcomeForm, TaskForm
from maillage.concertation.tasks.selectors import SHOWN_BY_DEFAULT, mine, standing, tasks_of
from maillage.core.access import may
from maillage.core.formats import number
from maillage.core.withholding import is_withheld

PER_PAGE = 30


def states() -> list[tuple[str, str]]:
    return [
        ("a-faire", _("To do")),
        ("faites", pgettext("of a task", "Done")),
        ("annulees", pgettext("of a task", "Cancelled")),
        ("toutes", pgettext("tasks", "All of them")),
    ]


def when(task: Task, today: dt.date, *, inside: bool = True) -> tuple[str, str]:
    """Where the task stands, in words, and the kind of its tag. Outside, nobody is pointed at for being late."""
    if task.done_on:
        return pgettext("of a task", "Done"), "success"
    if task.cancelled_on:
        return pgettext("of a task", "Cancelled"), ""
    if task.due_on is None:
        return pgettext("of a task", "No date"), ""
    days = (task.due_on - today).days
    if days < 0 and not inside:
        return _("To do"), ""
    if days < 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", -days) % {"n": number(-days)}, "danger"
    if days == 0:
        return _("Today"), "caution"
    words = ngettext("In %(n)s day", "In %(n)s days", days) % {"n": number(days)}
    return words, "caution" if days <= 14 else "info"


def lines_of(tasks: list[Task], alliance: Alliance, today: dt.date, *, inside: bool = True) -> list[dict[str, Any]]:
    """Each task with the words of its state, for ``concertation/tasks/_list.html``."""
    lines = []
    for task in tasks:
        task.alliance = alliance
        words, kind = when(task, today, inside=inside)
        lines.append({"task": task, "words": words, "kind": kind})
    return lines


def _space_asked(request: HttpRequest, alliance: Alliance) -> Space | None:
    try:
        key = uuid.UUID(request.GET.get("espace", ""))
    except ValueError:
        return None
    space = Space.objects.filter(alliance=alliance, uuid=key).first()
    return space if space is not None and may(request.user, "concertation.view", space) else None


def _meeting_asked(request: HttpRequest, alliance: Alliance) -> Meeting | None:
    try:
        key = uuid.UUID(request.GET.get("rencontre", ""))
    except ValueError:
        return None
    return Meeting.objects.filter(alliance=alliance, uuid=key).first()


@in_alliance("alliances.view")
def tasks(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The tasks the reader may see: all, one's own, those of a space or of a meeting."""
    today, inside = alliance.today(), may(request.user, "concertation.view_tasks", alliance)
    state = request.GET.get("etat", SHOWN_BY_DEFAULT)
    if state not in dict(states()):
        state = SHOWN_BY_DEFAULT
    found = tasks_of(alliance, request.user)
    own = request.GET.get("qui") == "moi" and request.user.is_authenticated
    if own:
        found = mine(found, request.user, today)
    space, meeting = _space_asked(request, alliance), _meeting_asked(request, alliance)
    if space is not None:
        found = found.filter(space=space)
    if meeting is not None:
        found = found.filter(agenda_item__meeting=meeting)
    page = Paginator(standing(found, state), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "concertation/tasks/tasks.html",
        {
            "alliance": alliance,
            "page": page,
            "lines": lines_of(list(page.object_list), alliance, today, inside=inside),
            "state": state,
            "states": states(),
            "own": own,
            "inside": inside,
            "space": space,
            "meeting": meeting,
            "spaces": list(spaces_of(alliance, today, everything=inside)[:200]),
            "may_give": may(request.user, "concertation.give_task", alliance),
        },
    )


def _find(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> Task:
    task = get_object_or_404(
        Task.objects.select_related(
            "space", "owner_actor", "owner_person", "decision", "agenda_item__meeting__space"
        ),
        alliance=alliance,
        uuid=key,
    )  # fmt: skip
    task.alliance = alliance
    if not may(request.user, "concertation.view_task", task):
        raise Http404
    return task


@in_alliance("alliances.view")
def task(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """One task, and what may be done of it."""
    return _page(request, alliance, _find(request, alliance, key), OutcomeForm())


def _page(request: HttpRequest, alliance: Alliance, found: Task, form: OutcomeForm) -> HttpResponse:
    inside = may(request.user, "concertation.view_tasks", alliance)
    words, kind = when(found, alliance.today(), inside=inside or may(request.user, "concertation.finish_task", found))
    return render(
        request,
        "concertation/tasks/task.html",
        {
            "alliance": alliance,
            "task": found,
            "words": words,
            "kind": kind,
            "form": form,
            "inside": inside,
            "may_edit": may(request.user, "concertation.edit_task", found),
            "may_finish": may(request.user, "concertation.finish_task", found),
        },
    )


@in_alliance("concertation.give_task")
def task_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Give a task."""
    today = alliance.today()
    form = TaskForm(
        request.POST or None, alliance=alliance, today=today, initial={"space": _space_asked(request, alliance)}
    )
    if request.method == "POST" and form.is_valid():
        made = services.add_task(alliance=alliance, by=request.user, **form.values())
        messages.success(request, _("The task is given. Its owner is reminded three days before the date."))
        return redirect(made)
    return render(request, "concertation/tasks/task_form.html", {"alliance": alliance, "form": form, "task": None})


@in_alliance("concertation.give_task")
def task_edit(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Change a task."""
    found = _find(request, alliance, key)
    form = TaskForm(
        request.POST or None, alliance=alliance, today=alliance.today(), task=found, initial=TaskForm.initial_of(found)
    )
    if request.method == "POST" and form.is_valid():
        services.update_task(task=found, changes=form.values(), by=request.user)
        messages.success(request, _("The changes are saved."))
        return redirect(found)
    return render(request, "concertation/tasks/task_form.html", {"alliance": alliance, "form": form, "task": found})


@require_POST
@in_alliance("alliances.view")
def task_done(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The owner, or the agent, says that it is done."""
    found = _find(request, alliance, key)
    if not may(request.user, "concertation.finish_task", found):
        raise PermissionDenied
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, alliance, found, form)
    try:
        services.finish_task(task=found, on=alliance.today(), by=request.user, outcome=form.cleaned_data["outcome"])
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Noted: it is done."))
    return redirect(found)


@require_POST
@in_alliance("concertation.give_task")
def task_cancel(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Nobody will do it."""
    found = _find(request, alliance, key)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            services.cancel_task(task=found, on=alliance.today(), by=request.user, outcome=form.cleaned_data["outcome"])
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The task is cancelled. It stays in the list of those let go."))
        return redirect(found)
    return _page(request, alliance, found, form)


@require_POST
@in_alliance("alliances.view")
def task_reopen(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """It is to be done after all."""
    found = _find(request, alliance, key)
    services.reopen_task(task=found, by=request.user)
    messages.success(request, _("The task is to do again."))
    return redirect(found)


@behind_an_address
def task_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the address of a reminder: say that the task is done, without signing in."""
    link = links.find(token, services.LINK)
    found = _of_link(link.person, link.reference) if link is not None else None
    if found is None or link is None:
        return closed(request)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.finish_task(
                task=found, on=found.alliance.today(), by=None, outcome=form.cleaned_data["outcome"],
                person=link.person, via="link",
            )  # fmt: skip
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Noted: it is done. Thank you."))
            return redirect(request.path)
    context = {"alliance": found.alliance, "task": found, "form": form, "words": when(found, found.alliance.today())[0]}
    return render(request, "concertation/tasks/task_link.html", context)


def _of_link(person: Person, reference: str) -> Task | None:
    """The task of the link, while it is still this person's, or of an actor they speak for."""
    kind, _colon, key = reference.partition(":")
    if kind != "concertation.task":
        return None
    task = (
        Task.objects.select_related("alliance", "owner_person", "owner_actor", "space")
        .filter(uuid=key, alliance=person.alliance_id)
        .first()
    )
    if task is None or is_withheld(person.pk, reference):
        return None
    return task if person in services.people_of(task, task.alliance.today()) else None
