"""Telling everyone what was done in the members' name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Alliance, Role
from maillage.alliances.rules import role_kinds
from maillage.core import contributions
from maillage.core.models import AuditEntry


def tell(
    *,
    alliance: Alliance,
    kind: str,
    by: Any,
    label: str,
    reference: str = "",
    on_behalf: str = "",
    source: str = "",
    entry: AuditEntry | None = None,
    at: dt.datetime | None = None,
) -> ActInName:
    """Write a line of the public log, in the transaction of the act. ``label`` and ``source`` name no person.

    ``at``: now, unless something already done is written down.
    Errors: ``LookupError`` for a kind that no room declared.
    """
    if not any(known.code == kind for known in contributions.act_kinds):
        raise LookupError(f"No act kind is named {kind!r}.")
    held = role_kinds(by, alliance)
    role = Role.Kind.AGENT if Role.Kind.AGENT in held else next(iter(sorted(held)), "")
    return ActInName.objects.create(
        alliance=alliance, kind=kind, role_kind=role, reference=reference, label=label[:300],
        on_behalf=on_behalf[:300], source=source[:300], done_by=by, at=at or timezone.now(),
        audit_id=entry.pk if entry else None,
    )  # fmt: skip
