"""Who may see, give and finish tasks."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.models import Mandate
from maillage.alliances.rules import has_no_more_role, is_inside, is_open, oversees, steers
from maillage.concertation.models import SeatHolder, Task
from maillage.concertation.tasks.withheld import task_withheld


@rules.predicate
def is_withheld(user: Any, obj: Any = None) -> bool:
    """It came out of an item the person withdrew from."""
    return isinstance(obj, Task) and task_withheld(user, obj)


@rules.predicate
def is_shown(user: Any, obj: Any = None) -> bool:
    return isinstance(obj, Task) and obj.is_public


@rules.predicate
def owns_task(user: Any, obj: Any = None) -> bool:
    """The task is this person's, or that of an actor they speak for today, unless their role here ended."""
    if not isinstance(obj, Task) or user is None or not user.is_authenticated:
        return False
    if has_no_more_role(user, obj.alliance):
        return False
    person = obj.owner_person
    if person is not None:
        return bool(person.user_id == user.pk and person.erased_at is None)
    if obj.owner_actor_id is None:
        return False
    today = obj.alliance.today()
    spoken = {"person__user_id": user.pk, "person__erased_at": None}
    return (
        Mandate.objects.at(today).filter(actor=obj.owner_actor_id, **spoken).exists()
        or SeatHolder.objects.at(today).filter(seat__actor=obj.owner_actor_id, **spoken).exists()
    )


rules.add_perm("concertation.view_tasks", is_inside | oversees)
"""Every task of the alliance, names of owners included; others see those chosen for the public."""
rules.add_perm(
    "concertation.view_task", ~is_withheld & ((is_shown & (is_open | is_inside)) | is_inside | oversees | owns_task)
)
rules.add_perm("concertation.give_task", steers)
rules.add_perm("concertation.edit_task", steers & ~is_withheld)
rules.add_perm("concertation.finish_task", (steers | owns_task) & ~is_withheld)
"""Says that it is done, or that it is not after all."""
