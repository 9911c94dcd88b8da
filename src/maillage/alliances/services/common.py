"""What every service of the room does the same way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from maillage.alliances.models import MemoryEvent, Person
from maillage.core import audit
from maillage.core.dates import Dated

TITLES = frozenset({"time_zone", "name", "short_name", "tagline", "mandatary", "title", "fr", "en"})
"""Texts that name a thing, never a person (on persons and memory events they are kept out)."""

Row = TypeVar("Row", bound=models.Model)


def check_dates(since: dt.date | None, until: dt.date | None, field: str = "until") -> None:
    """Refuse an interval that ends before it begins, with a sentence on the field of its end."""
    if since is not None and until is not None and until < since:
        raise ValidationError({field: _("The end comes before the beginning. Check both dates.")})


def logged(value: Any) -> Any:
    """A value as the log may hold it: ids, codes, dates, numbers. ``None`` for what it may not."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value if isinstance(value, bool | int) else None


def is_logged(row: models.Model, field: str) -> bool:
    """Free text stays out of the log: it may speak of people. Codes, titles of things and the rest go in."""
    column = row._meta.get_field(field)
    if field in TITLES and not isinstance(row, Person | MemoryEvent):
        return True
    if isinstance(column, models.SlugField) or getattr(column, "choices", None):
        return True
    return not isinstance(column, models.CharField | models.TextField)


def set_fields(row: Row, changes: Mapping[str, Any], allowed: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put ``changes`` on the row; returns what the log says: ``(before, after)``, empty where nothing changed.

    Errors: ``TypeError`` for a field the caller may not set here.
    """
    unknown = set(changes) - allowed
    if unknown:
        raise TypeError(f"Not to be set here: {', '.join(sorted(unknown))}")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    texts: list[str] = []
    for field, value in changes.items():
        old = getattr(row, field)
        if old == value:
            continue
        setattr(row, field, value)
        if is_logged(row, field):
            before[field] = old if isinstance(old, str) else logged(old)
            after[field] = value if isinstance(value, str) else logged(value)
        else:
            texts.append(field)
    if texts:
        after["texts"] = sorted(texts)
    return before, after


def save_changes(
    row: Row,
    changes: Mapping[str, Any],
    allowed: frozenset[str],
    *,
    action: str,
    by: Any,
    alliance: Any,
) -> Row:
    """Change, check, save and log; nothing is written where nothing changed. Errors: ``ValidationError``."""
    before, after = set_fields(row, changes, allowed)
    if not after:
        return row
    if isinstance(row, Dated):
        check_dates(row.since, row.until)
    row.full_clean()
    row.save()
    audit.record(action, row, by=by, alliance=alliance, before=before, after=after)
    return row
