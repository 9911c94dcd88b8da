"""Finding a decision for a reader, and what its page needs."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from maillage.alliances.models import Alliance
from maillage.concertation.decisions.models import Decision
from maillage.concertation.decisions.rules import has_left
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


def left_page(request: HttpRequest, decision: Decision, status: int = 200) -> HttpResponse:
    """All that someone who withdrew is shown: the title, and that they withdrew."""
    context = {"alliance": decision.alliance, "decision": decision}
    return render(request, "concertation/decisions/left.html", context, status=status)


def for_act(request: HttpRequest, alliance: Alliance, key: uuid.UUID, permission: str) -> Decision | HttpResponse:
    """The decision, for whoever may do this; otherwise the answer to send.

    Someone who withdrew is told only that; nobody learns that a decision they may not read exists.
    """
    decision = get(alliance, key)
    if has_left.test(request.user, decision):
        return left_page(request, decision, status=403)
    if not may(request.user, permission, decision):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not may(request.user, "concertation.view_decision", decision):
            raise Http404
        raise PermissionDenied(permission)
    return decision


def latest(decision: Decision) -> Any:
    return decision.versions.order_by("-number").first()
