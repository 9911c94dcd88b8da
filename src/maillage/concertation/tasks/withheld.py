"""What a person who withdrew from an item must not see of what came out of it: its notes, minutes and tasks.

A withdrawal names an agenda item or a decision. Leaving the item leaves the decisions and tasks that came out of it;
leaving a decision leaves the item where it was discussed, and its tasks.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from maillage.actors.interests.selectors import references_left
from maillage.concertation.models import AgendaItem, Decision
from maillage.concertation.tasks.models import Task
from maillage.core import contributions
from maillage.core.withholding import withheld_from

ITEM, DECISION, TASK = "concertation.agendaitem:", "concertation.decision:", "concertation.task:"


@dataclass(frozen=True)
class Left:
    """What someone left, by uuid."""

    items: frozenset[uuid.UUID] = frozenset()
    decisions: frozenset[uuid.UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.items or self.decisions)

    def items_condition(self) -> Q:
        """The agenda items that are withheld."""
        return Q(uuid__in=self.items) | Q(
            pk__in=Decision.objects.filter(uuid__in=self.decisions).exclude(agenda_item=None).values("agenda_item")
        )

    def tasks_condition(self) -> Q:
        """The tasks that are withheld."""
        items = AgendaItem.objects.filter(self.items_condition()).values("pk")
        return Q(agenda_item__in=items) | Q(decision__agenda_item__in=items) | Q(decision__uuid__in=self.decisions)


def left_by(user: Any) -> Left:
    """What this account left, in every alliance. One query, kept for the request."""
    return _read(references_left(user))


def _read(references: Iterable[str]) -> Left:
    items, decisions = set(), set()
    for reference in references:
        if reference.startswith(ITEM):
            items.add(uuid.UUID(reference[len(ITEM) :]))
        elif reference.startswith(DECISION):
            decisions.add(uuid.UUID(reference[len(DECISION) :]))
    return Left(frozenset(items), frozenset(decisions))


def items_withheld(user: Any, items: Iterable[AgendaItem]) -> frozenset[int]:
    """Ids of the agenda items, among these, of which the account must see nothing. At most two queries."""
    left = left_by(user)
    if not left:
        return frozenset()
    keys = [item.pk for item in items]
    return frozenset(AgendaItem.objects.filter(left.items_condition(), pk__in=keys).values_list("pk", flat=True))


def item_withheld(user: Any, item: AgendaItem) -> bool:
    return bool(items_withheld(user, [item]))


def task_withheld(user: Any, task: Task) -> bool:
    left = left_by(user)
    return bool(left) and Task.objects.filter(left.tasks_condition(), pk=task.pk).exists()


def references_of_item(item: AgendaItem) -> list[str]:
    """What a person may have left that withholds this item."""
    decisions = Decision.objects.filter(agenda_item=item).values_list("uuid", flat=True)
    return [item.reference, *(f"{DECISION}{key}" for key in decisions)]


@contributions.withheld.register
def withheld(person_ids: Collection[int], references: Collection[str]) -> Iterator[str]:
    """A task is withheld with the item or the decision it came out of. Nothing is asked for other references; as many
    queries for one task as for fifty."""
    keys = [reference[len(TASK) :] for reference in references if reference.startswith(TASK)]
    if not keys:
        return
    tasks = list(Task.objects.filter(uuid__in=keys).select_related("agenda_item", "decision__agenda_item"))
    items = {
        item.pk: item
        for task in tasks
        for item in (task.agenda_item, task.decision.agenda_item if task.decision else None)
        if item is not None
    }
    along: dict[int, set[str]] = {pk: {item.reference} for pk, item in items.items()}
    came_out = Decision.objects.filter(agenda_item__in=items).order_by()
    for pk, key in came_out.values_list("agenda_item", "uuid") if items else ():
        along[pk].add(f"{DECISION}{key}")
    sources: dict[str, set[str]] = {}
    for task in tasks:
        own = sources.setdefault(task.reference, set())
        own.update(along.get(task.agenda_item_id or 0, ()))
        if task.decision is not None:
            own.add(task.decision.reference)
            own.update(along.get(task.decision.agenda_item_id or 0, ()))
    hidden: dict[str, set[int]] = {}
    for person, reference in withheld_from(person_ids, frozenset().union(*sources.values())):
        hidden.setdefault(reference, set()).add(person)
    for task_reference, own in sources.items():
        for person in sorted(set().union(*(hidden.get(reference, ()) for reference in own))):
            yield f"{person} {task_reference}"
