"""The memory: read by all, written by the agent."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillage.alliances import services
from maillage.alliances.access import in_alliance
from maillage.alliances.forms.memory import MemoryFilter, MemoryForm
from maillage.alliances.models import Alliance, MemoryEvent
from maillage.alliances.selectors import memory
from maillage.alliances.views.common import form_page, here, page_of
from maillage.core.access import may

KINDS: dict[str, Any] = {
    **dict(MemoryEvent.Kind.choices),
    "agreement": gettext_lazy("agreement"),
    "stage": gettext_lazy("stage"),
    "space": gettext_lazy("space of concertation"),
    "actors": gettext_lazy("members"),
    "event": gettext_lazy("other event"),
}
"""What the kinds of lines are called. A room's own kind that is not here reads as « other event »."""


def kind_label(kind: str) -> Any:
    return KINDS.get(kind, KINDS["event"])


@require_safe
@in_alliance("alliances.view")
def timeline(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Every line, newest first, by kind and years."""
    today = alliance.today()
    everything = memory.lines(alliance, request.user, today)
    present = {line.entry.kind for line in everything}
    choices = sorted(((kind, kind_label(kind)) for kind in present), key=lambda pair: str(pair[1]))
    form = MemoryFilter(request.GET, kinds=choices)
    form.is_valid()
    kinds = frozenset(form.cleaned_data.get("sorte") or ())
    first, last = form.cleaned_data.get("de"), form.cleaned_data.get("a")
    shown = [
        line
        for line in everything
        if (not kinds or line.entry.kind in kinds)
        and (not first or line.entry.on.year >= first)
        and (not last or line.entry.on.year <= last)
    ]
    page = page_of(request, shown, 30)
    context = {
        "alliance": alliance,
        "page": page,
        "rows": [(line, kind_label(line.entry.kind)) for line in page],
        "form": form,
        "filtered": bool(kinds or first or last),
        "may_write": may(request.user, "alliances.remember", alliance),
    }
    return render(request, "alliances/memory.html", context)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.remember")
def add(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    form = MemoryForm(request.POST or None, initial={"on": alliance.today()})
    if request.method == "POST" and form.write(services.remember, alliance, by=request.user):
        messages.success(request, _("The memory has one more line."))
        return redirect(here("memory", alliance))
    return form_page(
        request, alliance, form, title=_("Add to the memory"), submit=_("Add to the memory"),
        intro=_("A decision, an arrival, a departure, a turning point: what the next person must know."),
        back=(_("Memory"), here("memory", alliance)),
    )  # fmt: skip


def _event(alliance: Alliance, event_id: uuid.UUID) -> MemoryEvent:
    return get_object_or_404(MemoryEvent, uuid=event_id, alliance=alliance)


@require_http_methods(["GET", "POST"])
@in_alliance("alliances.remember")
def edit(request: HttpRequest, alliance: Alliance, event_id: uuid.UUID) -> HttpResponse:
    event = _event(alliance, event_id)
    initial = {field: getattr(event, field) for field in MemoryForm.base_fields}
    form = MemoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.write(services.update_memory, event, by=request.user):
        messages.success(request, _("The line is corrected."))
        return redirect(here("memory", alliance))
    return form_page(
        request, alliance, form, title=_("Correct a line of the memory"), submit=_("Correct this line"),
        back=(_("Memory"), here("memory", alliance)),
        danger=(_("Remove this line"), here("memory-remove", alliance, event.uuid),
                _("It disappears from the memory. The log keeps that it was there.")),
    )  # fmt: skip


@require_POST
@in_alliance("alliances.remember")
def remove(request: HttpRequest, alliance: Alliance, event_id: uuid.UUID) -> HttpResponse:
    services.forget(_event(alliance, event_id), by=request.user)
    messages.success(request, _("The line is removed."))
    return redirect(here("memory", alliance))
