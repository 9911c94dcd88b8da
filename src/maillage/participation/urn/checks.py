"""A migration that makes a table of the urn, of testimonies or of ideas again, on SQLite, would bring its hidden row
numbers back: that is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connections


@checks.register(checks.Tags.database)
def without_row_numbers(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """E001 for each table that is not ``WITHOUT ROWID``. Asked by ``check --database default`` and the suite."""
    return [
        checks.Error(
            f"{table} has hidden row numbers, which tell in which order its rows came.",
            hint="Make it again WITHOUT ROWID, as participation.0002_without_rowid does.",
            id="participation.E001",
        )
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        for table in _with_row_numbers(alias)
    ]


def _with_row_numbers(alias: str) -> list[str]:
    from maillage.participation.urn.models import Unordered

    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, Unordered)]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        made = dict(cursor.fetchall())
    return [table for table in tables if table in made and "WITHOUT ROWID" not in made[table]]
