"""Pages of the minutes: read, prepare, correct, circulate, amend, approve, choose what is public; PDF."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.alliances.links import services as links
from maillage.alliances.links.models import PersonLink
from maillage.alliances.links.views import behind_an_address, closed
from maillage.concertation.governance.holders import person_of
from maillage.concertation.meetings.views.common import in_meeting, refuse
from maillage.concertation.minutes import keeping, paper, reading
from maillage.concertation.minutes.forms import (
    AmendmentForm,
    ApprovalForm,
    CirculateForm,
    CorrectionForm,
    ErratumForm,
    SettleForm,
)
from maillage.concertation.minutes.models import Amendment, Minutes, MinutesItem
from maillage.concertation.models import Meeting
from maillage.core.access import may
from maillage.core.text import sort_key

READS, KEEPS, PUBLISHES = "concertation.view_meeting", "concertation.keep_minutes", "concertation.publish_minutes"


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def minutes_of(meeting: Meeting) -> Minutes:
    """The minutes of the meeting, or 404."""
    minutes = get_object_or_404(Minutes.objects.select_related("approved_in"), meeting=meeting)
    minutes.meeting = meeting
    if minutes.approved_in is not None:
        minutes.approved_in.alliance = meeting.alliance
    return minutes


def item_of(request: HttpRequest, meeting: Meeting, item: uuid.UUID, permission: str) -> MinutesItem:
    """One point of the minutes; 404 where the reader withdrew from it."""
    minutes = minutes_of(meeting)
    found = get_object_or_404(MinutesItem.objects.select_related("item"), minutes=minutes, item__uuid=item)
    found.minutes, found.item.meeting = minutes, meeting
    if not may(request.user, permission, found):
        raise Http404
    return found


def back(meeting: Meeting, anchor: str = "") -> HttpResponse:
    address = reverse("concertation_in:minutes", args=[meeting.alliance.slug, meeting.uuid])
    return redirect(f"{address}#{anchor}" if anchor else address)


@in_meeting(READS)
def minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The minutes as the reader may see them."""
    return show(request, meeting)


def show(request: HttpRequest, meeting: Meeting, **forms: Any) -> HttpResponse:
    found = Minutes.objects.select_related("approved_in").filter(meeting=meeting).first()
    keeps = may(request.user, KEEPS, meeting)
    if found is not None:
        found.meeting = meeting
    read = reading.read(found, request.user) if found is not None else None
    if read is None and not keeps:
        # Nobody learns whether minutes that are not for them exist.
        raise Http404
    today = meeting.alliance.today()
    is_open = bool(
        found and found.state == Minutes.State.CIRCULATED and found.amendments_until
        and found.amendments_until >= today
    )  # fmt: skip
    context: dict[str, Any] = {
        "alliance": meeting.alliance,
        "meeting": meeting,
        "minutes": found,
        "read": read,
        "keeps": keeps,
        "publishes": may(request.user, PUBLISHES, meeting),
        "approved": bool(found and found.state == Minutes.State.APPROVED),
        "may_amend": is_open and may(request.user, "concertation.amend_minutes", meeting)
        and person_of(request.user, meeting.alliance) is not None,
        "held": meeting.state in {Meeting.State.OPEN, Meeting.State.HELD},
        "waiting": sum(
            one.state == Amendment.State.PROPOSED for point in read.points for one in point.amendments
        ) if read else 0,
    }  # fmt: skip
    if keeps and found is not None and found.state != Minutes.State.APPROVED:
        later = list(keeping.later_meetings(meeting)[:20])
        context |= {
            "circulate_form": forms.get("circulate_form")
            or CirculateForm(initial={"until": found.amendments_until or today + dt.timedelta(days=10)}),
            "approval_form": forms.get("approval_form") or ApprovalForm(later=later, chosen=found.approved_in),
            "there": len(keeping.people_there(meeting)),
            "nobody": keeping.nobody_words() if keeping.nobody_noted(meeting) else "",
        }
    return render(request, "concertation/minutes/minutes.html", context)


@require_POST
@in_meeting(KEEPS)
def prepare(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Make the minutes of the notes."""
    try:
        keeping.prepare_minutes(meeting=meeting, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The minutes are made of the notes. Correct them, then circulate them."))
    return back(meeting)


@in_meeting(KEEPS)
def item_edit(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Correct one point."""
    row = item_of(request, meeting, item, KEEPS)
    form = CorrectionForm(request.POST or None, initial={"text": row.text, "base": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            keeping.correct_item(
                item=row, text=form.cleaned_data["text"], base_version=form.cleaned_data["base"], by=request.user,
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
            row.refresh_from_db(fields=["text", "version"])
        else:
            messages.success(request, _("The changes are saved. The former text is kept."))
            return back(meeting, f"point-{item}")
    former = list(row.former.order_by("-version")[:20])
    context = {"alliance": meeting.alliance, "meeting": meeting, "row": row, "form": form, "former": former}
    return render(request, "concertation/minutes/item_form.html", context)


@require_POST
@in_meeting(KEEPS)
def circulate(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Send the minutes to those who were there."""
    form = CirculateForm(request.POST)
    if form.is_valid():
        try:
            told = keeping.circulate(
                minutes=minutes_of(meeting), until=form.cleaned_data["until"], by=request.user, now=timezone.now(),
                site=site_of(request),
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The minutes circulate: %(n)s people were told.") % {"n": told})
            return back(meeting)
    return show(request, meeting, circulate_form=form)


@in_meeting(READS)
def amend(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Someone who was there asks for a correction."""
    row = item_of(request, meeting, item, "concertation.amend_minutes")
    person = person_of(request.user, meeting.alliance)
    if person is None:
        raise PermissionDenied
    form = AmendmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.propose_amendment(
                item=row, text=form.cleaned_data["text"], by=request.user, person=person, now=timezone.now()
            )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Your correction is noted. It will be answered before the approval."))
            return back(meeting, f"point-{item}")
    context = {"alliance": meeting.alliance, "meeting": meeting, "row": row, "form": form}
    return render(request, "concertation/minutes/amend.html", context)


@in_meeting(KEEPS)
def settle(request: HttpRequest, meeting: Meeting, key2: uuid.UUID) -> HttpResponse:
    """Accept a correction, or decline it."""
    amendment = get_object_or_404(
        Amendment.objects.select_related("item__item", "person"), item__minutes__meeting=meeting, uuid=key2
    )
    row = item_of(request, meeting, amendment.item.item.uuid, KEEPS)
    amendment.item = row
    form = SettleForm(request.POST or None, initial={"text": row.text, "base": row.version})
    if request.method == "POST" and form.is_valid():
        accepted = request.POST.get("choix") == "accepter"
        try:
            keeping.settle_amendment(
                amendment=amendment, accepted=accepted, reply=form.cleaned_data["reply"],
                text=form.cleaned_data["text"] if accepted else None, base_version=form.cleaned_data["base"],
                by=request.user, now=timezone.now(),
            )  # fmt: skip
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The correction is settled. Those who were there read the answer."))
            return back(meeting, f"point-{row.item.uuid}")
    context = {
        "alliance": meeting.alliance, "meeting": meeting, "row": row, "form": form, "amendment": amendment,
        "settled": amendment.state != Amendment.State.PROPOSED,
    }  # fmt: skip
    return render(request, "concertation/minutes/settle.html", context)


@require_POST
@in_meeting(KEEPS)
def propose_approval(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put the minutes before a later meeting."""
    later = list(keeping.later_meetings(meeting)[:20])
    form = ApprovalForm(request.POST, later=later)
    if form.is_valid():
        where = next(row for row in later if str(row.pk) == form.cleaned_data["meeting"])
        try:
            keeping.propose_approval(minutes=minutes_of(meeting), meeting=where, by=request.user)
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The minutes are put before that meeting."))
            return back(meeting)
    return show(request, meeting, approval_form=form)


@require_POST
@in_meeting(PUBLISHES)
def approve(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Record that the meeting approved them."""
    try:
        keeping.record_approval(minutes=minutes_of(meeting), by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The minutes are approved. Choose now what the public reads."))
    return back(meeting)


@require_POST
@in_meeting(PUBLISHES)
def publish(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Choose what the public reads, point by point."""
    found = minutes_of(meeting)
    read = reading.read(found, request.user)
    chosen = {int(value) for value in request.POST.getlist("points") if value.isascii() and value.isdigit()}
    seen = {point.row.pk for point in read.shown if point.row} if read else set()
    # Points the reader withdrew from stay as they are: neither seen nor changed.
    unseen = set(found.items.exclude(pk__in=seen).filter(is_public=True).values_list("pk", flat=True))
    try:
        keeping.choose_public(minutes=found, items=(chosen & seen) | unseen, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Done: the public reads the points you chose. It is in the public log."))
    return back(meeting)


@in_meeting(KEEPS)
def erratum(request: HttpRequest, meeting: Meeting, item: uuid.UUID) -> HttpResponse:
    """Add a correction to approved minutes."""
    row = item_of(request, meeting, item, KEEPS)
    form = ErratumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.add_erratum(item=row, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The erratum is added."))
            return back(meeting, f"point-{item}")
    context = {"alliance": meeting.alliance, "meeting": meeting, "row": row, "form": form}
    return render(request, "concertation/minutes/erratum.html", context)


@in_meeting(READS)
def minutes_pdf(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The minutes in PDF: what the reader sees on the page, no more."""
    found = minutes_of(meeting)
    read = reading.read(found, request.user)
    if read is None:
        raise Http404
    data = paper.pdf(read, language=(get_language() or "fr")[:2], on=meeting.alliance.today())
    name = f"compte-rendu-{sort_key(meeting.space.label).replace(' ', '-')[:60]}-{meeting.day.isoformat()}.pdf"
    return HttpResponse(
        data, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# From the mail, without signing in


def _of_link(link: PersonLink) -> Minutes | None:
    """The minutes of the link, while they are open to this person's corrections."""
    kind, _colon, key = link.reference.partition(":")
    if kind != "concertation.meeting":
        return None
    rows = Minutes.objects.select_related("meeting__space", "meeting__alliance__parent")
    found = rows.filter(meeting__uuid=key, meeting__alliance=link.person.alliance_id).first()
    if found is None:
        return None
    found.meeting.space.alliance = found.meeting.alliance
    return found if link.person in keeping.people_there(found.meeting) else None


@behind_an_address
def minutes_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the address of the mail: read the minutes, ask for corrections, without an account."""
    link = links.find(token, keeping.LINK)
    found = _of_link(link) if link is not None else None
    if found is None or link is None:
        return closed(request)
    rows = list(found.items.select_related("item").order_by("item__position", "item_id"))
    left = keeping.items_left(link.person, [row.item for row in rows])
    rows = [row for row in rows if row.item_id not in left]
    for row in rows:
        row.minutes, row.item.meeting = found, found.meeting
    today = found.meeting.alliance.today()
    is_open = bool(
        found.state == Minutes.State.CIRCULATED and found.amendments_until and today <= found.amendments_until
    )
    form = AmendmentForm(request.POST or None)
    asked = next((row for row in rows if str(row.item.uuid) == request.POST.get("point")), None)
    if request.method == "POST" and asked is not None and form.is_valid():
        try:
            keeping.propose_amendment(
                item=asked, text=form.cleaned_data["text"], by=None, person=link.person, now=timezone.now(), via="link"
            )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Your correction is noted. It will be answered before the approval."))
            return redirect(request.path)
    own = list(
        Amendment.objects.filter(item__in=rows, person=link.person).select_related("item__item").order_by("at", "pk")
    )
    context = {
        "alliance": found.meeting.alliance, "meeting": found.meeting, "minutes": found, "rows": rows,
        "is_open": is_open, "form": form, "asked": asked, "own": own,
    }  # fmt: skip
    return render(request, "concertation/minutes/minutes_link.html", context)
