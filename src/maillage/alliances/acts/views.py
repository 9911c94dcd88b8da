"""What was done in the members' name, told to everyone; the appeal of a member and the coordination's answer."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.acts import appeals, selectors
from maillage.alliances.acts.forms import AnswerForm, AppealForm
from maillage.alliances.acts.models import ActInName, Appeal
from maillage.alliances.models import Alliance
from maillage.alliances.views.common import page_of
from maillage.core.access import may


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


@require_safe
@in_alliance("alliances.view")
def acts(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Newest first, by kind where asked; the powers that were delegated."""
    kinds = selectors.kinds_present(alliance)
    kind = request.GET.get("sorte", "")
    kind = kind if kind in {code for code, _words, _count in kinds} else ""
    page = page_of(request, selectors.acts_of(alliance, kind))
    context = {
        "alliance": alliance,
        "page": page,
        "groups": selectors.groups(selectors.lines(page, request.user), alliance),
        "kinds": kinds,
        "kind": kind,
        "powers": selectors.powers_today(alliance, alliance.today()),
        "may_appeal": may(request.user, "alliances.appeal", alliance),
        "may_steer": may(request.user, "alliances.delegate", alliance),
    }
    return render(request, "alliances/acts/acts.html", context)


def _act(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> selectors.Line:
    """Errors: ``Http404`` for what is not there, or is withheld from the reader."""
    found = get_object_or_404(ActInName.objects.select_related("alliance__parent"), alliance=alliance, uuid=key)
    (line,) = selectors.lines([found], request.user)
    if line.hidden:
        raise Http404
    return line


@require_safe
@in_alliance("alliances.view")
def act(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    line = _act(request, alliance, key)
    context = {
        "alliance": alliance,
        "line": line,
        "may_appeal": may(request.user, "alliances.appeal", line.act),
        "may_answer": may(request.user, "alliances.answer_appeal", line.act),
    }
    return render(request, "alliances/acts/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_alliance("alliances.appeal")
def appeal_make(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """A member says why an act should be looked at again."""
    line = _act(request, alliance, key)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            appeals.make(
                line.act, by=request.user, reason=form.cleaned_data["reason"], site=site_of(request),
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your appeal is with the coordination. Its answer will be shown here."))
            return redirect("alliances_in:act", alliance.slug, line.act.uuid)
    waits_for = selectors.coordination_of(alliance, alliance.today())
    context = {"alliance": alliance, "line": line, "form": form, "has_coordination": bool(waits_for)}
    return render(request, "alliances/acts/appeal_make.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@in_alliance("alliances.view_inside")
def appeal(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """One appeal with its reason: for whoever wrote it, and for the coordination, who answers."""
    rows = Appeal.objects.select_related("act__alliance__parent", "person")
    found = get_object_or_404(rows, act__alliance=alliance, uuid=key)
    if not may(request.user, "alliances.read_appeal", found):
        raise PermissionDenied("alliances.read_appeal")
    answerable = may(request.user, "alliances.answer_appeal", found) and found.state == Appeal.State.OPEN
    form = AnswerForm(request.POST or None) if answerable or request.method == "POST" else None
    if request.method == "POST" and form is not None and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            appeals.answer(
                found, by=request.user, state=data["state"], words=data["answer"], site=site_of(request),
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The answer is published, and whoever appealed is told."))
            return redirect("alliances_in:act", alliance.slug, found.act.uuid)
    (line,) = selectors.lines([found.act], None)
    context = {"alliance": alliance, "appeal": found, "line": line, "form": form}
    return render(request, "alliances/acts/appeal.html", context, status=422 if form and form.errors else 200)
