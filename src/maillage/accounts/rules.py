from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_operator(user: Any, obj: Any = None) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and user.is_operator)


@rules.predicate
def is_self(user: Any, obj: Any = None) -> bool:
    return bool(user is not None and user.is_authenticated and obj is not None and user.pk == obj.pk)


rules.add_perm("accounts.operate", is_operator)
"""Accounts of the instance: operators, single-use addresses, closing. Gives no access to what alliances hold."""
rules.add_perm("accounts.own", is_self)
"""One's own account."""
