"""Giving a task, changing it, doing it, letting it go, and reminding whoever it waits for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.actors.models import Actor, Mandate
from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person
from maillage.alliances.notices.models import NoticeChoice
from maillage.alliances.notices.services import notify, wanted
from maillage.concertation.models import AgendaItem, Decision, SeatHolder, Space
from maillage.concertation.tasks.models import Task
from maillage.core import audit
from maillage.core.access import require
from maillage.core.formats import date
from maillage.core.locks import lock
from maillage.core.withholding import is_withheld

EDITABLE = frozenset({"title", "notes", "space", "owner_actor", "owner_person", "due_on", "is_public"})
LINK, REMINDER = "task", "task-reminder"
BEFORE = dt.timedelta(days=3)
LATE = dt.timedelta(days=14)
"""A task late for longer is no longer reminded by mail: the list says it."""
LINK_DAYS = 60
RELATED = ("alliance", "space", "owner_actor", "owner_person", "agenda_item", "decision")


def _logged(task: Task) -> dict[str, Any]:
    return {
        "space_id": task.space_id,
        "owner_actor_id": task.owner_actor_id,
        "owner_person_id": task.owner_person_id,
        "due_on": task.due_on.isoformat() if task.due_on else None,
        "is_public": task.is_public,
    }


def _check(task: Task) -> None:
    task.full_clean(exclude=RELATED)
    for name in ("space", "owner_actor", "owner_person"):
        row = getattr(task, name)
        if row is not None and row.alliance_id != task.alliance_id:
            raise ValidationError({name: _("Choose someone, or something, of the same alliance.")})
    sources = (task.decision, task.agenda_item.meeting if task.agenda_item else None)
    if any(source is not None and source.alliance_id != task.alliance_id for source in sources):
        raise ValidationError(_("Choose someone, or something, of the same alliance."))


@transaction.atomic
def add_task(
    *,
    alliance: Alliance,
    title: str,
    by: Any,
    space: Space | None = None,
    notes: str = "",
    owner_actor: Actor | None = None,
    owner_person: Person | None = None,
    due_on: dt.date | None = None,
    agenda_item: AgendaItem | None = None,
    decision: Decision | None = None,
    is_public: bool = False,
    via: str = "web",
) -> Task:
    """Give a task: of a decision or of an agenda item, whoever prepares the one or takes the notes of the other may.

    Errors: ``PermissionDenied``; ``ValidationError`` for an empty or too long title, or an owner of another alliance.
    """
    if decision is not None:
        require(by, "concertation.prepare_decision", decision)
    if agenda_item is not None:
        require(by, "concertation.take_notes", agenda_item)
    if decision is None and agenda_item is None:
        require(by, "concertation.give_task", alliance)
    task = Task(
        alliance=alliance, space=space, title=title.strip(), notes=notes, owner_actor=owner_actor,
        owner_person=owner_person, due_on=due_on, agenda_item=agenda_item, decision=decision, is_public=is_public,
    )  # fmt: skip
    _check(task)
    task.save()
    audit.record("concertation.task_added", task, by=by, alliance=alliance, via=via, after=_logged(task))
    return task


@transaction.atomic
def update_task(*, task: Task, changes: Mapping[str, Any], by: Any, via: str = "web") -> Task:
    """Change some of ``EDITABLE``. A new date is reminded anew.

    Errors: ``PermissionDenied``; ``ValidationError`` for an unusable value; ``KeyError`` for another field.
    """
    require(by, "concertation.edit_task", task)
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"Not editable: {sorted(unknown)}")
    task = lock(task)
    before = _logged(task)
    different = sorted(name for name, value in changes.items() if getattr(task, name) != value)
    if not different:
        return task
    for name in different:
        setattr(task, name, changes[name])
    if "due_on" in different:
        task.reminded_on = None
    _check(task)
    task.save()
    audit.record(
        "concertation.task_updated", task, by=by, alliance=task.alliance, via=via,
        before=before, after=_logged(task) | {"changed": different},
    )  # fmt: skip
    return task


@transaction.atomic
def finish_task(
    *, task: Task, on: dt.date, by: Any, outcome: str = "", person: Person | None = None, via: str = "web"
) -> Task:
    """The task is done; ``outcome`` says what came of it. Asked twice, it is done once.

    ``person``: whom it waits for, through the address they were sent (``by=None``).
    Errors: ``PermissionDenied``; ``ValidationError`` once it is cancelled.
    """
    if by is None:
        if person is None or is_withheld(person.pk, task.reference) or person not in people_of(task, on):
            raise PermissionDenied("concertation.finish_task")
    else:
        require(by, "concertation.finish_task", task)
    task = lock(task)
    if task.cancelled_on is not None:
        raise ValidationError(_("This task was cancelled: there is nothing more to do. It may be reopened first."))
    if task.done_on is not None and (not outcome or outcome == task.outcome):
        return task
    task.done_on = task.done_on or on
    task.outcome = outcome.strip() or task.outcome
    task.full_clean(exclude=RELATED)
    task.save(update_fields=["done_on", "outcome"])
    audit.record(
        "concertation.task_done", task, by=by, alliance=task.alliance, via=via,
        after={"done_on": task.done_on.isoformat()},
    )  # fmt: skip
    return task


@transaction.atomic
def cancel_task(*, task: Task, on: dt.date, by: Any, outcome: str = "", via: str = "web") -> Task:
    """Nobody will do it; ``outcome`` says why. Errors: ``PermissionDenied``; ``ValidationError`` once it is done."""
    require(by, "concertation.edit_task", task)
    task = lock(task)
    if task.done_on is not None:
        raise ValidationError(_("This task is done: it cannot be cancelled."))
    if task.cancelled_on is not None:
        return task
    task.cancelled_on, task.outcome = on, outcome.strip() or task.outcome
    task.full_clean(exclude=RELATED)
    task.save(update_fields=["cancelled_on", "outcome"])
    audit.record(
        "concertation.task_cancelled", task, by=by, alliance=task.alliance, via=via,
        after={"cancelled_on": on.isoformat()},
    )  # fmt: skip
    return task


@transaction.atomic
def reopen_task(*, task: Task, by: Any, via: str = "web") -> Task:
    """It is to be done after all. What was said of it stays. Errors: ``PermissionDenied``."""
    require(by, "concertation.finish_task", task)
    task = lock(task)
    if task.is_open:
        return task
    before = {name: getattr(task, name) and getattr(task, name).isoformat() for name in ("done_on", "cancelled_on")}
    task.done_on = task.cancelled_on = task.reminded_on = None
    task.save(update_fields=["done_on", "cancelled_on", "reminded_on"])
    audit.record("concertation.task_reopened", task, by=by, alliance=task.alliance, via=via, before=before)
    return task


def people_of(task: Task, today: dt.date) -> list[Person]:
    """Whom the task waits for: its person, or those who speak for its actor (in its space first)."""
    if task.owner_person is not None:
        return [task.owner_person] if task.owner_person.erased_at is None else []
    if task.owner_actor_id is None:
        return []
    holders = SeatHolder.objects.at(today).filter(
        seat__actor=task.owner_actor_id, person__erased_at=None, part=SeatHolder.Part.HOLDER
    )
    if task.space_id:
        holders = holders.filter(seat__space=task.space_id)
    found = {holder.person_id: holder.person for holder in holders.select_related("person__alliance").order_by("pk")}
    if not found:
        mandates = Mandate.objects.at(today).filter(actor=task.owner_actor_id, person__erased_at=None)
        found = {row.person_id: row.person for row in mandates.select_related("person__alliance").order_by("pk")}
    return list(found.values())


def to_remind(alliance: Alliance, today: dt.date) -> list[Task]:
    """Tasks whose reminder is due: three days before their date, then the day after it; each once."""
    coming = Q(due_on__gte=today, due_on__lte=today + BEFORE) & (
        Q(reminded_on=None) | Q(reminded_on__lt=F("due_on") - BEFORE)
    )
    late = Q(due_on__lt=today, due_on__gte=today - LATE) & (Q(reminded_on=None) | Q(reminded_on__lte=F("due_on")))
    rows = Task.objects.filter(coming | late, alliance=alliance, done_on=None, cancelled_on=None)
    return list(rows.select_related("owner_person__alliance", "owner_actor", "space").order_by("due_on", "pk"))


def remind(*, now: dt.datetime, site: str) -> int:
    """Write to the owners of the tasks that are due. Asked twice on a day, it writes once. Returns how many mails."""
    sent = 0
    for alliance in Alliance.objects.filter(concertation_tasks__done_on=None).distinct().order_by("pk"):
        today = alliance.today(now)
        for task in to_remind(alliance, today):
            task.alliance = alliance
            sent += _remind(task, today, now, site)
    return sent


@transaction.atomic
def _remind(task: Task, today: dt.date, now: dt.datetime, site: str) -> int:
    # Read again under the lock: another worker may have just written.
    fresh = lock(task)
    if fresh.reminded_on == today or not fresh.is_open:
        return 0
    Task.objects.filter(pk=task.pk).update(reminded_on=today)
    sent = 0
    for person in people_of(task, today):
        token = ""
        if wanted(person, REMINDER) != NoticeChoice.When.WEEKLY:
            token = links.make(
                person=person, purpose=LINK, reference=task.reference, expires_at=now + dt.timedelta(days=LINK_DAYS)
            )
        with translation.override(person.language):
            assert task.due_on is not None
            words = _("Late: %(title)s") if task.due_on < today else _("Soon: %(title)s")
            subject = words % {"title": task.title}
            # A digest waits: it leads to the page, never to a personal address.
            url = reverse("concertation:task_link", args=[token]) if token else task.get_absolute_url()
            said = _("This was for %(day)s:") if task.due_on < today else _("This is for %(day)s:")
            lines = [said % {"day": date(task.due_on)}, task.title]
            if task.space is not None:
                lines.append(task.space.name)
            label = _("Done? Say so here, without signing in:") if token else _("See the task")
            summary = _("%(title)s, for %(day)s") % {"title": task.title, "day": date(task.due_on)}
        sent += notify(
            person=person, kind=REMINDER, subject=subject, context={"lines": lines, "action_label": label}, site=site,
            url=url, reference=task.reference, summary=summary, secrets=(token,),
        )  # fmt: skip
    return sent
