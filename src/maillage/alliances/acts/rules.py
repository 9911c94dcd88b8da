"""Who may do what in this part. The object is an alliance, an act or an appeal."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.acts.models import ActInName, Appeal
from maillage.alliances.models import Role


def _act_of(obj: Any) -> ActInName | None:
    if isinstance(obj, Appeal):
        return obj.act
    return obj if isinstance(obj, ActInName) else None


def _alliance_of(obj: Any) -> Any:
    act = _act_of(obj)
    return act.alliance if act is not None else obj


def _held(user: Any, obj: Any) -> frozenset[str]:
    from maillage.alliances.rules import alliance_of, role_kinds

    return role_kinds(user, alliance_of(_alliance_of(obj)))


@rules.predicate
def is_one_of_us(user: Any, obj: Any = None) -> bool:
    """Holds a role in the alliance itself: the coordinator of its regional parent, who answers, does not appeal."""
    return bool(_held(user, obj) & frozenset(Role.Kind.values))


@rules.predicate
def coordinates(user: Any, obj: Any = None) -> bool:
    """Coordinator of the alliance (a regional one), or of its regional parent."""
    return bool(_held(user, obj) & {Role.Kind.REGIONAL, "regional-parent"})


@rules.predicate
def did_it(user: Any, obj: Any = None) -> bool:
    act = _act_of(obj)
    return act is not None and user is not None and act.done_by_id == user.pk


@rules.predicate
def appealed(user: Any, obj: Any = None) -> bool:
    """The appeal is this user's own."""
    if not isinstance(obj, Appeal) or obj.person is None or user is None or not user.is_authenticated:
        return False
    return bool(obj.person.user_id == user.pk)


rules.add_perm("alliances.appeal", is_one_of_us)
rules.add_perm("alliances.see_appeals", coordinates)
"""Reads the reasons, in the alliance."""
rules.add_perm("alliances.read_appeal", coordinates | (appealed & is_one_of_us))
"""Reads the reason of one appeal: the coordination and whoever wrote it; not the agent."""
rules.add_perm("alliances.answer_appeal", coordinates & ~did_it & ~appealed)
"""Nobody answers an appeal against their own act, nor their own appeal."""
