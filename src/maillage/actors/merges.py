"""What moves in this room when two actors become one, and how it is put back.

The rule is the same for every table: a row moves to the kept actor unless the kept one already has its like;
then it stays with the absorbed one, which is shown no more. Nothing is ever destroyed, so undoing is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from maillage.actors.models import Actor, ActorAlias, ActorField, Mandate, NotDuplicate
from maillage.alliances.models import Person
from maillage.core.contributions import Merge, merge
from maillage.core.text import fold

Model = type[models.Model]


def move(model: Model, kept: Actor, absorbed: Actor, like: Sequence[str]) -> list[int]:
    """Move the rows of ``absorbed`` whose ``like`` fields the kept actor does not hold yet; returns their ids."""
    manager = model._default_manager
    held = set(manager.filter(actor=kept).values_list(*like))
    moved = []
    for row in manager.filter(actor=absorbed).order_by("pk"):
        key = tuple(getattr(row, name) for name in like)
        if key not in held:
            held.add(key)
            moved.append(row.pk)
    manager.filter(pk__in=moved).update(actor=kept)
    return moved


def back(model: Model, absorbed: Actor, moved: Iterable[int]) -> None:
    """Give its rows back to the actor that was absorbed."""
    model._default_manager.filter(pk__in=list(moved)).update(actor=absorbed)


def moving(model: Model, like: Sequence[str]) -> Merge:
    """The contribution of a table whose ``actor`` is the only link, alike rows being told by ``like``."""

    def apply(kept: Actor, absorbed: Actor) -> list[int]:
        return move(model, kept, absorbed, like)

    def undo(kept: Actor, absorbed: Actor, trace: list[int]) -> None:
        back(model, absorbed, trace)

    return Merge("actor", model._meta.label_lower, ("actor",), apply, undo)


def _spell(kept: Actor, absorbed: Actor) -> dict[str, Any]:
    """Other spellings move, and the absorbed name becomes one: search and imports still find it."""
    moved = move(ActorAlias, kept, absorbed, ("name",))
    made: int | None = None
    if absorbed.name != kept.name and not ActorAlias.objects.filter(actor=kept, name=absorbed.name).exists():
        made = ActorAlias.objects.create(actor=kept, name=absorbed.name, folded=fold(absorbed.name)[:300]).pk
    return {"moved": moved, "made": made}


def _unspell(kept: Actor, absorbed: Actor, trace: dict[str, Any]) -> None:
    ActorAlias.objects.filter(pk=trace["made"]).delete()
    back(ActorAlias, absorbed, trace["moved"])


def _keep_apart(kept: Actor, absorbed: Actor) -> list[list[int]]:
    """« Not the same as » said of the absorbed one now holds for the kept one. Trace: [row, first, second]."""
    trace = []
    said = NotDuplicate.objects.filter(models.Q(first=absorbed) | models.Q(second=absorbed))
    for row in said.order_by("pk"):
        other = row.second_id if row.first_id == absorbed.pk else row.first_id
        first, second = sorted((other, kept.pk))
        if other == kept.pk or NotDuplicate.objects.filter(first_id=first, second_id=second).exists():
            continue
        trace.append([row.pk, row.first_id, row.second_id])
        NotDuplicate.objects.filter(pk=row.pk).update(first_id=first, second_id=second)
    return trace


def _as_before(kept: Actor, absorbed: Actor, trace: list[list[int]]) -> None:
    for pk, first, second in trace:
        NotDuplicate.objects.filter(pk=pk).update(first_id=first, second_id=second)


def _speak(kept: Person, absorbed: Person) -> list[int]:
    """The mandates of the absorbed person that the kept one does not hold yet. Trace: their ids."""
    like = ("actor_id", "since", "until")
    held = set(Mandate.objects.filter(person=kept).values_list(*like))
    rows = Mandate.objects.filter(person=absorbed).order_by("pk")
    moved = [row.pk for row in rows if tuple(getattr(row, name) for name in like) not in held]
    Mandate.objects.filter(pk__in=moved).update(person=kept)
    return moved


def _speak_again(kept: Person, absorbed: Person, trace: list[int]) -> None:
    Mandate.objects.filter(pk__in=trace, person=kept).update(person=absorbed)


def _nothing(kept: Actor, absorbed: Actor) -> None:
    """The history of merges says what was: it is followed link by link, never rewritten."""


def _nothing_back(kept: Actor, absorbed: Actor, trace: Any) -> None:
    """Nothing was moved."""


def register() -> None:
    """Declare every foreign key to actors that this room holds."""
    merge.add(Merge("actor", "actors.actoralias", ("actor",), _spell, _unspell))
    merge.add(moving(ActorField, ("scheme", "code")))
    merge.add(moving(Mandate, ("person_id", "since", "until")))
    merge.add(Merge("person", "actors.mandate", ("person",), _speak, _speak_again))
    merge.add(Merge("actor", "actors.notduplicate", ("first", "second"), _keep_apart, _as_before))
    merge.add(Merge("actor", "actors.duplicateproposal", ("first", "second"), _nothing, _nothing_back))
    merge.add(Merge("actor", "actors.actor", ("merged_into",), _nothing, _nothing_back))
    merge.add(Merge("actor", "actors.actormerge", ("kept", "absorbed"), _nothing, _nothing_back))
