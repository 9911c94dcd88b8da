"""Telling everyone what was done in the members' name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise

from maillage.alliances.acts.models import ActInName
from maillage.alliances.models import Alliance, Role
from maillage.alliances.rules import role_kinds
from maillage.core import contributions
from maillage.core.models import AuditEntry

LANGUAGE = "fr"
"""The language of the log."""
Words = str | Promise | Callable[[], object]


def _french(words: Words) -> str:
    with translation.override(LANGUAGE):
        return str(words() if callable(words) else words)


def tell(
    *,
    alliance: Alliance,
    kind: str,
    by: Any,
    label: Words,
    reference: str = "",
    on_behalf: str = "",
    source: Words = "",
    entry: AuditEntry | None = None,
    at: dt.datetime | None = None,
) -> ActInName:
    """Write a line of the public log, in the transaction of the act. ``label`` and ``source`` name no person.

    The log is in French, whoever acts: words of ours are given as a function (``lambda: _("Withdrawal lifted")``) or
    lazy, and become French here. A plain string is someone's own words.

    ``at``: now, unless something already done is written down.
    Errors: ``LookupError`` for a kind that no room declared.
    """
    if not any(known.code == kind for known in contributions.act_kinds):
        raise LookupError(f"No act kind is named {kind!r}.")
    held = role_kinds(by, alliance)
    role = Role.Kind.AGENT if Role.Kind.AGENT in held else next(iter(sorted(held)), "")
    return ActInName.objects.create(
        alliance=alliance, kind=kind, role_kind=role, reference=reference, label=_french(label)[:300],
        on_behalf=on_behalf[:300], source=_french(source)[:300], done_by=by, at=at or timezone.now(),
        audit_id=entry.pk if entry else None,
    )  # fmt: skip
