"""Invitations and answers: by a personal address, in one's own pages, and for whoever organises."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Alliance, Person
from maillage.alliances.services import add_person
from maillage.concertation.governance.holders import person_of
from maillage.concertation.meetings import calendars, invitations
from maillage.concertation.meetings.forms import AnswerForm, GuestForm
from maillage.concertation.meetings.invitations import Via
from maillage.concertation.meetings.selectors import invited, standing
from maillage.concertation.meetings.views.calendars import response
from maillage.concertation.meetings.views.common import in_meeting, refuse, site_of
from maillage.concertation.meetings.views.pages import bearings
from maillage.concertation.models import AgendaItem, Meeting, MeetingInvitation

PER_PAGE = 60


def _open_invitation(token: str) -> MeetingInvitation | None:
    """The invitation that this address opens."""
    link = links.find(token, invitations.PURPOSE)
    if link is None:
        return None
    found = (
        standing(link.person.alliance.today())
        .filter(person=link.person, meeting__uuid=_uuid_of(link.reference))
        .select_related("meeting__space", "seat__actor", "substitute")
        .first()
    )
    if found is not None:
        found.person = link.person
        found.meeting.alliance = found.meeting.space.alliance = link.person.alliance
    return found


def _uuid_of(reference: str) -> str:
    return reference.rpartition(":")[2]


@behind_an_address
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Answering without signing in."""
    found = _open_invitation(token)
    if found is None:
        return closed(request)
    meeting = found.meeting
    form = AnswerForm(request.POST or None, invitation=found, substitutes=invitations.substitutes_for(found))
    if request.method == "POST" and form.is_valid():
        try:
            invitations.answer(invitation=found, now=timezone.now(), by=None, via=Via.LINK, **form.values())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Thank you! Your answer is kept. You can still change it here."))
            return redirect(request.path)
    items = AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")
    context = {
        "alliance": meeting.alliance,
        "meeting": meeting,
        "invitation": found,
        "form": form,
        "token": token,
        "agenda_lines": calendars.agenda_lines(items, calendars.reader_of(found.person)),
        "access": list(meeting.access.all()),
        "is_over": meeting.ends_at <= timezone.now(),
    }
    return render(request, "concertation/meetings/answer_link.html", context)


@behind_an_address
@require_http_methods(["GET", "HEAD"])
def meeting_answer_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file of the invitation."""
    found = _open_invitation(token)
    if found is None:
        return closed(request)
    items = AgendaItem.objects.filter(meeting=found.meeting).order_by("position", "pk")
    reader = calendars.reader_of(found.person)
    content = calendars.single(found.meeting, items, reader, site_of(request))
    return response(request, content, "rencontre.ics")


@require_POST
@in_meeting()
def answer_own(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Answering signed in, from the page of the meeting."""
    found = own_invitation(request, meeting)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST, invitation=found, substitutes=invitations.substitutes_for(found))
    if form.is_valid():
        try:
            invitations.answer(invitation=found, now=timezone.now(), by=request.user, via=Via.PAGE, **form.values())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Thank you! Your answer is kept. You can still change it here."))
            return redirect(f"{meeting.get_absolute_url()}#votre-reponse")
    context = {**bearings(request, meeting), "invitation": found, "answer_form": form}
    return render(request, "concertation/meetings/answer_own.html", context)


def own_invitation(request: HttpRequest, meeting: Meeting) -> MeetingInvitation | None:
    """The invitation of the person who reads."""
    person = person_of(request.user, meeting.alliance)
    if person is None:
        return None
    found = (
        standing(meeting.alliance.today())
        .filter(meeting=meeting, person=person)
        .select_related("seat__actor", "substitute")
        .first()
    )
    if found is not None:
        found.meeting, found.person = meeting, person
    return found


@in_alliance("alliances.view_inside")
def my_meetings(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The meetings to come that the reader is expected at, and what they answered."""
    person = person_of(request.user, alliance)
    now = timezone.now()
    coming: list[dict[str, Any]] = []
    if person is not None:
        person.alliance = alliance
        expected = [meeting for meeting in calendars.meetings_of_person(person, now) if meeting.ends_at > now]
        answers = {row.meeting_id: row for row in MeetingInvitation.objects.filter(person=person, meeting__in=expected)}
        coming = [{"meeting": meeting, "invitation": answers.get(meeting.pk)} for meeting in expected]
    page = Paginator(coming, 30).get_page(request.GET.get("page"))
    context = {"alliance": alliance, "person": person, "page": page}
    return render(request, "concertation/meetings/my_meetings.html", context)


# For whoever organises


@in_meeting("concertation.organise_meeting")
def answers(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Who is invited, who answered what, what people need."""
    return _answers(request, meeting, GuestForm())


def _answers(request: HttpRequest, meeting: Meeting, guest_form: GuestForm) -> HttpResponse:
    rows = list(invited(meeting))
    found = invitations.tally(rows)
    lines: list[Any] = [*found.seats]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **bearings(request, meeting),
        "tally": found,
        "colleges": sorted(found.by_college().items()),
        "page": page,
        "guests": found.guests,
        "needs": [row for row in rows if row.needs],
        "not_sent": sum(row.sent_at is None for row in rows),
        "without_address": [row for row in rows if not row.person.email],
        "listed": len(rows),
        "guest_form": guest_form,
    }
    return render(request, "concertation/meetings/answers.html", context)


def _to_answers(meeting: Meeting) -> HttpResponse:
    return redirect("concertation_in:answers", meeting.alliance.slug, meeting.uuid)


@require_POST
@in_meeting("concertation.organise_meeting")
def invite(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """List who holds a seat, and send the invitation to those who have not received it."""
    try:
        invitations.list_people(meeting=meeting, by=request.user)
        sent = invitations.send(meeting=meeting, by=request.user, now=timezone.now(), site=site_of(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return _to_answers(meeting)
    words = ngettext("%(n)d invitation left.", "%(n)d invitations left.", sent.sent) % {"n": sent.sent}
    messages.success(request, words)
    if sent.without_address:
        n = len(sent.without_address)
        words = ngettext(
            "%(n)d person has no e-mail address: call them.", "%(n)d people have no e-mail address: call them.", n
        )
        messages.warning(request, words % {"n": n})
    return _to_answers(meeting)


@require_POST
@in_meeting("concertation.organise_meeting")
def guest_add(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Put a guest on the list: someone known under this address, or someone new."""
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _answers(request, meeting, form)
    email = form.cleaned_data["email"].strip().lower()
    known = Person.objects.filter(alliance=meeting.alliance, email__iexact=email, erased_at=None).order_by("pk")
    person = known.first() if email else None
    try:
        if person is None:
            person = add_person(meeting.alliance, by=request.user, name=form.cleaned_data["name"], email=email)
        invitations.add_guest(meeting=meeting, person=person, by=request.user)
    except ValidationError as refused:
        refuse(form, refused)
        return _answers(request, meeting, form)
    messages.success(request, _("%(name)s is on the list. Send the invitations when you are ready.") % {"name": person})
    return _to_answers(meeting)


@in_meeting("concertation.organise_meeting")
def answer_record(request: HttpRequest, meeting: Meeting, invitation: uuid.UUID) -> HttpResponse:
    """Record an answer received by telephone."""
    found = get_object_or_404(
        MeetingInvitation.objects.select_related("person", "seat__actor", "substitute"),
        meeting=meeting, uuid=invitation,
    )  # fmt: skip
    found.meeting = meeting
    form = AnswerForm(request.POST or None, invitation=found, substitutes=invitations.substitutes_for(found))
    if request.method == "POST" and form.is_valid():
        try:
            invitations.answer(
                invitation=found, now=timezone.now(), by=request.user, via=Via.TELEPHONE, **form.values()
            )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The answer is recorded, marked as received by telephone."))
            return _to_answers(meeting)
    context = {**bearings(request, meeting), "invitation": found, "form": form}
    return render(request, "concertation/meetings/answer_record.html", context)
