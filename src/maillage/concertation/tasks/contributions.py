"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, F, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Person
from maillage.alliances.personal import persons_of
from maillage.concertation.models import Space, Task
from maillage.concertation.tasks import services, withheld
from maillage.concertation.tasks.selectors import mine, standing, tasks_of
from maillage.concertation.tasks.views import lines_of
from maillage.core import contributions, site
from maillage.core.access import may
from maillage.core.contributions import (
    Daily,
    Export,
    Merge,
    NavigationItem,
    NoticeKind,
    Panel,
    PersonalData,
    Todo,
)
from maillage.core.formats import date, number

__all__ = ["withheld"]
"""Importing it registers what is withheld."""

SOON = dt.timedelta(days=14)
TODO_SHOWN = 5
PANEL_SHOWN = 6
KEPT = dt.timedelta(days=5 * 365)
"""How long the person of a task that is done is kept: the actor stays."""

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "task_added": gettext_lazy("Task given"),
        "task_updated": gettext_lazy("Task changed"),
        "task_done": gettext_lazy("Task done"),
        "task_cancelled": gettext_lazy("Task cancelled"),
        "task_reopened": gettext_lazy("Task opened again"),
    },
)
contributions.notice_kinds.add(NoticeKind(services.REMINDER, gettext_lazy("Reminders of my tasks")))
contributions.daily.add(Daily("concertation.tasks", lambda now: services.remind(now=now, site=site.address())))


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """« Les suites », for those inside and in the agent's menu."""
    if viewer is None or not may(viewer, "concertation.view_tasks", scope):
        return
    url = reverse("concertation_in:tasks", args=[scope.slug])
    if may(viewer, "concertation.give_task", scope):
        yield NavigationItem(label=_("Follow-ups"), url=url, area="workspace", group=_("Tables and meetings"), order=35)


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """One's own tasks due within two weeks; for the agent, how many others are late. Two queries."""
    if viewer is None or not viewer.is_authenticated:
        return
    seen = standing(tasks_of(scope, viewer), "a-faire")
    own = mine(seen, viewer, today)
    for task in own.filter(due_on__lte=today + SOON)[:TODO_SHOWN]:
        task.alliance = scope
        yield Todo(
            title=task.title, url=task.get_absolute_url(), action=_("See the task"), due=task.due_on,
            detail=task.space.name if task.space else "", key=f"task-{task.uuid}",
        )  # fmt: skip
    if may(viewer, "concertation.give_task", scope):
        late = seen.filter(due_on__lt=today).exclude(pk__in=own.order_by().values("pk")).count()
        if late:
            words = ngettext("%(n)s task is late", "%(n)s tasks are late", late)
            yield Todo(
                title=words % {"n": number(late)}, url=reverse("concertation_in:tasks", args=[scope.slug]),
                action=_("See the tasks"), key="tasks-late",
            )  # fmt: skip


@contributions.panels.register
def panels(scope: Alliance, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """The tasks of a space, of a meeting, of a decision, as the viewer may see them. One query."""
    about = {"space": Space}.get(page)
    if about is None or not isinstance(subject, about):
        return
    found = standing(tasks_of(scope, viewer), "a-faire").filter(space=subject)
    rows = list(found[: PANEL_SHOWN + 1])
    if rows:
        inside = may(viewer, "concertation.view_tasks", scope)
        context = {
            "alliance": scope,
            "lines": lines_of(rows[:PANEL_SHOWN], scope, today, inside=inside),
            "inside": inside,
            "more_url": f"{reverse('concertation_in:tasks', args=[scope.slug])}?espace={subject.uuid}",
            "title": _("What is to be done"),
        }
        yield Panel(page, "concertation/tasks/panel.html", context, order=45)


@contributions.exports.register
def exports(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The tasks chosen for the public: never a person, nor an actor or a space that is not shown."""

    def rows() -> Iterator[tuple[Any, ...]]:
        names = ("uuid", "title", "shown_space", "shown_actor", "due_on", "done_on", "cancelled_on")
        public = Task.objects.filter(alliance_id=scope.pk, is_public=True).order_by("pk")
        public = public.annotate(
            shown_space=Case(When(space__is_public=True, then=F("space__name"))),
            shown_actor=Case(When(owner_actor__is_public=True, then=F("owner_actor__name"))),
        )
        for key, title, space, actor, *rest in public.values_list(*names):
            yield (str(key), title, space or "", actor or "", *rest)

    header = ("id", "title", "space", "actor", "due_on", "done_on", "cancelled_on")
    yield Export("tasks", _("Follow-ups"), header, rows)


def export_person(subject: Any) -> Mapping[str, Any]:
    """The tasks that were this person's."""
    rows = Task.objects.filter(owner_person__in=persons_of(subject)).order_by("pk")
    return {
        _("tasks"): [
            {
                _("task"): task.title,
                _("due on"): date(task.due_on) if task.due_on else "",
                _("done on"): date(task.done_on) if task.done_on else "",
            }
            for task in rows
        ]
    }


def erase_person(subject: Any) -> int:
    """The tasks stay, without the person."""
    return Task.objects.filter(owner_person__in=persons_of(subject)).update(owner_person=None)


def purge(today: dt.date) -> int:
    return Task.objects.filter(done_on__lt=today - KEPT).exclude(owner_person=None).update(owner_person=None)


contributions.personal_data.add(
    PersonalData(
        room="concertation.tasks",
        purpose=gettext_lazy("Remind each person of what they said they would do."),
        export=export_person,
        erase=erase_person,
        purge=purge,
    )
)


def _moving(field: str, target: str) -> Merge:
    """The tasks of one become the tasks of the other."""

    def apply(kept: Actor | Person, absorbed: Actor | Person) -> list[int]:
        moved = list(Task.objects.filter(**{field: absorbed}).values_list("pk", flat=True))
        Task.objects.filter(pk__in=moved).update(**{field: kept})
        return moved

    def undo(kept: Any, absorbed: Any, trace: list[int]) -> None:
        Task.objects.filter(pk__in=trace).update(**{field: absorbed})

    return Merge(target, "concertation.task", (field,), apply, undo)


contributions.merge.add(_moving("owner_actor", "actor"))
contributions.merge.add(_moving("owner_person", "person"))
