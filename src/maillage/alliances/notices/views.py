"""Choosing what one is told, from the address at the foot of a message or from one's account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Person
from maillage.alliances.notices import services
from maillage.alliances.notices.forms import ChoicesForm
from maillage.core.access import may


@behind_an_address
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, token: str) -> HttpResponse:
    """What a person receives from one alliance, opened from a message."""
    link = links.find(token, services.STOP)
    if link is None:
        return closed(request)
    return _choices(request, link.person, by=None, via="link", back=lambda: redirect(request.path))


@csrf_exempt
@behind_an_address
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """One click to stop one kind. Mail programs post here by themselves (RFC 8058), without cookie nor page."""
    link = links.find(token, services.STOP)
    if link is None:
        return closed(request)
    try:
        label = _("weekly message") if kind == services.DIGEST else services.kind_of(kind).label
    except LookupError:
        return closed(request)
    if request.method == "POST" and kind == services.DIGEST:
        services.stop_digest(person=link.person, by=None, via="link")
    elif request.method == "POST":
        services.stop(person=link.person, kind=kind, by=None, via="link")
    context = {"link": link, "label": label, "token": token, "stopped": request.method == "POST"}
    return render(request, "alliances/notices/stop.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes avis »: the alliances that know this account; straight to the page where there is one."""
    rows = Person.objects.filter(user__in=[request.user.pk], erased_at=None).select_related("alliance")
    found = list(rows.order_by("sort_key", "id"))
    if len(found) == 1:
        return redirect("alliances:my_notice_choices", found[0].uuid)
    return render(request, "alliances/notices/mine.html", {"people": found})


@require_http_methods(["GET", "HEAD", "POST"])
def own_choices(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.select_related("alliance__parent"), uuid=person_id)
    if not may(request.user, "alliances.choose_notices", person):
        raise Http404
    return _choices(request, person, by=request.user, via="web", back=lambda: redirect(request.path))


def _choices(
    request: HttpRequest, person: Person, *, by: Any, via: str, back: Callable[[], HttpResponse]
) -> HttpResponse:
    initial = {f"kind:{code}": when for code, when in services.choices_of(person).items()}
    form = ChoicesForm(request.POST or None, initial={**initial, "language": person.language})
    if request.method == "POST" and "stop" in request.POST:
        services.stop_all(person=person, by=by, via=via)
        messages.success(request, _("You will receive no more notices, except where your answer is asked for."))
        return back()
    if request.method == "POST" and form.is_valid():
        services.choose(
            person=person, choices=form.chosen(), language=form.cleaned_data["language"], by=by, via=via
        )  # fmt: skip
        messages.success(request, _("Your choices are kept."))
        return back()
    context = {"person": person, "form": form, "signed_in": by is not None}
    return render(request, "alliances/notices/choices.html", context, status=422 if form.errors else 200)
