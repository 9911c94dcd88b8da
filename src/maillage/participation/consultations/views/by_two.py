"""What nobody does alone while people answer: the page where a second person looks, then confirms or not."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maillage.core.access import may
from maillage.participation.consultations import asking, services
from maillage.participation.consultations.forms import ExtendForm
from maillage.participation.consultations.models import Asked, Consultation
from maillage.participation.consultations.views.common import on_consultation, say
from maillage.participation.consultations.views.prepare import step_context, steps_url

LISTED = 25
S = Consultation.State


@never_cache
@on_consultation("participation.second")
def asked(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """What waits for a second person, and what came of the rest."""
    live = list(asking.live(consultation).order_by("pk"))
    ended = Asked.objects.filter(consultation=consultation).exclude(state__in=asking.LIVE).order_by("-ended_at", "-pk")
    page = Paginator(ended, LISTED).get_page(request.GET.get("page"))
    for row in (*live, *page.object_list):
        row.consultation = consultation
    context = step_context(consultation) | {
        "live": [asking.tell(row, request.user) for row in live],
        "page": page, "ended": [asking.tell(row, request.user) for row in page.object_list],
        "may_run": may(request.user, "participation.run", consultation),
    }  # fmt: skip
    return render(request, "participation/consultations/asked.html", context)


@require_POST
@on_consultation("participation.second")
def asked_answer(request: HttpRequest, consultation: Consultation, asked: uuid.UUID) -> HttpResponse:
    """Confirm, or not; or take back what one asked."""
    row = get_object_or_404(Asked, consultation=consultation, uuid=asked)
    row.consultation = consultation
    try:
        if request.POST.get("acte") == "confirmer":
            found = asking.confirm(asked=row, by=request.user, now=timezone.now())
            agreed = found.state == Asked.State.AGREED
            messages.success(request, _("Confirmed. The team makes them.") if agreed else _("Confirmed: it is done."))
        else:
            asking.drop(asked=row, by=request.user, now=timezone.now())
            messages.success(request, _("Not confirmed: nothing changes."))
    except ValidationError as refused:
        say(request, refused)
    return redirect("participation_in:asked", consultation.alliance.slug, consultation.uuid)


def to_asked(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """After someone asked: the page where it waits."""
    messages.success(request, _("Asked. Nothing changes until a second person confirms."))
    return redirect("participation_in:asked", consultation.alliance.slug, consultation.uuid)


@on_consultation("participation.run")
def consultation_extend(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Ask that it close later, and say why."""
    if consultation.state != S.OPEN:
        return redirect(steps_url(consultation))
    waits = asking.waiting_for(consultation, Asked.Kind.EXTEND)
    form = ExtendForm(request.POST or None, zone=consultation.alliance.zone)
    if form.write(services.ask_extension, consultation=consultation, by=request.user, now=timezone.now()):
        return to_asked(request, consultation)
    refused = form.is_bound and form.errors
    context = step_context(consultation) | {"form": form, "waits": waits}
    return render(request, "participation/consultations/extend.html", context, status=422 if refused else 200)
