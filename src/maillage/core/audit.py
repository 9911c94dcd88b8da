"""The audit log. Services write it, in the same transaction as what it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from maillage.core.models import AuditEntry, AuditPersonalValue


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
