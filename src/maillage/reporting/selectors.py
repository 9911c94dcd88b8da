"""Reads of accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from maillage.alliances.models import Alliance
from maillage.reporting.models import Account


def published(alliance: Alliance) -> QuerySet[Account]:
    """What the alliance shows, the newest first."""
    return Account.objects.published().filter(alliance=alliance).select_related("document", "alliance")


def visible_to(user: Any, alliance: Alliance, *, steers: bool) -> QuerySet[Account]:
    """The accounts that ``user`` may download: the public versions and their own; all for who steers."""
    found = Account.objects.filter(alliance=alliance).select_related("document", "made_by", "alliance")
    return found if steers else found.filter(Q(audience=Account.Audience.PUBLIC) | Q(made_by=user))
