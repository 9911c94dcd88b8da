"""Taking an import back: what it made goes, what it changed is as before; refused where later work hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.actors.models import Actor, ActorAlias, ActorMerge, NotDuplicate, Organisation
from maillage.concertation.imports.models import ImportRun
from maillage.concertation.models import Seat, Space
from maillage.core import search
from maillage.core.models import AuditEntry

_DERIVED = frozenset({"actors.duplicateproposal", "actors.notduplicate", "concertation.importproposal"})
"""Rows about an actor that are found or said again: they go with it."""
_UNDONE_EXACTLY = ("actors.merged", "actors.merge_undone")
"""A merge that stands is held by its own row; one that was undone left everything as before."""
_CHUNK = 400


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    rows = list(ids)
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def check(run: ImportRun) -> None:
    """Errors: ``ValidationError`` that says what holds the import, where undoing would lose later work."""
    trace = run.trace
    own = {
        "concertation.seat": set(trace["seats"]),
        "actors.actoralias": set(trace["aliases"]),
        "actors.actor": set(trace["actors"]),
        "concertation.space": set(trace["spaces"]),
    }
    for model, key in ((Actor, "actors"), (Space, "spaces"), (Seat, "seats"), (Organisation, "organisations")):
        relations = [one for one in model._meta.get_fields(include_hidden=True) if isinstance(one, models.ManyToOneRel)]
        # A merge also leaves a spelling: the merge itself is what a person can undo, so it is named first.
        for relation in sorted(relations, key=lambda one: one.related_model is not ActorMerge):
            _check_relation(relation.field, trace[key], own)
    _check_edits(run)


def _check_relation(key: models.ForeignKey[Any, Any], ids: Iterable[int], own: dict[str, set[int]]) -> None:
    """Nothing else than what the import made may point to what it made."""
    label = key.model._meta.label_lower
    if label in _DERIVED:
        return
    mine = own.get(label, set())
    for chunk in _chunks(ids):
        rows = key.model._base_manager.filter(**{f"{key.name}__in": chunk}).order_by("pk")
        if key.model is ActorMerge:
            rows = rows.filter(undone_at=None)
        for row in rows:
            if row.pk not in mine:
                held = getattr(row, key.name)
                raise ValidationError(
                    _("“%(name)s” has been used since this import (%(what)s). Undo that first, or correct it by hand.")
                    % {"name": str(held)[:120], "what": _what(label)},
                    code="used_since",
                )


def _what(label: str) -> str:
    """What hangs on the import, in the reader's words."""
    words = {
        "actors.actor": _("an actor"),
        "actors.actoralias": _("another spelling"),
        "actors.actorfield": _("a sector or a field"),
        "actors.actormerge": _("a merge"),
        "actors.mandate": _("a person who speaks for it"),
        "concertation.seat": _("a seat"),
        "concertation.space": _("a space"),
    }
    return words.get(label, _("other work"))


def _check_edits(run: ImportRun) -> None:
    """Nothing that the import made or changed may have been changed by hand since."""
    touched: dict[str, set[str]] = {
        "actors.actor": {str(pk) for pk in run.trace["actors"]},
        "concertation.space": {str(pk) for pk in run.trace["spaces"]},
        "concertation.seat": {str(pk) for pk in run.trace["seats"]},
    }
    for label, rows in run.trace["changed"].items():
        touched.setdefault(label, set()).update(rows)
    later = AuditEntry.objects.filter(alliance_id=run.alliance_id, at__gt=run.applied_at, model__in=touched)
    for entry in later.exclude(action__in=_UNDONE_EXACTLY).order_by("id").iterator():
        if entry.object_id in touched[entry.model]:
            row = apps.get_model(entry.model)._base_manager.filter(pk=entry.object_id).first()
            raise ValidationError(
                _("“%(name)s” was changed since this import. It can no longer be undone: correct it by hand.")
                % {"name": str(row)[:120] if row else entry.object_id},
                code="changed_since",
            )


def take_back(run: ImportRun) -> None:
    """Delete what was made, put back what was changed. The caller holds the lock and has run :func:`check`."""
    trace = run.trace
    for label, rows in trace["changed"].items():
        model = apps.get_model(label)
        for pk, fields in rows.items():
            values = {name: _value(model, name, before) for name, (before, _after) in fields.items()}
            model._base_manager.filter(pk=pk).update(**values)
    for chunk in _chunks(trace["actors"]):
        ActorMerge.objects.filter(Q(kept__in=chunk) | Q(absorbed__in=chunk)).delete()
    for model, key in (
        (NotDuplicate, "different"), (Seat, "seats"), (ActorAlias, "aliases"), (Actor, "actors"), (Space, "spaces"),
        (Organisation, "organisations"),
    ):  # fmt: skip
        for chunk in _chunks(trace[key]):
            model._base_manager.filter(pk__in=chunk).delete()
    for kind, key in (("actor", "actors"), ("space", "spaces")):
        for chunk in _chunks(trace[key]):
            search.remove(kind, chunk)


def _value(model: type[models.Model], name: str, before: Any) -> Any:
    field = model._meta.get_field(name)
    return dt.date.fromisoformat(before) if isinstance(field, models.DateField) and before else before
