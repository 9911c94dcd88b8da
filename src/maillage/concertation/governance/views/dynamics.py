"""The dynamics of a space by college, for those who sit there."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.actors.interests.selectors import references_left
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance.selectors.dynamics import dynamics_of
from maillage.concertation.governance.views.common import space_for_members, tabs


@in_alliance("alliances.view_inside")
def dynamics(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Who proposes, speaks and leads, how long objections last: by college, never by person."""
    space = space_for_members(request, alliance, key)
    found = dynamics_of(space, alliance.today(), left=references_left(request.user))
    context = {
        "alliance": alliance, "space": space, "found": found, "tabs": tabs(request, space, "dynamics"),
        "tables": [found.proposals, found.speaking, found.leadership], "figures": [found.spread, found.objections],
    }  # fmt: skip
    return render(request, "concertation/governance/dynamics.html", context)
