"""Pages of spaces: the list, one space with its members, and what the agent adds and changes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.forms import EndForm
from maillage.actors.models import Actor
from maillage.actors.selectors import actors_of, named_like, sees_all
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation import services
from maillage.concertation.forms import SeatForm, SpaceForm
from maillage.concertation.governance.selectors.page import working
from maillage.concertation.governance.selectors.seats import with_holders
from maillage.concertation.governance.tabs import tabs
from maillage.concertation.models import Seat, Space
from maillage.concertation.selectors import (
    categories,
    former_seats,
    seats_of,
    spaces_of,
    types_by_space,
)
from maillage.core import contributions
from maillage.core.access import may

PER_PAGE = 30
CANDIDATES = 12


@in_alliance("alliances.view")
def spaces(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The spaces of the alliance, each with its members by type."""
    today, everything = alliance.today(), sees_all(request.user, alliance)
    page = Paginator(spaces_of(alliance, today, everything=everything).select_related("parent"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = list(page.object_list)
    seats = seats_of(alliance, today, everything=everything)
    composition = types_by_space(seats.filter(space__in=[space.pk for space in shown]))
    largest = max((sum(types.values()) for types in composition.values()), default=0)
    return render(
        request,
        "concertation/spaces.html",
        {
            "alliance": alliance,
            "page": page,
            "lines": [{"space": space, **summary(composition.get(space.pk, {}), largest)} for space in shown],
            "actors": seats.order_by().values("actor").distinct().count(),
            "may_edit": may(request.user, "concertation.edit", alliance),
        },
    )


def summary(types: dict[str, int], largest: int = 0) -> dict[str, Any]:
    """The members by type, and the parts of their bar: ``x`` and ``w`` in percent of ``largest`` (of all, at 0)."""
    total = sum(types.values())
    whole, before, parts = largest or total, 0, []
    for code, n in types.items():
        parts.append({"code": code, "n": n, "x": f"{100 * before / whole:.2f}%", "w": f"{100 * n / whole:.2f}%"})
        before += n
    return {"types": types, "total": total, "parts": parts}


def find_space(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> Space:
    """The space of this address, for whoever may see it. Errors: ``Http404``."""
    space = get_object_or_404(Space.objects.select_related("parent"), alliance=alliance, uuid=key)
    space.alliance = alliance
    if not may(request.user, "concertation.view", space):
        raise Http404
    return space


@in_alliance("alliances.view")
def space(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The page of one space."""
    found = find_space(request, alliance, key)
    today, everything = alliance.today(), sees_all(request.user, alliance)
    seats = seats_of(alliance, today, everything=everything).filter(space=found)
    members = seats.select_related("actor").order_by("actor__sort_key", "actor_id", "id")
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page"))
    may_edit = may(request.user, "concertation.edit", found)
    inside = may(request.user, "concertation.view_space_inside", found)
    asked = request.GET.get("ajouter", "").strip()[:120] if may_edit else ""
    panels = contributions.panels.collect(alliance, request.user, today, page="space", subject=found)
    return render(
        request,
        "concertation/space.html",
        {
            "alliance": alliance,
            "space": found,
            "today": today,
            **summary(types_by_space(seats).get(found.pk, {})),
            "categories": categories(seats),
            "dated": seats.exclude(since=None).exists(),
            "page": page,
            "lines": with_holders(page.object_list, today, inside=inside),
            "inside": inside,
            "tabs": tabs(request, found, "space"),
            "working": working(found, today, everything=everything or inside),
            "turned": "page" in request.GET,
            "former": former_seats(found, today, everything=everything)[:PER_PAGE],
            "children": list(spaces_of(alliance, today, everything=everything).filter(parent=found)[:50]),
            "panels": sorted(panels, key=lambda panel: panel.order),
            "may_edit": may_edit,
            "asked": asked,
            "candidates": _candidates(alliance, found, asked) if asked else [],
            "seat_form": SeatForm() if may_edit else None,
        },
    )


def _candidates(alliance: Alliance, space: Space, asked: str) -> list[Actor]:
    """Actors of this name that have no seat in the space today."""
    today = alliance.today()
    seated = Seat.objects.at(today).filter(space=space).values("actor")
    found = actors_of(alliance, today, everything=True).filter(named_like(asked)).exclude(pk__in=seated)
    return list(found[:CANDIDATES])


@in_alliance("concertation.edit")
def space_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Add a space."""
    form = SpaceForm(request.POST or None, alliance=alliance, initial={"is_public": True})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_space(alliance=alliance, by=request.user, **form.values())
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("%(name)s is open. Give its members their seats below.") % {"name": made.name})
            return redirect(made)
    return render(request, "concertation/space_form.html", {"alliance": alliance, "form": form, "space": None})


@in_alliance("concertation.edit")
def space_edit(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Change a space."""
    found = find_space(request, alliance, key)
    form = SpaceForm(request.POST or None, alliance=alliance, space=found, initial=SpaceForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_space(space=found, changes=form.values(), by=request.user, today=alliance.today())
        except ValidationError as refused:
            form.add_error(None, refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(found)
    return render(request, "concertation/space_form.html", {"alliance": alliance, "form": form, "space": found})


@in_alliance("concertation.edit")
def space_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say from which day a space meets no more."""
    found = find_space(request, alliance, key)
    form = EndForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_space(space=found, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as refused:
            form.add_error("on", refused.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, _("%(name)s keeps its page and its history.") % {"name": found.name})
            return redirect(found)
    return render(request, "concertation/space_end.html", {"alliance": alliance, "form": form, "space": found})


@require_POST
@in_alliance("concertation.edit")
def seat_give(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Give an actor a seat in the space."""
    found = find_space(request, alliance, key)
    form = SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Check the date: it is written year, month, day, as in 2026-11-20."))
        return redirect(found)
    actor = get_object_or_404(Actor, alliance=alliance, uuid=form.cleaned_data["actor"])
    try:
        services.seat_actor(
            space=found, actor=actor, by=request.user,
            since=form.cleaned_data["since"], category=form.cleaned_data["category"],
        )  # fmt: skip
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(name)s now has a seat.") % {"name": actor.name})
    return redirect(found)


@require_POST
@in_alliance("concertation.edit")
def seat_end(request: HttpRequest, alliance: Alliance, key: uuid.UUID, pk: int) -> HttpResponse:
    """The actor leaves the space today."""
    seat = get_object_or_404(
        Seat.objects.select_related("space", "actor"), pk=pk, space__uuid=key, space__alliance=alliance
    )
    try:
        services.end_seat(seat=seat, on=alliance.today(), by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("%(name)s no longer has a seat here.") % {"name": seat.actor.name})
    return redirect(seat.space)
