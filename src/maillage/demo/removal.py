"""Removing what is fictional, and only that, whatever rooms there are.

Rows that protect each other (a seat its actor, a region its alliances) all go together, so this follows the
foreign keys itself rather than ask each room. Foreign keys are checked when the transaction ends, on both
databases: an order is not needed, and a forgotten row makes the whole removal fail and undo itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models, transaction

from maillage.accounts.models import User
from maillage.actors.models import Actor, Organisation
from maillage.alliances.models import Alliance
from maillage.core import documents
from maillage.core.demonstration import DOMAIN
from maillage.core.models import Document
from maillage.territories.models import Territory

CHUNK = 400
"""Values in one condition: under the limit of every database."""


def chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def reached(start: dict[type[models.Model], set[Any]]) -> tuple[dict[type[models.Model], set[Any]], list[Any]]:
    """Every row that depends on these, and the relations to empty: ``(field, keys)`` of those set to null."""
    found: dict[type[models.Model], set[Any]] = {model: set(keys) for model, keys in start.items()}
    waiting = [(model, set(keys)) for model, keys in start.items() if keys]
    emptied: list[Any] = []
    while waiting:
        model, keys = waiting.pop()
        # Hidden ones too (``related_name="+"``, the tables between two models): they also hold their row.
        for relation in model._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ManyToOneRel):
                continue
            field: Any = relation.field
            if relation.on_delete is models.SET_NULL:
                emptied.append((field, keys))
                continue
            owner = relation.related_model
            new: set[Any] = set()
            for part in chunks(keys):
                rows = owner._base_manager.filter(**{f"{field.name}__in": part})
                new |= set(rows.values_list("pk", flat=True))
            new -= found.setdefault(owner, set())
            if new:
                found[owner] |= new
                waiting.append((owner, new))
    return found, emptied


def fictional_rows() -> dict[type[models.Model], set[Any]]:
    """Where the demonstration starts: its alliances, places, people, and the organisations that are only theirs."""
    alliances = set(Alliance.objects.filter(fictional=True).values_list("pk", flat=True))
    actors = Actor.objects.filter(alliance__fictional=True, organisation__isnull=False)
    organisations = set(actors.values_list("organisation_id", flat=True))
    elsewhere = Actor.objects.filter(alliance__fictional=False, organisation__isnull=False)
    organisations -= set(elsewhere.values_list("organisation_id", flat=True))
    return {
        Alliance: alliances,
        Organisation: organisations,
        Territory: set(Territory.objects.filter(slug__startswith="fictif-").values_list("pk", flat=True)),
        User: set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("pk", flat=True)),
    }


@transaction.atomic
def remove_fictional() -> int:
    """Remove every fictional alliance with all that hangs on it. Returns how many rows went."""
    start = fictional_rows()
    for part in chunks(start[Alliance]):
        for document in Document.objects.filter(alliance_id__in=part).order_by("id"):
            start.setdefault(Document, set()).add(document.pk)
    found, emptied = reached(start)
    for field, keys in emptied:
        for part in chunks(keys):
            field.model._base_manager.filter(**{f"{field.name}__in": part}).update(**{field.name: None})
    stored = found.pop(Document, set())
    count = len(stored)
    for model, gone in found.items():
        count += len(gone)
        for part in chunks(gone):
            rows = model._base_manager.filter(pk__in=part)
            rows._raw_delete(rows.db)  # type: ignore[attr-defined]
    if stored:
        remove_documents(stored)
    return count


def remove_documents(keys: set[Any]) -> None:
    for part in chunks(keys):
        for document in Document.objects.filter(pk__in=part).order_by("id"):
            documents.delete(document)
