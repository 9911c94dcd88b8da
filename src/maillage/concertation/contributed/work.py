"""What waits for the agent, and the entries of the menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.selectors import actors_of
from maillage.actors.vocabulary import ActorType
from maillage.alliances.models import Alliance
from maillage.concertation.selectors import seats_of, spaces_of
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import NavigationItem, Todo
from maillage.core.formats import number


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """The pages of actors and spaces that anyone may read; the agent has them in the side menu too."""
    actors, tables = _("Actors and ties"), _("Tables and meetings")
    entries = [
        (_("Actors"), "concertation_in:directory", 30, actors),
        (_("Spaces"), "concertation_in:spaces", 32, tables),
    ]
    steers = viewer is not None and may(viewer, "concertation.edit", scope)
    for label, name, order, group in entries:
        url = reverse(name, args=[scope.slug])
        yield NavigationItem(label=label, url=url, area="public", order=order)
        if steers:
            yield NavigationItem(label=label, url=url, area="workspace", group=group, order=order)
    if not steers:
        return
    entries_of_agent = [
        (_("Lists of members"), "concertation_in:imports", 36, []),
        (_("Duplicates"), "actors_in:duplicates", 38, [reverse("actors_in:merges", args=[scope.slug])]),
    ]
    for label, name, order, also in entries_of_agent:
        url = reverse(name, args=[scope.slug])
        yield NavigationItem(label=label, url=url, area="workspace", group=actors, order=order, also=also)


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Actors whose type is to be specified, spaces without a member. Two queries, for the agent only."""
    if viewer is None or not may(viewer, "concertation.edit", scope):
        return
    vague = actors_of(scope, today, everything=True).filter(type=ActorType.UNSPECIFIED).count()
    if vague:
        words = ngettext("%(n)s actor has no type yet", "%(n)s actors have no type yet", vague)
        yield Todo(
            title=words % {"n": number(vague)},
            detail=_("Their colour is missing from the picture of the alliance."),
            url=f"{reverse('concertation_in:directory', args=[scope.slug])}?type={ActorType.UNSPECIFIED}",
            action=_("Specify their types"),
            key="actors-unspecified",
        )
    held = seats_of(scope, today, everything=True).filter(space=OuterRef("pk"))
    empty = list(spaces_of(scope, today, everything=True).filter(~Exists(held))[:3])
    for space in empty:
        space.alliance = scope
        yield Todo(
            title=_("%(name)s has no member") % {"name": space.name},
            url=space.get_absolute_url(),
            action=_("Give seats"),
            key=f"space-empty-{space.uuid}",
        )
