"""The people of the demonstration whom one click signs in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.alliances.models import Alliance, Role

ENDING = ".demo.invalid"
"""Of every address of the demonstration: no mail can ever reach it, and nobody real has it."""
MOST = 200


@dataclass(frozen=True)
class Someone:
    user: User
    kind: str
    """``agent``, ``member``… or ``operator``."""
    role: str
    """The same, in words."""
    alliance: Alliance | None
    """``None`` for the operator of the instance."""


def accounts() -> QuerySet[User]:
    """Accounts that one click may open: never one of a real person, even in a database that holds some."""
    return User.objects.filter(
        Q(is_operator=True) | Q(persons__alliance__fictional=True, persons__erased_at=None),
        email__endswith=ENDING,
        is_active=True,
    ).distinct()


def by_alliance() -> list[tuple[Alliance | None, list[Someone]]]:
    """Who holds which role today, alliance by alliance (the fullest first), then the operators. Two queries."""
    held = (
        Role.objects.filter(
            person__alliance__fictional=True,
            person__erased_at=None,
            person__user__email__endswith=ENDING,
            person__user__is_active=True,
        )
        .select_related("person__user", "person__alliance")
        .order_by("person__sort_key", "id")[:MOST]
    )
    order = {kind: place for place, kind in enumerate(Role.Kind.values)}
    groups: dict[int, tuple[Alliance | None, list[Someone]]] = {}
    for role in sorted(held, key=lambda role: order[role.kind]):
        alliance, user = role.person.alliance, role.person.user
        if user is not None and role.holds(alliance.today()):
            someone = Someone(user, role.kind, role.get_kind_display(), alliance)
            groups.setdefault(alliance.pk, (alliance, []))[1].append(someone)
    found = sorted(groups.values(), key=lambda group: (-len(group[1]), group[0].sort_key if group[0] else ""))
    operators = User.objects.filter(email__endswith=ENDING, is_active=True, is_operator=True).order_by("email")
    people = [Someone(user, "operator", _("operator of the instance"), None) for user in operators[:MOST]]
    return [*found, (None, people)] if people else found
