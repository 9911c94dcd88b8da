"""« Check my receipt »: says that a ballot is counted, and nothing else. The receipt is never in an address."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maillage.participation.consultations.models import Consultation
from maillage.participation.urn import errors
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Channel
from maillage.participation.voting import ballots, limits
from maillage.participation.voting.views.ballot import around
from maillage.participation.voting.views.common import page_of, taking_part


@taking_part
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    page = page_of(request, consultation) | {"channel": Channel.ONLINE}
    page |= around(page) | {"looked": False, "state": "", "typed_receipt": "", "may_change": False, "status": 200}
    if request.method == "POST":
        typed, address = request.POST.get("receipt", "")[:200], limits.network_address(request)
        page |= {"looked": True, "typed_receipt": typed}
        if not limits.lookups.lets(address):
            page |= {"state": "slow_down", "status": 429}
        else:
            page |= _looked_up(consultation, typed)
            if page["state"] == "receipt_lost" and not limits.guesses.lets(address):
                page |= {"state": "slow_down", "status": 429}
    return render(request, "participation/voting/receipt.html", page, status=page["status"])


def _looked_up(consultation: Consultation, typed: str) -> dict[str, Any]:
    try:
        counted = urn.counted_in(consultation, typed)
    except (errors.KeyLost, OperationalError):
        # That it cannot be looked up now says nothing of the ballot.
        return {"state": "receipt_unsure", "status": 503}
    if not counted:
        return {"state": "receipt_lost"}
    now = timezone.now()
    still = any(ballots.is_open(part.step, now) for part in ballots.parts_of(consultation))
    return {"state": "found", "may_change": consultation.changeable and still}
