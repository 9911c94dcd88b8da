"""Who may see and change actors."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.models import Actor
from maillage.alliances.rules import is_inside, is_open, oversees, steers


@rules.predicate
def is_shown(user: Any, obj: Any = None) -> bool:
    """The actor is shown in public."""
    return isinstance(obj, Actor) and obj.is_public


sees_all = steers | oversees

rules.add_perm("actors.view", (is_shown & (is_open | is_inside)) | sees_all)
"""The page of one actor."""
rules.add_perm("actors.view_all", sees_all)
"""Actors that are not shown in public too; object: the alliance."""
rules.add_perm("actors.view_private", steers)
"""Persons who speak for an actor, other spellings of its name."""
rules.add_perm("actors.edit", steers)
rules.add_perm("actors.import", steers)
"""Bringing in a list of members, seeking and merging duplicates; object: the alliance."""

# Importing them registers their permissions.
from maillage.actors.interests import rules as interest_rules  # noqa: E402, F401
from maillage.actors.ties import rules as tie_rules  # noqa: E402, F401
