"""Seats by college and the people who hold them; one's own seats, and the choice to be named."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.forms import EndForm
from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import HolderForm, PlanForm
from maillage.concertation.governance.holders import person_of
from maillage.concertation.governance.models import SeatHolder
from maillage.concertation.governance.selectors.seats import (
    colleges_of,
    former_holders,
    mandates_of,
    with_holders,
)
from maillage.concertation.governance.views.common import refuse, sentences, space_for_members, tabs
from maillage.concertation.models import Seat, Space
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may

PER_PAGE = 40


@in_alliance("alliances.view_inside")
def holders(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The seats of a space and who holds them, for those who sit there."""
    return _holders(request, alliance, space_for_members(request, alliance, key))


def _holders(request: HttpRequest, alliance: Alliance, space: Space, plan: PlanForm | None = None) -> HttpResponse:
    today, may_edit = alliance.today(), may(request.user, "concertation.edit", space)
    seats = Seat.objects.at(today).filter(space=space, actor__merged_into=None).select_related("actor")
    page = Paginator(seats.order_by("actor__type", "actor__sort_key", "id"), PER_PAGE).get_page(request.GET.get("page"))
    colleges = colleges_of([space], today)[space.pk]
    planned = {college.code: college.planned for college in colleges if college.planned is not None}
    if may_edit and plan is None:
        plan = PlanForm(planned=planned, initial={"since": today})
    context = {
        "alliance": alliance, "space": space, "today": today, "page": page, "may_edit": may_edit, "plan": plan,
        "colleges": colleges, "lines": with_holders(page.object_list, today, inside=True),
        "former": former_holders(space, today)[:PER_PAGE],
        "vacant": sum(college.vacant for college in colleges), "tabs": tabs(request, space, "holders"),
    }  # fmt: skip
    return render(request, "concertation/governance/holders.html", context)


@require_POST
@in_alliance("concertation.edit")
def plan(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Fix how many seats each college has."""
    space = find_space(request, alliance, key)
    form = PlanForm(request.POST, planned={})
    if form.is_valid():
        try:
            with transaction.atomic():
                for college, seats in form.values().items():
                    services.plan_seats(
                        space=space, college=college, seats=seats, by=request.user, since=form.cleaned_data["since"]
                    )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The seats of each college are written."))
            return redirect("concertation_in:holders", alliance.slug, space.uuid)
    return _holders(request, alliance, space, form)


@in_alliance("concertation.edit")
def holder_add(request: HttpRequest, alliance: Alliance, key: uuid.UUID, pk: int) -> HttpResponse:
    """Say who holds a seat, or takes the holder's place."""
    seat = get_object_or_404(
        Seat.objects.select_related("space__alliance", "actor"), pk=pk, space__uuid=key, space__alliance=alliance
    )
    today = alliance.today()
    form = HolderForm(request.POST or None, seat=seat, today=today, initial={"since": today, "part": "holder"})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_holder(seat=seat, by=request.user, today=today, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The seat has its person, who may now be invited, account or not."))
            return redirect("concertation_in:holders", alliance.slug, seat.space.uuid)
    context = {"alliance": alliance, "space": seat.space, "seat": seat, "form": form}
    return render(request, "concertation/governance/holder_add.html", context)


@in_alliance("concertation.edit")
def holder_end(request: HttpRequest, alliance: Alliance, holder: uuid.UUID) -> HttpResponse:
    """Say from which day a person no longer holds a seat."""
    row = _find_holder(alliance, holder)
    form = EndForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_holder(holder=row, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The mandate is ended. The person stays a member of the alliance."))
            return redirect("concertation_in:holders", alliance.slug, row.seat.space.uuid)
    context = {"alliance": alliance, "space": row.seat.space, "holder": row, "form": form}
    return render(request, "concertation/governance/holder_end.html", context)


def _find_holder(alliance: Alliance, key: uuid.UUID) -> SeatHolder:
    rows = SeatHolder.objects.select_related("seat__space__alliance", "seat__actor", "person")
    return get_object_or_404(rows, uuid=key, seat__space__alliance=alliance)


@in_alliance("alliances.view_inside")
def my_seats(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """One's own seats in the alliance, each with the choice to be named in public."""
    person = person_of(request.user, alliance)
    mandates = mandates_of(person, alliance.today()) if person else []
    for mandate in mandates:
        mandate.seat.space.alliance = alliance
    context = {"alliance": alliance, "mandates": mandates, "today": alliance.today()}
    return render(request, "concertation/governance/my_seats.html", context)


@require_POST
@in_alliance("alliances.view_inside")
def named(request: HttpRequest, alliance: Alliance, holder: uuid.UUID) -> HttpResponse:
    """Be named in public for this seat, or no longer."""
    row = _find_holder(alliance, holder)
    if not may(request.user, "concertation.name_oneself", row):
        raise Http404
    try:
        services.choose_named(holder=row, named=request.POST.get("named") == "1", by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, sentences(refused))
    else:
        messages.success(request, _("Your choice is kept. You may change it whenever you like."))
    return redirect("concertation_in:my_seats", alliance.slug)
