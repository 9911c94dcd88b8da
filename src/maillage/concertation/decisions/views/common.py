"""Finding a decision for a reader, and what its page needs."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from maillage.alliances.models import Alliance
from maillage.concertation.decisions.models import Decision
from maillage.concertation.endorsements.gate import gate
from maillage.core.access import may


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def get(alliance: Alliance, key: uuid.UUID) -> Decision:
    found = get_object_or_404(
        Decision.objects.select_related("space", "agenda_item__meeting", "presenter", "after"),
        alliance=alliance,
        uuid=key,
    )
    found.alliance = found.space.alliance = alliance
    return found


def to_read(request: HttpRequest, decision: Decision) -> HttpResponse | None:
    """What to answer instead of the decision; ``None``: let the reader in.

    Once published, what everyone reads is read by whoever withdrew too.
    """
    if decision.is_public and may(request.user, "concertation.view_decision", decision):
        return None
    refused = gate(request, decision.alliance, decision)
    if refused is not None:
        return refused
    if may(request.user, "concertation.view_decision", decision):
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404


def for_act(request: HttpRequest, alliance: Alliance, key: uuid.UUID, permission: str) -> Decision | HttpResponse:
    """The decision, for whoever may do this; otherwise the answer to send.

    Someone who withdrew is told only that; nobody learns that a decision they may not read exists.
    """
    decision = get(alliance, key)
    refused = gate(request, alliance, decision)
    if refused is not None:
        return refused
    if not may(request.user, permission, decision):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may(request.user, "concertation.view_decision", decision):
            raise Http404
        raise PermissionDenied(permission)
    return decision


def latest(decision: Decision) -> Any:
    return decision.versions.order_by("-number").first()
