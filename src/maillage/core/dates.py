"""Dated rows: intervals are ``[since, until)`` dates, ``None`` meaning unknown or still going on."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, OrderBy, Q

FIRST, LAST = dt.date(1600, 1, 1), dt.date(2199, 12, 31)
"""What people may write: beyond, a day more or another time zone would leave the calendar."""


def holding(day: dt.date, prefix: str = "") -> Q:
    """The condition "holds on ``day``", on the row itself or through a relation (``prefix="actor__"``)."""
    begun = Q(**{f"{prefix}since": None}) | Q(**{f"{prefix}since__lte": day})
    not_ended = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day})
    return begun & not_ended


def newest(prefix: str = "") -> tuple[OrderBy, str]:
    """Order: the latest ``since`` first, unknown ones last, alike on both databases."""
    return F(f"{prefix}since").desc(nulls_last=True), "-id"


def oldest(prefix: str = "") -> tuple[OrderBy, str]:
    """Order: unknown beginnings first, then the earliest ``since``, alike on both databases."""
    return F(f"{prefix}since").asc(nulls_first=True), "id"


def once(name: str, *fields: str, or_none: str = "since") -> list[models.UniqueConstraint]:
    """The same ``fields`` come once for each value of ``or_none``, no value being a value like another.

    Two constraints, because SQLite knows no ``NULLS NOT DISTINCT``: it would let any number of unknown days in.
    """
    return [
        models.UniqueConstraint(fields=[*fields, or_none], name=name),
        models.UniqueConstraint(fields=fields, condition=Q(**{or_none: None}), name=f"{name}_without"),
    ]


class DatedQuerySet(models.QuerySet[Any]):
    def at(self, day: dt.date) -> Self:
        """The rows that hold on ``day``: begun (or of unknown beginning) and not yet ended."""
        return self.filter(holding(day))


class Dated(models.Model):
    """``since`` and ``until`` dates, half-open. Put ``Dated.interval("app_model")`` in ``Meta.constraints``."""

    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def interval(prefix: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name=f"{prefix}_interval"
        )

    def holds(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)
