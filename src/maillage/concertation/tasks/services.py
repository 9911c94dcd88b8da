"""Giving a task, doing it, letting it go."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from maillage.actors.models import Actor
from maillage.alliances.models import Alliance, Person
from maillage.concertation.models import AgendaItem, Decision, Space
from maillage.concertation.tasks.models import Task
from maillage.core import audit


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
    """Give a task. The caller has asked the rule of the page it comes from.

    Errors: ``ValidationError`` for an empty or too long title.
    """
    task = Task(
        alliance=alliance, space=space, title=title.strip(), notes=notes, owner_actor=owner_actor,
        owner_person=owner_person, due_on=due_on, agenda_item=agenda_item, decision=decision, is_public=is_public,
    )  # fmt: skip
    task.full_clean(exclude=["alliance", "space", "owner_actor", "owner_person", "agenda_item", "decision"])
    task.save()
    audit.record(
        "concertation.task_added", task, by=by, alliance=alliance, via=via,
        after={
            "space_id": space.pk if space else None,
            "owner_actor_id": owner_actor.pk if owner_actor else None,
            "owner_person_id": owner_person.pk if owner_person else None,
            "due_on": due_on.isoformat() if due_on else None,
        },
    )  # fmt: skip
    return task


@transaction.atomic
def finish_task(*, task: Task, on: dt.date, by: Any, outcome: str = "", via: str = "web") -> Task:
    """The task is done. The caller has asked the rule."""
    task.done_on, task.outcome = on, outcome or task.outcome
    task.save(update_fields=["done_on", "outcome"])
    audit.record(
        "concertation.task_done", task, by=by, alliance=task.alliance, via=via, after={"done_on": on.isoformat()}
    )
    return task
