"""Writing the agenda of a meeting, and printing it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.concertation.meetings import agenda as services
from maillage.concertation.meetings.forms import ItemForm
from maillage.concertation.meetings.selectors import agenda_of
from maillage.concertation.meetings.views.common import in_meeting, refuse
from maillage.concertation.meetings.views.pages import bearings
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core.access import may

TEMPLATE = "concertation/meetings/item_form.html"


def back_to(meeting: Meeting, item: AgendaItem | None = None) -> HttpResponse:
    """The page where the agenda is written, at this point."""
    address = reverse("concertation_in:agenda", args=[meeting.alliance.slug, meeting.uuid])
    return redirect(f"{address}#{f'point-{item.uuid}' if item else 'ajouter'}")


def _find(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> AgendaItem:
    found = get_object_or_404(AgendaItem, meeting=meeting, uuid=item)
    found.meeting = meeting
    if not may(request.user, "concertation.view_agenda_item", found):
        raise Http404
    return found


@in_meeting("concertation.edit_meeting")
def agenda(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Write the agenda: add, change, move, take off."""
    form = ItemForm(request.POST or None, meeting=meeting, initial={"is_public": True, "kind": "discussion"})
    if request.method == "POST" and form.is_valid():
        try:
            services.add_items(meeting=meeting, items=[form.values()], by=request.user, now=timezone.now())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The point is on the agenda."))
            return back_to(meeting)
    context = {**bearings(request, meeting), "agenda": agenda_of(meeting, request.user), "form": form}
    return render(request, "concertation/meetings/agenda.html", context)


@in_meeting("concertation.edit_meeting")
def item_edit(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Change one point."""
    found = _find(request, meeting, item)
    form = ItemForm(request.POST or None, meeting=meeting, item=found, initial=ItemForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_item(item=found, changes=form.values(), by=request.user, now=timezone.now())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return back_to(meeting, found)
    return render(request, TEMPLATE, {**bearings(request, meeting), "item": found, "form": form})


@require_POST
@in_meeting("concertation.edit_meeting")
def item_move(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Move one point: up, down, or to a number."""
    found = _find(request, meeting, item)
    way = request.POST.get("vers", "")
    to = {"monter": found.position - 1, "descendre": found.position + 1}.get(way)
    if to is None:
        number = request.POST.get("place", "").strip()
        if not (number.isascii() and number.isdigit() and len(number) < 6):
            messages.error(request, _("Write the number of the place: 1 for the first point."))
            return back_to(meeting, found)
        to = int(number)
    try:
        services.move_item(item=found, to=to, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return back_to(meeting, found)


@require_POST
@in_meeting("concertation.edit_meeting")
def item_remove(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Take one point off the agenda."""
    found = _find(request, meeting, item)
    try:
        services.remove_item(item=found, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return back_to(meeting, found)
    messages.success(request, _("“%(title)s” is off the agenda.") % {"title": found.title})
    return back_to(meeting)
