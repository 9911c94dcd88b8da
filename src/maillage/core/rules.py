"""What core itself guards: for the operator of the instance."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_operator(user: Any, obj: Any = None) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and user.is_operator)


rules.add_perm("core.read_mail", is_operator)
"""The mails kept where there is no mail server."""
rules.add_perm("core.erase", is_operator)
"""Erase a person on her request, across the instance. Rooms have their own permissions inside an alliance."""
