"""What the alliances give to the pages of others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from maillage.alliances.models import Alliance, Role
from maillage.core import contributions
from maillage.core.contributions import Place

PLACES = 12
POWERFUL = (Role.Kind.AGENT, Role.Kind.REGIONAL, Role.Kind.TREASURER)
"""Roles that act for others or touch money."""


@contributions.places.register
def places(scope: Alliance | None, viewer: Any, today: dt.date) -> Iterator[Place]:
    """The viewer's own alliances first, then this one, its parent, its sisters and children that are open."""
    rows: dict[int, Alliance] = {}
    if viewer is not None:
        held = Role.objects.at(today).filter(person__user_id=viewer.pk, person__erased_at=None)
        mine = Alliance.objects.filter(pk__in=held.values("person__alliance_id"))
        rows.update({alliance.pk: alliance for alliance in mine[:PLACES]})
    if scope is not None:
        rows.setdefault(scope.pk, scope)
        near = Q(parent_id=scope.pk)
        if scope.parent_id:
            near |= Q(pk=scope.parent_id) | Q(parent_id=scope.parent_id)
        # « regional » before « local »: the parent comes first.
        for alliance in Alliance.objects.filter(near, is_public=True).order_by("-scale", "sort_key", "id")[:PLACES]:
            rows.setdefault(alliance.pk, alliance)
    for alliance in list(rows.values())[:PLACES]:
        current = scope is not None and alliance.pk == scope.pk
        yield Place(label=alliance.short_name, url=alliance.get_absolute_url(), current=current)


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
