"""The list of meetings, one meeting, and what the agent creates, changes and cancels."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.alliances.access import in_alliance
from maillage.alliances.models import Alliance
from maillage.concertation.governance.holders import person_of
from maillage.concertation.meetings import services
from maillage.concertation.meetings.forms import AnswerForm, MeetingForm
from maillage.concertation.meetings.invitations import substitutes_for, tally
from maillage.concertation.meetings.selectors import agenda_of, invited, meetings_of, standing
from maillage.concertation.meetings.views.common import in_meeting, refuse, site_of
from maillage.concertation.models import Meeting, Space
from maillage.concertation.selectors import spaces_of
from maillage.core import contributions
from maillage.core.access import may

PER_PAGE = 10


@in_alliance("alliances.view")
def meetings(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The meetings of the alliance: those to come, then those past."""
    now, today = timezone.now(), alliance.today()
    everything = may(request.user, "concertation.organise_meeting", alliance)
    spaces = list(spaces_of(alliance, today, everything=everything)[:200])
    chosen = next((space for space in spaces if str(space.uuid) == request.GET.get("espace")), None)
    if chosen is not None:
        chosen.alliance = alliance
    found = meetings_of(chosen or alliance, request.user, today)
    coming = Paginator(found.filter(ends_at__gte=now).order_by("starts_at", "pk"), PER_PAGE)
    past = Paginator(found.filter(ends_at__lt=now), PER_PAGE)
    context: dict[str, Any] = {
        "alliance": alliance,
        "spaces": spaces,
        "chosen": chosen,
        "coming": coming.get_page(request.GET.get("avenir")),
        "past": past.get_page(request.GET.get("page")),
        "turned": "page" in request.GET,
        "may_organise": everything,
        "is_inside": may(request.user, "alliances.view_inside", alliance),
    }
    for page in (context["coming"], context["past"]):
        for meeting in page:
            meeting.alliance = alliance
    return render(request, "concertation/meetings/meetings.html", context)


@in_meeting()
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """The page of one meeting: when, where, what it offers, its agenda, then what the other parts bring."""
    today = meeting.alliance.today()
    panels = contributions.panels.collect(meeting.alliance, request.user, today, page="meeting", subject=meeting)
    shown = sorted(panels, key=lambda panel: panel.order)
    agenda = agenda_of(meeting, request.user)
    answers = tally(invited(meeting)) if meeting.invited_at else None
    threshold = meeting.alliance.threshold
    if answers and not answers.may_tell(threshold) and not may(request.user, "concertation.organise_meeting", meeting):
        answers = None
    return render(
        request,
        "concertation/meetings/meeting.html",
        {
            **bearings(request, meeting),
            "agenda": agenda,
            "access": list(meeting.access.all()),
            "tally": answers,
            "colleges": answers.colleges_shown(threshold) if answers else [],
            **_own_answer(request, meeting),
            "panels": shown,
            "firsts": [panel.context for panel in shown if panel.context.get("first")],
            "tabs": [tab(panel.context) for panel in shown if panel.context.get("tab")],
        },
    )


def _own_answer(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """The invitation of the reader, and its form while it can be answered."""
    person = person_of(request.user, meeting.alliance)
    found = None
    if person is not None:
        rows = standing(meeting.alliance.today()).filter(meeting=meeting, person=person)
        found = rows.select_related("seat__actor", "substitute").first()
    if found is None:
        return {"invitation": None, "answer_form": None}
    found.meeting = meeting
    open_ = not meeting.is_cancelled and meeting.ends_at > timezone.now()
    form = AnswerForm(invitation=found, substitutes=substitutes_for(found)) if open_ else None
    return {"invitation": found, "answer_form": form}


def bearings(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What every page of a meeting needs."""
    return {
        "alliance": meeting.alliance,
        "meeting": meeting,
        "inside": may(request.user, "concertation.view_meeting_inside", meeting),
        "may_edit": may(request.user, "concertation.edit_meeting", meeting),
        "may_organise": may(request.user, "concertation.organise_meeting", meeting),
        "is_over": meeting.ends_at < timezone.now(),
    }


def tab(context: Any) -> dict[str, Any]:
    """The tab of a panel: its label, the address (of a page, or its anchor), how many things it holds."""
    return {
        "label": context["tab"],
        "url": context.get("tab_url") or f"#{context['tab_anchor']}",
        "count": context.get("tab_count"),
    }


@in_alliance("concertation.organise_meeting")
def meeting_new(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Create a meeting: choose the space, then say when and where."""
    space = space_asked(request, alliance)
    if space is None:
        return choose_space(request, alliance, _("Create a meeting"))
    form = MeetingForm(request.POST or None, space=space, initial={"is_public": True, "title": space.name})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_meeting(space=space, by=request.user, access=form.offers(), **form.values())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The meeting is created. Write its agenda below."))
            return redirect(made)
    context = {"alliance": alliance, "space": space, "form": form, "meeting": None}
    return render(request, "concertation/meetings/meeting_form.html", context)


def space_asked(request: HttpRequest, alliance: Alliance) -> Space | None:
    """The space that the address names, ``None`` where it names none. Errors: ``Http404`` for another one."""
    try:
        key = uuid.UUID(request.GET.get("espace", ""))
    except ValueError:
        return None
    space = get_object_or_404(Space, alliance=alliance, uuid=key)
    space.alliance = alliance
    return space


def choose_space(request: HttpRequest, alliance: Alliance, title: str) -> HttpResponse:
    """The page that asks of which space."""
    spaces = list(spaces_of(alliance, alliance.today(), everything=True)[:200])
    context = {"alliance": alliance, "spaces": spaces, "title": title}
    return render(request, "concertation/meetings/choose_space.html", context)


@in_meeting("concertation.organise_meeting")
def meeting_edit(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Change a meeting."""
    form = MeetingForm(
        request.POST or None, space=meeting.space, meeting=meeting, initial=MeetingForm.initial_of(meeting)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_meeting(
                meeting=meeting,
                changes=form.values(),
                access=form.offers(),
                by=request.user,
                now=timezone.now(),
                site=site_of(request),
            )
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(meeting)
    context = {"alliance": meeting.alliance, "space": meeting.space, "form": form, "meeting": meeting}
    return render(request, "concertation/meetings/meeting_form.html", context)


@in_meeting("concertation.organise_meeting")
def meeting_cancel(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Cancel a meeting."""
    if request.method == "POST":
        try:
            services.cancel_meeting(meeting=meeting, by=request.user, now=timezone.now(), site=site_of(request))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, _("The meeting is cancelled. Its page stays, and says so."))
        return redirect(meeting)
    context = {"alliance": meeting.alliance, "meeting": meeting}
    return render(request, "concertation/meetings/meeting_cancel.html", context)
