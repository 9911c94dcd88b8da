"""The audit log. Services write it, in the same transaction as what it tells of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models

from maillage.core import contributions
from maillage.core.models import AuditEntry, AuditPersonalValue

PERSONAL_YEARS = 5
"""How long the log keeps what speaks of a person; what happened, who did it and when stay."""


def label(action: str) -> str:
    """What people read for an action (``contributions.name_actions``); its code where no room said it."""
    return str(contributions.action_labels.get(action, action))


def record(
    action: str,
    obj: models.Model,
    *,
    by: Any | None,
    alliance: Any | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: Mapping[str, tuple[Any, Any]] | None = None,
    person_key: str = "",
    via: str = "web",
) -> AuditEntry:
    """Write one line of the log.

    ``by`` is the acting user (``None``: the system). ``before`` and ``after`` hold ids, codes, dates and
    amounts only. What names or describes a person goes in ``personal`` as ``{field: (before, after)}``,
    kept apart under ``person_key`` (``person:<id>`` or ``user:<id>``) so that erasure reaches it.

    Errors: ``ValueError`` for personal values without a person.
    """
    if personal and not person_key:
        raise ValueError("Personal values need the person they speak of.")
    entry = AuditEntry.objects.create(
        user_id=getattr(by, "pk", None),
        via=via,
        action=action,
        alliance_id=getattr(alliance, "pk", None),
        model=obj._meta.label_lower,
        object_id=str(obj.pk),
        before=dict(before or {}),
        after=dict(after or {}),
    )
    AuditPersonalValue.objects.bulk_create(
        AuditPersonalValue(
            entry=entry,
            person_key=person_key,
            field=field,
            before="" if old is None else str(old),
            after="" if new is None else str(new),
        )
        for field, (old, new) in (personal or {}).items()
    )
    return entry


def entries(
    alliance_id: int | None,
    *,
    action: str = "",
    user_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    with_personal: bool = False,
) -> models.QuerySet[AuditEntry]:
    """The log of an alliance (``None``: of the instance itself), the newest first; paginate it.

    ``action``: one action, or a room's prefix (``"alliances."``). ``with_personal`` also brings the values that
    speak of persons: only for whom the rule allows to read them.
    """
    found = AuditEntry.objects.filter(alliance_id=alliance_id)
    if action:
        found = found.filter(action__startswith=action) if action.endswith(".") else found.filter(action=action)
    if user_id is not None:
        found = found.filter(user_id=user_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.prefetch_related("personal_values") if with_personal else found


def forget(person_key: str) -> int:
    """Delete what the log holds about a person (``person:<id>``, ``user:<id>``). Part of an erasure."""
    return AuditPersonalValue.objects.filter(person_key=person_key).erase()


def purge(now: dt.datetime) -> int:
    """Delete the personal values of entries older than five years. Returns how many."""
    limit = now - dt.timedelta(days=365 * PERSONAL_YEARS + 1)
    return AuditPersonalValue.objects.filter(entry__at__lt=limit).erase()
