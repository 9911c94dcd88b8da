"""One queue for all that people wrote and that waits for somebody, whatever its kind."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.core.access import may
from maillage.participation.consultations import moderation as waiting
from maillage.participation.voting.views.common import never_kept

PER_PAGE = 25


@in_alliance("alliances.view_inside")
def moderation(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """What waits for the reader, kind by kind; of one consultation where the address names it."""
    everything = waiting.looked_after(alliance, request.user)
    if not everything and not may(request.user, "participation.run", alliance):
        raise PermissionDenied("participation.moderate")
    asked = request.GET.get("consultation", "")
    chosen = [row for row in everything if str(row.uuid) == asked]
    lines: list[dict[str, Any]] = []
    counts: list[str] = []
    for label, rows in waiting.queue(alliance, request.user, chosen or everything):
        counts.append(waiting.said(label, rows))
        lines += [{"kind": label, "row": row} for row in rows]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    groups: list[dict[str, Any]] = []
    for line in page.object_list:
        if not groups or groups[-1]["kind"] != line["kind"]:
            groups.append({"kind": line["kind"], "rows": []})
        groups[-1]["rows"].append(line["row"])
    context = {
        "alliance": alliance, "page": page, "groups": groups, "counts": counts,
        "several": len(chosen or everything) > 1, "chosen": chosen[0] if chosen else None,
    }  # fmt: skip
    return never_kept(render(request, "participation/consultations/moderation.html", context))
