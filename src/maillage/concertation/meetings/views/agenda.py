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
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from maillage.concertation.meetings import agenda as services
from maillage.concertation.meetings.forms import DocumentForm, ItemForm, PasteForm
from maillage.concertation.meetings.selectors import agenda_of
from maillage.concertation.meetings.views.common import in_meeting, refuse
from maillage.concertation.meetings.views.pages import bearings
from maillage.concertation.models import AgendaDocument, AgendaItem, Meeting
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
    pasting = "lines" in request.POST
    paste = PasteForm(request.POST if pasting else None, initial={"is_public": True})
    form = ItemForm(
        request.POST if request.method == "POST" and not pasting else None,
        meeting=meeting, initial={"is_public": True, "kind": "discussion"},
    )  # fmt: skip
    if pasting and paste.is_valid():
        try:
            made = services.add_items(meeting=meeting, items=paste.items(), by=request.user, now=timezone.now())
        except ValidationError as refused:
            refuse(paste, refused)
        else:
            words = ngettext("%(n)d point is on the agenda.", "%(n)d points are on the agenda.", len(made))
            messages.success(request, words % {"n": len(made)})
            return back_to(meeting)
    elif request.method == "POST" and not pasting and form.is_valid():
        try:
            services.add_items(meeting=meeting, items=[form.values()], by=request.user, now=timezone.now())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The point is on the agenda."))
            return back_to(meeting)
    context = {**bearings(request, meeting), "agenda": agenda_of(meeting, request.user), "form": form, "paste": paste}
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
    return _item(request, meeting, found, form, DocumentForm())


def _item(
    request: HttpRequest, meeting: Meeting, item: AgendaItem, form: ItemForm, document_form: DocumentForm
) -> HttpResponse:
    context = {**bearings(request, meeting), "item": item, "form": form, "document_form": document_form}
    context["documents"] = list(item.documents.select_related("document"))
    return render(request, TEMPLATE, context)


@require_POST
@in_meeting("concertation.edit_meeting")
def document_add(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Add a document sent ahead to a point."""
    found = _find(request, meeting, item)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.add_document(
                item=found, data=file, name=file.name, content_type=file.content_type or "",
                title=form.cleaned_data["title"], by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The document is kept. Those expected at the meeting can read it."))
            return redirect("concertation_in:agenda_item", meeting.alliance.slug, meeting.uuid, found.uuid)
    return _item(
        request, meeting, found, ItemForm(meeting=meeting, item=found, initial=ItemForm.initial_of(found)), form
    )


@require_POST
@in_meeting("concertation.edit_meeting")
def document_remove(request: HttpRequest, meeting: Meeting, item: uuid.UUID, pk: int) -> HttpResponse:
    """Take a document off a point."""
    found = _find(request, meeting, item)
    document = get_object_or_404(AgendaDocument.objects.select_related("document"), item=found, pk=pk)
    document.item = found
    try:
        services.remove_document(document=document, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The document is taken off."))
    return redirect("concertation_in:agenda_item", meeting.alliance.slug, meeting.uuid, found.uuid)


@in_meeting()
def agenda_print(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The agenda on one sheet, to print."""
    context = {
        **bearings(request, meeting),
        "agenda": agenda_of(meeting, request.user),
        "access": list(meeting.access.all()),
    }
    return render(request, "concertation/meetings/agenda_print.html", context)


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
