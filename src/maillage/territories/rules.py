"""Who may do what with territories. They are facts, known once to the instance: anyone may read them."""

from __future__ import annotations

from typing import Any

import rules


@rules.predicate
def is_operator(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and user.is_operator)


rules.add_perm("territories.view", rules.always_allow)
rules.add_perm("territories.import", is_operator)
"""Bring in the tree, municipalities and boundaries; say where a municipality lies."""
