"""``lock(parent)``: held before every check-then-write on what a row owns."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row) -> Row:
    """The row read again under a lock, held until the transaction ends.

    PostgreSQL locks the row. SQLite transactions are IMMEDIATE: the whole database is already ours.
    Errors: ``RuntimeError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lock() needs a transaction.")
    # Through ``_meta``: ``request.user`` is a lazy object, whose own type has no table.
    model: type[Row] = row._meta.model  # type: ignore[assignment]
    return model._base_manager.select_for_update().get(pk=row.pk)
