"""Who may do what in this part."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.models import Actor, Mandate
from maillage.alliances.rules import is_inside, oversees, steers


@rules.predicate
def speaks_for(user: Any, obj: Any = None) -> bool:
    """The user is, today, a person with a mandate for this actor."""
    if not isinstance(obj, Actor) or user is None or not user.is_authenticated or not user.is_active:
        return False
    held = Mandate.objects.at(obj.alliance.today())
    return held.filter(actor=obj, person__user_id=user.pk, person__erased_at=None).exists()


rules.add_perm("actors.speak_for", (speaks_for & is_inside) | steers)
"""Writes what the actor says of itself: its ties, what it brings, its mission. Object: the actor."""
rules.add_perm("actors.read_ties", is_inside)
"""Reads how two actors work together, in their words, and what is not confirmed. Object: the alliance."""
rules.add_perm("actors.run_campaign", steers)
rules.add_perm("actors.see_campaign", steers | oversees)
rules.add_perm("actors.import_ties", steers)
