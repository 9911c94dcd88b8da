"""The handover: what it holds, and asking for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from maillage.alliances.access import in_alliance
from maillage.alliances.jobs import start_handover
from maillage.alliances.models import Alliance
from maillage.core.models import Document


@require_safe
@in_alliance("alliances.hand_over")
def handover(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    files = Document.objects.filter(
        alliance_id=alliance.pk, owner_id=request.user.pk, rule="alliances.read_handover", expires_at__gt=timezone.now()
    )[:5]
    return render(request, "alliances/handover.html", {"alliance": alliance, "files": list(files)})


@require_POST
@in_alliance("alliances.hand_over")
def make(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    job = start_handover(alliance, by=request.user, language=get_language() or "fr", site=site)
    return redirect(job.get_absolute_url())
