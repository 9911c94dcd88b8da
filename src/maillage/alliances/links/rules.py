"""Who may do what in this part."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_that_person(user: Any, obj: Any = None) -> bool:
    """The object is the ``Person`` that this account is, in some alliance."""
    signed_in = user is not None and user.is_authenticated and user.is_active
    return bool(signed_in and obj is not None and obj.user_id == user.pk and obj.erased_at is None)


rules.add_perm("alliances.close_links", is_that_person)
"""Also once their role has ended: their addresses may still be open."""
