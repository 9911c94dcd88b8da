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
    if found is None and getattr(obj, "alliance_id", None) is not None:
        # Rows of core (documents, jobs) name their alliance by its id only.
        found = Alliance.objects.select_related("parent").filter(pk=obj.alliance_id).first()
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


@rules.predicate
def owns_document(user: Any, obj: Any = None) -> bool:
    """The document was made for this user."""
    return bool(user is not None and user.is_authenticated and obj is not None and obj.owner_id == user.pk)


def of_document(predicate: rules.Predicate) -> rules.Predicate:
    """The predicate asked of the alliance that a document names by its id."""

    @rules.predicate(name=f"document:{predicate.name}")
    def asked(user: Any, obj: Any = None) -> bool:
        alliance_id = getattr(obj, "alliance_id", None)
        if alliance_id is None:
            return False
        alliance = Alliance.objects.select_related("parent").filter(pk=alliance_id).first()
        return alliance is not None and bool(predicate.test(user, alliance))

    return asked


def has_no_more_role(user: Any, alliance: Alliance) -> bool:
    """Whether this account held a role in the alliance, and holds none today: what is theirs there is shut too.

    An account that never held one (a guest) keeps what was given to it. Nothing is asked for whoever holds one.
    """
    if user is None or not user.is_authenticated or role_kinds(user, alliance):
        return False
    return Role.objects.filter(person__alliance=alliance, person__user_id=user.pk, until__lte=alliance.today()).exists()


def forget_roles(user: Any) -> None:
    """Read this user's roles again at the next question: something just changed them."""
    if user is not None:
        user.__dict__.pop("_maillage_roles", None)


steers = is_agent | is_coordinator
"""May change the alliance: its agent, or the coordinator of a regional alliance."""

rules.add_perm("alliances.create", is_operator)
rules.add_perm("alliances.view", is_open | is_inside)
"""The public side of an alliance; before it opens, those inside only."""
rules.add_perm("alliances.view_inside", is_inside)
rules.add_perm("alliances.steer", steers)
rules.add_perm("alliances.oversee", is_agent | oversees)
"""Reads the workspace: those who steer, and the coordinator of the regional parent, who may not act."""
rules.add_perm("alliances.read_journal", is_agent | oversees)
rules.add_perm("alliances.read_children", steers)

rules.add_perm("alliances.edit", steers)
rules.add_perm("alliances.rename", steers)
rules.add_perm("alliances.publish", steers)
rules.add_perm("alliances.manage_cycle", steers)
rules.add_perm("alliances.manage_people", steers)
rules.add_perm("alliances.appoint", is_agent | oversees | is_operator)
"""Gives and ends the roles that hold power: also the regional coordinator and the operator, so that an
alliance whose agent has left is never without anyone who can name the next."""
rules.add_perm("alliances.delegate", steers)
rules.add_perm("alliances.remember", steers)
rules.add_perm("alliances.manage_terms", steers)
rules.add_perm("alliances.hand_over", is_agent | oversees)
"""Makes the handover file: also the regional coordinator, when the agent has already left."""
rules.add_perm("alliances.read_handover", owns_document & of_document(is_agent | oversees))
rules.add_perm("alliances.read_agreement_document", of_document(is_open | is_inside))
"""The agreement of an alliance is a public document once its pages are open."""

# Importing them registers their permissions.
from maillage.alliances.acts import rules as act_rules  # noqa: E402, F401
from maillage.alliances.links import rules as link_rules  # noqa: E402, F401
from maillage.alliances.notices import rules as notice_rules  # noqa: E402, F401
