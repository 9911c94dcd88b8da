"""The pages of a space, as tabs at their top."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.concertation.models import Space
from maillage.core.access import may


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def tabs(request: HttpRequest, space: Space, current: str) -> list[Tab]:
    """The pages of a space, those the reader may open."""
    entries = [("space", _("The space")), ("turns", _("Facilitation")), ("conditions", _("Conditions"))]
    entries += [("charter", _("Charter")), ("obstacles", _("Obstacles"))]
    if may(request.user, "concertation.view_space_inside", space):
        entries.insert(1, ("holders", _("Seats")))
        entries.append(("dynamics", pgettext("of a space", "Dynamics")))
    where = [space.alliance.slug, space.uuid]
    return [Tab(label, reverse(f"concertation_in:{name}", args=where), name == current) for name, label in entries]
