"""Calendars to subscribe to, and how to."""

from __future__ import annotations

import hashlib
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.actors.interests.selectors import references_withdrawn
from maillage.alliances.access import in_alliance
from maillage.alliances.links import services as links
from maillage.alliances.links.views import behind_an_address, closed
from maillage.alliances.models import Alliance
from maillage.concertation.governance.holders import person_of
from maillage.concertation.meetings import calendars
from maillage.concertation.meetings.views.common import in_meeting, site_of
from maillage.concertation.models import AgendaItem, Meeting, Space
from maillage.concertation.selectors import spaces_of
from maillage.core import audit
from maillage.core.access import may

PURPOSE = "calendar"
"""The purpose of the private address of a person's calendar."""


def response(request: HttpRequest, content: bytes, name: str) -> HttpResponse:
    """A calendar file; 304 where the program already has these very bytes."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    made = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    made["Content-Disposition"] = f'inline; filename="{name}"'
    made["ETag"] = etag
    made["Cache-Control"] = "private, max-age=0, must-revalidate"
    return get_conditional_response(request, etag=etag, response=made) or made


@in_alliance("alliances.view")
def calendar_alliance(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """The public meetings of the alliance."""
    return response(request, calendars.public_feed(alliance, timezone.now(), site_of(request)), "rencontres.ics")


@in_alliance("alliances.view")
def calendar_space(request: HttpRequest, alliance: Alliance, key: uuid.UUID) -> HttpResponse:
    """The public meetings of a space. A space that is not public has no feed: its members have their own."""
    space = get_object_or_404(Space, alliance=alliance, uuid=key, is_public=True)
    space.alliance = alliance
    return response(request, calendars.public_feed(space, timezone.now(), site_of(request)), "rencontres.ics")


@behind_an_address
def calendar_person(request: HttpRequest, token: str) -> HttpResponse:
    """What one person is expected at: the address itself is the key, since calendar programs do not sign in."""
    link = links.find(token, PURPOSE)
    if link is None:
        return closed(request)
    content = calendars.person_feed(link.person, timezone.now(), site_of(request))
    return response(request, content, "mes-rencontres.ics")


@in_meeting()
def meeting_file(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """One meeting, to put in a calendar by hand."""
    inside = may(request.user, "concertation.view_meeting_inside", meeting)
    reader = calendars.Reader(inside=inside, left=references_withdrawn(request.user))
    items = AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")
    return response(request, calendars.single(meeting, items, reader, site_of(request)), "rencontre.ics")


@in_alliance("alliances.view")
def calendar(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """How to subscribe, and the addresses to copy."""
    return _page(request, alliance, "")


def _page(request: HttpRequest, alliance: Alliance, address: str) -> HttpResponse:
    site, today = site_of(request), alliance.today()
    person = person_of(request.user, alliance)
    spaces = list(spaces_of(alliance, today)[:100])
    context = {
        "alliance": alliance,
        "alliance_feed": site + reverse("concertation_in:calendar_alliance", args=[alliance.slug]),
        "feeds": [
            {"space": space, "url": site + reverse("concertation_in:calendar_space", args=[alliance.slug, space.uuid])}
            for space in spaces
        ],
        "person": person,
        "has_private": person is not None and person.links.filter(purpose=PURPOSE, revoked_at=None).exists(),
        "address": address,
    }
    made = render(request, "concertation/meetings/calendar.html", context)
    if person is not None:
        made["Cache-Control"] = "private, no-store"
    return made


@require_POST
@in_alliance("alliances.view_inside")
def calendar_open(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Make the private address of one's calendar; the former one closes. It is shown once: only its digest is kept."""
    person = person_of(request.user, alliance)
    if person is None:
        raise Http404
    links.revoke(person=person, purpose=PURPOSE)
    token = links.make(person=person, purpose=PURPOSE)
    audit.record("concertation.calendar_opened", person, by=request.user, alliance=alliance)
    return _page(request, alliance, site_of(request) + reverse("concertation:calendar_person", args=[token]))


@require_POST
@in_alliance("alliances.view_inside")
def calendar_close(request: HttpRequest, alliance: Alliance) -> HttpResponse:
    """Close the private address of one's calendar."""
    person = person_of(request.user, alliance)
    if person is None:
        raise Http404
    if links.revoke(person=person, purpose=PURPOSE):
        audit.record("concertation.calendar_closed", person, by=request.user, alliance=alliance)
    messages.success(request, _("The private address is closed: it shows nothing any more."))
    return redirect("concertation_in:calendar", alliance.slug)
