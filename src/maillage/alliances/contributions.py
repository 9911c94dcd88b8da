from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from maillage.alliances.models import Role
from maillage.core import contributions

POWERFUL = (Role.Kind.AGENT, Role.Kind.REGIONAL, Role.Kind.TREASURER)
"""Roles that act for others or touch money."""


@contributions.holds_power.register
def roles_that_hold_power(user: Any) -> Iterator[str]:
    """One reason for each such role held today, on the date of its own alliance."""
    held = Role.objects.filter(kind__in=POWERFUL, person__user_id=user.pk, person__erased_at=None).select_related(
        "person__alliance"
    )
    for role in held:
        alliance = role.person.alliance
        if role.holds(alliance.today()):
            yield f"{role.get_kind_display()}, {alliance.short_name}"
