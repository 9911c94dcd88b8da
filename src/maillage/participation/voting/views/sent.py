"""After sending: an address may be left, for what was done with it. This page knows nothing of any ballot."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from maillage.participation.consultations import feedback
from maillage.participation.consultations.models import Consultation
from maillage.participation.vocabulary import Channel
from maillage.participation.voting import limits
from maillage.participation.voting.addresses import address_of
from maillage.participation.voting.views.ballot import around
from maillage.participation.voting.views.common import from_elsewhere, page_of, taking_part


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    page = page_of(request, consultation) | {"channel": Channel.ONLINE, "outcome": None, "email": "", "wrong": ""}
    page |= around(page) | {"left": request.GET.get("note") == "1", "follows": feedback.takes_addresses(consultation)}
    if request.method != "POST":
        return render(request, "participation/voting/sent.html", page)
    email = request.POST.get("email", "").strip()
    if from_elsewhere(request):
        page |= {"email": email, "wrong": page["ui"]["elsewhere"]}
        return render(request, "participation/voting/sent.html", page, status=403)
    if not limits.addresses.lets(limits.network_address(request)):
        page |= {"email": email, "wrong": page["ui"]["slow_down"]}
        return render(request, "participation/voting/sent.html", page, status=429)
    try:
        feedback.leave_address(consultation=consultation, email=email, language=page["language"])
    except ValidationError:
        wrong = page["ui"]["follow_wrong" if page["follows"] else "follow_over"]
        return render(request, "participation/voting/sent.html", page | {"email": email, "wrong": wrong}, status=422)
    address = address_of("sent", consultation, page["langue"])
    return HttpResponseRedirect(f"{address}{'&' if '?' in address else '?'}note=1")
