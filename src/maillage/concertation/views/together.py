"""Who works with whom, as the seats show it: the woven picture, actors at several tables, members in common."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from maillage.actors.selectors import sees_all
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.directory import spaces_by_actor
from maillage.concertation.models import Space
from maillage.concertation.selectors import Shared, places, seats_of, several_tables, shared_members, spaces_of
from maillage.concertation.views.directory import WRITERS
from maillage.concertation.weaving import standing

PER_PAGE = 10
PAIRS_SHOWN = 12
MATRIX_LIMIT = 60
"""Beyond this many spaces a grid is no longer read: the file has every pair."""


@in_alliance("alliances.view")
def together(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Who works with whom, in a picture, in words and in tables."""
    today, everything = alliance.today(), sees_all(request.user, alliance)
    found = standing(alliance, today, everything=everything)
    spaces = {space.pk: space for space in found.spaces}
    pairs = shared_members(found.places)
    paginator = Paginator(several_tables(alliance, today, everything=everything), PER_PAGE)
    # Counted above already; the paginator's own count would join every seat again.
    paginator.count = found.several
    page = paginator.get_page(request.GET.get("page"))
    actors = list(page.object_list)
    held = spaces_by_actor(seats_of(alliance, today, everything=everything), actors)
    linked = {pair.first for pair in pairs} | {pair.second for pair in pairs}
    return render(
        request,
        "concertation/together.html",
        {
            "alliance": alliance,
            "picture": found.picture(),
            "spaces": len(spaces),
            "page": page,
            "lines": [{"actor": actor, "spaces": held[actor.pk]} for actor in actors],
            "pairs": [_named(pair, spaces) for pair in islice(pairs, PAIRS_SHOWN)],
            "pair_count": len(pairs),
            "to_join": [space for space in spaces.values() if space.pk not in linked] if len(spaces) > 1 else [],
            "matrix": _matrix(spaces, pairs) if 1 < len(spaces) <= MATRIX_LIMIT and pairs else None,
        },
    )


def _named(pair: Shared, spaces: dict[int, Space]) -> dict[str, Any]:
    return {"first": spaces[pair.first], "second": spaces[pair.second], "n": pair.actors}


def _matrix(spaces: dict[int, Space], pairs: list[Shared]) -> dict[str, Any]:
    """A square of spaces; each cell: how many members in common, ``None`` on the diagonal. ``level``: 0 to 3."""
    most = max((pair.actors for pair in pairs), default=1)
    common = {(pair.first, pair.second): pair.actors for pair in pairs}
    common |= {(second, first): n for (first, second), n in common.items()}
    rows = []
    for number, (key, space) in enumerate(spaces.items(), start=1):
        cells = [None if other == key else common.get((key, other), 0) for other in spaces]
        shown = [
            None if n is None else {"n": n, "level": 0 if n == 0 else 1 + min(2, 3 * (n - 1) // most)} for n in cells
        ]
        rows.append({"number": number, "space": space, "cells": shown})
    return {"rows": rows, "wide": len(spaces) > 12}


@in_alliance("alliances.view")
def shared_file(request: HttpRequest, alliance: Alliance, form: str) -> HttpResponse:
    """Every pair of spaces with members in common, as a file."""
    if form not in WRITERS:
        raise Http404
    today, everything = alliance.today(), sees_all(request.user, alliance)
    names = dict(spaces_of(alliance, today, everything=everything).values_list("pk", "name"))
    pairs = shared_members(places(seats_of(alliance, today, everything=everything)))
    header = [_("Space"), _("Other space"), _("Members in common")]
    rows = ([names[pair.first], names[pair.second], pair.actors] for pair in pairs)
    return WRITERS[form](f"membres-en-commun-{alliance.slug}", header, rows)
