"""Who may do what in this part."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_that_person(user: Any, obj: Any = None) -> bool:
    """The object is the ``Person`` that this account is, in some alliance."""
    return bool(
        user is not None and user.is_authenticated and obj is not None
        and obj.user_id == user.pk and obj.erased_at is None
    )  # fmt: skip


rules.add_perm("alliances.choose_notices", is_that_person)
"""Also once their role has ended: messages may still come."""
