"""What stands in a space's way, what was tried, what came of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance import services
from maillage.concertation.governance.forms import ChangeObstacleForm, ObstacleForm, OutcomeForm, TriedForm
from maillage.concertation.governance.models import Obstacle, ObstacleStep
from maillage.concertation.governance.selectors.settings import words_of
from maillage.concertation.governance.selectors.texts import obstacles_of
from maillage.concertation.governance.views.common import refuse, tabs
from maillage.concertation.models import Space
from maillage.concertation.views.spaces import find_space
from maillage.core.access import may


@in_alliance("alliances.view")
def obstacles(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The obstacles of a space; in public, those it chose to show."""
    space, today = find_space(request, alliance, key), alliance.today()
    inside = may(request.user, "concertation.view_space_inside", space)
    labels = words_of(alliance, "obstacle")
    lines = [
        {"row": row, "kind": labels.get(row.code, row.code), "over": row.until is not None and row.until <= today}
        for row in obstacles_of(space, inside=inside)
    ]
    context = {
        "alliance": alliance, "space": space, "today": today, "lines": lines, "inside": inside,
        "may_name": may(request.user, "concertation.name_obstacles", space), "tabs": tabs(request, space, "obstacles"),
    }  # fmt: skip
    return render(request, "concertation/governance/obstacles.html", context)


def _may_name(request: HttpRequest, space: Space) -> bool:
    """Refuse whoever may not name obstacles; returns whether they may also show them in public."""
    if not may(request.user, "concertation.name_obstacles", space):
        raise PermissionDenied("concertation.name_obstacles")
    return may(request.user, "concertation.edit", space)


def _find(alliance: Alliance, key: uuid.UUID) -> Obstacle:
    row = get_object_or_404(Obstacle.objects.select_related("space"), uuid=key, space__alliance=alliance)
    row.space.alliance = alliance
    return row


def _page(request: HttpRequest, space: Space, form: object, title: str, action: str) -> HttpResponse:
    context = {"alliance": space.alliance, "space": space, "form": form, "title": title, "action": action}
    return render(request, "concertation/governance/obstacle_form.html", context)


@in_alliance("alliances.view_inside")
def obstacle_name(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Name an obstacle of the space."""
    space = find_space(request, alliance, key)
    may_publish = _may_name(request, space)
    initial = {"since": alliance.today()}
    form = ObstacleForm(request.POST or None, alliance=alliance, may_publish=may_publish, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_obstacle(space=space, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The obstacle is named. Note below what the space tries."))
            return redirect("concertation_in:obstacles", alliance.slug, space.uuid)
    return _page(request, space, form, _("Name an obstacle"), _("Name this obstacle"))


@in_alliance("alliances.view_inside")
def obstacle_change(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Say an obstacle better, show it, or say that it stands no more."""
    row = _find(alliance, key)
    may_publish = _may_name(request, row.space)
    initial = {"words": row.words, "until": row.until, "is_public": row.is_public}
    form = ChangeObstacleForm(request.POST or None, may_publish=may_publish, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_obstacle(obstacle=row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("concertation_in:obstacles", alliance.slug, row.space.uuid)
    return _page(request, row.space, form, _("Change an obstacle"), _("Save the changes"))


@in_alliance("alliances.view_inside")
def obstacle_tried(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """Note what was tried."""
    row = _find(alliance, key)
    _may_name(request, row.space)
    form = TriedForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.try_step(obstacle=row, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("What was tried is noted."))
            return redirect("concertation_in:obstacles", alliance.slug, row.space.uuid)
    return _page(request, row.space, form, _("Note what was tried"), _("Note it"))


@in_alliance("alliances.view_inside")
def obstacle_outcome(request: HttpRequest, alliance: Alliance, key: uuid.UUID, pk: int) -> HttpResponse:
    """Say what came of something that was tried."""
    row = _find(alliance, key)
    _may_name(request, row.space)
    step = get_object_or_404(ObstacleStep, pk=pk, obstacle=row)
    step.obstacle = row
    form = OutcomeForm(request.POST or None, initial={"outcome": step.outcome})
    if request.method == "POST" and form.is_valid():
        try:
            services.tell_outcome(step=step, by=request.user, **form.cleaned_data)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("What it gave is noted."))
            return redirect("concertation_in:obstacles", alliance.slug, row.space.uuid)
    return _page(request, row.space, form, _("What it gave"), _("Note it"))
