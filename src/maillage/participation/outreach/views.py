"""The agent's pages of the outreach plan."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.access import may
from maillage.participation.consultations.forms import ReasonForm
from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.consultations.views.prepare import step_context
from maillage.participation.outreach import services, showing
from maillage.participation.outreach.forms import OutcomeForm, WayForm
from maillage.participation.outreach.models import Outreach

S = Consultation.State


def _list_url(consultation: Consultation) -> str:
    return reverse("participation_in:outreach", args=[consultation.alliance.slug, consultation.uuid])


def _context(request: HttpRequest, consultation: Consultation, **more: Any) -> dict[str, Any]:
    return step_context(consultation) | {
        "list_url": _list_url(consultation), "runs": may(request.user, "participation.run", consultation), **more,
    }  # fmt: skip


def _way(consultation: Consultation, key: uuid.UUID) -> Outreach:
    found = get_object_or_404(Outreach.objects.select_related("relay"), consultation=consultation, uuid=key)
    found.consultation = consultation
    return found


@on_consultation("participation.read_outreach")
def outreach(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """The plan in order: what is planned, what came of it."""
    today = consultation.alliance.today()
    ways = list(showing.rows_of(consultation))
    plans = may(request.user, "participation.plan_outreach", consultation)
    rows: list[dict[str, Any]] = [
        {
            "way": way, "public": showing.tell(way, consultation.threshold, today), "first": number == 1,
            "last": number == len(ways),
        }
        for number, way in enumerate(ways, start=1)
    ]  # fmt: skip
    done = [way for way in ways if way.state == "done"]
    context = _context(
        request, consultation, rows=rows, plans=plans, done=len(done),
        notes=may(request.user, "participation.note_outreach", consultation),
        late=sum(row["public"].late for row in rows), full=len(ways) >= services.MOST,
    )  # fmt: skip
    return render(request, "participation/outreach/outreach.html", context)


def _form_page(request: HttpRequest, consultation: Consultation, form: WayForm, way: Outreach | None) -> HttpResponse:
    context = _context(request, consultation, form=form, way=way)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/outreach/form.html", context, status=status)


@on_consultation("participation.plan_outreach")
def outreach_new(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """One more way towards people."""
    form = WayForm(request.POST or None, alliance=consultation.alliance, initial={"is_public": True})
    if request.method == "POST" and form.write(services.add_way, consultation=consultation, by=request.user):
        messages.success(request, _("It is in the plan."))
        name = "outreach_new" if request.POST.get("encore") else "outreach"
        return redirect(f"participation_in:{name}", consultation.alliance.slug, consultation.uuid)
    return _form_page(request, consultation, form, None)


@on_consultation("participation.plan_outreach")
def outreach_edit(request: HttpRequest, consultation: Consultation, way: uuid.UUID) -> HttpResponse:
    """Change what is planned."""
    found = _way(consultation, way)
    form = WayForm(
        request.POST or None, alliance=consultation.alliance, way=found, initial=WayForm.initial_of(found)
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.update_way(way=found, changes=form.cleaned_data, by=request.user)
        except ValidationError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(_list_url(consultation))
    return _form_page(request, consultation, form, found)


@require_POST
@on_consultation("participation.plan_outreach")
def outreach_move(request: HttpRequest, consultation: Consultation, way: uuid.UUID) -> HttpResponse:
    """Put it before, or after, its neighbour."""
    try:
        services.move_way(way=_way(consultation, way), up=request.POST.get("vers") == "haut", by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("The order is changed."))
    return redirect(_list_url(consultation))


@require_POST
@on_consultation("participation.plan_outreach")
def outreach_remove(request: HttpRequest, consultation: Consultation, way: uuid.UUID) -> HttpResponse:
    """Take it out of the plan, in preparation."""
    try:
        services.remove_way(way=_way(consultation, way), by=request.user)
    except ValidationError as refused:
        say(request, refused)
    else:
        messages.success(request, _("It is out of the plan."))
    return redirect(_list_url(consultation))


@on_consultation("participation.note_outreach")
def outreach_outcome(request: HttpRequest, consultation: Consultation, way: uuid.UUID) -> HttpResponse:
    """Say what came of it; take it back where it was a mistake."""
    found = _way(consultation, way)
    today = consultation.alliance.today()
    if request.method == "POST" and request.POST.get("acte") == "reprendre":
        try:
            services.take_back(way=found, by=request.user)
        except ValidationError as refused:
            say(request, refused)
        else:
            messages.success(request, _("It is planned again."))
        return redirect(_list_url(consultation))
    if request.method == "POST" and request.POST.get("acte") == "taire":
        try:
            services.hide_way(way=found, by=request.user)
        except ValidationError as refused:
            say(request, refused)
        else:
            messages.success(request, _("It is no longer told in public."))
        return redirect(_list_url(consultation))
    past = found.last_day if found.last_day is not None and found.last_day <= today else today
    initial = {"done_on": found.done_on or past, "reached": found.reached, "outcome": found.outcome}
    form = OutcomeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.write(services.note_outcome, way=found, by=request.user, today=today):
        messages.success(request, _("What came of it is written."))
        return redirect(_list_url(consultation))
    context = _context(request, consultation, form=form, way=found)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/outreach/outcome.html", context, status=status)


@on_consultation("participation.note_outreach")
def outreach_cancel(request: HttpRequest, consultation: Consultation, way: uuid.UUID) -> HttpResponse:
    """It does not take place: say why."""
    found = _way(consultation, way)
    form = ReasonForm(request.POST or None, initial={"why": found.cancelled_why})
    if request.method == "POST" and form.write(
        services.cancel_way, way=found, by=request.user, today=consultation.alliance.today()
    ):
        messages.success(request, _("The plan says that it does not take place, and why."))
        return redirect(_list_url(consultation))
    context = _context(request, consultation, form=form, way=found)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participation/outreach/cancel.html", context, status=status)
