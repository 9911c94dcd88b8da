"""Who may do what in an alliance: predicates ``(user, object)``, called by views and services alike.

The object is an ``Alliance`` or anything with an ``alliance``. An ended role grants nothing: roles are read
from the database at each request, on the alliance's own date.
"""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.models import Alliance, Role

Kind = Role.Kind


def alliance_of(obj: Any) -> Alliance | None:
    if obj is None or isinstance(obj, Alliance):
        return obj
    found: Alliance | None = getattr(obj, "alliance", None)
    return found


def role_kinds(user: Any, alliance: Alliance | None) -> frozenset[str]:
    """The kinds of role ``user`` holds today in ``alliance`` or, as coordinator, in its regional parent."""
    if alliance is None or user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    # Cached on the user object, which lives one request: a role ended since is seen by the next one.
    cache: dict[int, frozenset[str]] = user.__dict__.setdefault("_maillage_roles", {})
    if alliance.pk not in cache:
        held = (
            Role.objects.at(alliance.today())
            .filter(person__user_id=user.pk, person__erased_at=None)
            .values_list("person__alliance_id", "kind")
        )
        kinds = {kind for owner, kind in held if owner == alliance.pk}
        if alliance.parent_id and any(owner == alliance.parent_id and kind == Kind.REGIONAL for owner, kind in held):
            kinds.add("regional-parent")
        cache[alliance.pk] = frozenset(kinds)
    return cache[alliance.pk]


def holds(*kinds: str) -> rules.Predicate:
    """A predicate: the user holds one of these roles in the object's alliance, today."""
    wanted = frozenset(kinds)

    @rules.predicate(name=f"holds:{'|'.join(sorted(kinds))}")
    def predicate(user: Any, obj: Any = None) -> bool:
        return bool(role_kinds(user, alliance_of(obj)) & wanted)

    return predicate


is_agent = holds(Kind.AGENT)
is_coordinator = holds(Kind.REGIONAL)
"""Coordinator of the alliance itself (a regional one)."""
oversees = holds(Kind.REGIONAL, "regional-parent")
"""Coordinator of the alliance or of its regional parent: sees, does not act."""
is_treasurer = holds(Kind.TREASURER)
is_inside = holds(*Kind.values, "regional-parent")
"""Holds any role there today."""


@rules.predicate
def is_operator(user: Any, obj: Any = None) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active and user.is_operator)


@rules.predicate
def is_open(user: Any, obj: Any = None) -> bool:
    """The alliance has opened its public pages."""
    alliance = alliance_of(obj)
    return alliance is not None and alliance.is_public


steers = is_agent | is_coordinator
"""May change the alliance: its agent, or the coordinator of a regional alliance."""

rules.add_perm("alliances.view", is_open | is_inside)
"""The public side of an alliance; before it opens, those inside only."""
rules.add_perm("alliances.view_inside", is_inside)
rules.add_perm("alliances.steer", steers)
rules.add_perm("alliances.create", is_operator)
