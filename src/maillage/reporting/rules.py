"""Who may make, read and publish the account of an alliance."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.models import Alliance, Role
from maillage.alliances.rules import holds, is_open, steers
from maillage.core.models import Document
from maillage.reporting.models import Account

Kind = Role.Kind

may_produce = holds(Kind.AGENT, Kind.REGIONAL, Kind.MEMBER, "regional-parent")


@rules.predicate
def may_read(user: Any, document: Any = None) -> bool:
    """A published account is for whoever sees the alliance; another, for who made it and who steers.

    Who made it must still hold a role: an ended role ends access at once.
    """
    if not isinstance(document, Document):
        return False
    account = Account.objects.select_related("alliance__parent").filter(document_id=document.pk).first()
    if account is None:
        return False
    alliance: Alliance = account.alliance
    if account.published_at is not None and is_open.test(user, alliance):
        return True
    if user is None or not user.is_authenticated:
        return False
    if account.audience == Account.Audience.PUBLIC or account.made_by_id == user.pk:
        return bool(may_produce.test(user, alliance))
    return bool(steers.test(user, alliance))


rules.add_perm("reporting.produce", may_produce)
"""Make the account of an alliance; object: the alliance."""
rules.add_perm("reporting.publish", steers)
"""Publish or withdraw an account; object: the account or its alliance."""
rules.add_perm("reporting.read_account", may_read)
"""Download the file; object: the ``core.Document``."""
