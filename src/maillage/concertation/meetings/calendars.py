"""Calendar files (RFC 5545) of meetings: one for an invitation, or a feed to subscribe to.

Instants are written in UTC, which no program misreads and which needs no table of time zones; programs show them on
the reader's own clocks. The identifier of a meeting never changes, ``SEQUENCE`` grows with what calendars must take,
and the same meetings always give the same bytes: a feed that did not change is not sent again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from maillage.actors.interests.selectors import references_withdrawn, withdrawn_by
from maillage.alliances.models import Alliance, Person
from maillage.concertation.meetings.selectors import meetings_of, standing
from maillage.concertation.models import AgendaItem, Meeting, SeatHolder, Space
from maillage.core.dates import holding

PRODUCT = "-//Maillage//Rencontres//FR"
PAST_KEPT = dt.timedelta(days=180)
MOST = 500
REFRESH = dt.timedelta(hours=6)


class Method:
    """What a calendar program does with the file (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Reader:
    """For whom a calendar is made: the public, or one person, whose withdrawals are respected."""

    inside: bool = False
    left: Collection[str] = frozenset()


PUBLIC = Reader()


def reader_of(person: Person) -> Reader:
    """What this person may read of the meetings they are expected at."""
    left = withdrawn_by([person.pk]).get(person.pk, frozenset())
    if person.user is not None:
        left = left | references_withdrawn(person.user)
    return Reader(inside=True, left=left)


def agenda_lines(items: Iterable[AgendaItem], reader: Reader) -> list[str]:
    """The titles of an agenda, numbered, as this reader may see them. ``items`` in their order.

    Only titles: whoever was found in a conflict and has not answered yet reads them too.
    """
    lines = []
    for number, item in enumerate(items, 1):
        if item.reference in reader.left:
            lines.append(f"{number}. " + _("You withdrew from this point."))
        elif reader.inside or item.is_public:
            lines.append(f"{number}. {item.title}")
    return lines


def event(meeting: Meeting, items: Iterable[AgendaItem], reader: Reader, site: str) -> Event:
    """The meeting as calendars know it. ``items``: its agenda, in order."""
    url = site + meeting.get_absolute_url()
    told = [meeting.introduction] if meeting.introduction else []
    if reader.inside and meeting.online_url:
        told.append(_("To join on line: %(url)s") % {"url": meeting.online_url})
    if lines := agenda_lines(items, reader):
        told.append("\n".join([_("Agenda"), *lines]))
    told.append(url)
    made = Event()
    made.add("uid", f"{meeting.uuid}@maillage")
    made.add("dtstamp", meeting.changed_at.astimezone(dt.UTC))
    made.add("last-modified", meeting.changed_at.astimezone(dt.UTC))
    made.add("created", meeting.created_at.astimezone(dt.UTC))
    made.add("sequence", meeting.sequence)
    made.add("dtstart", meeting.starts_at.astimezone(dt.UTC))
    made.add("dtend", meeting.ends_at.astimezone(dt.UTC))
    title = meeting.title if meeting.title == meeting.space.name else f"{meeting.title} ({meeting.space.label})"
    made.add("summary", title)
    place = meeting.place or (_("On line") if meeting.online_url else "")
    if place:
        made.add("location", place)
    made.add("description", "\n\n".join(told))
    made.add("url", url)
    made.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return made


def _calendar() -> Calendar:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    return made


def invitation_file(meeting: Meeting, items: Iterable[AgendaItem], person: Person, reader: Reader, site: str) -> str:
    """The file sent to one person: calendar programs put it, move it or take it off by themselves.

    It names nobody but the person it is for, and asks for no answer by the calendar program: nobody would read it.
    """
    made = _calendar()
    made.add("method", Method.CANCEL if meeting.is_cancelled else Method.REQUEST)
    shown = event(meeting, items, reader, site)
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or 'maillage@localhost'}")
    organizer.params["CN"] = meeting.alliance.name
    shown.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = person.name
    attendee.params["RSVP"] = "FALSE"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    shown.add("attendee", attendee)
    made.add_component(shown)
    return str(made.to_ical().decode())


def single(meeting: Meeting, items: Iterable[AgendaItem], reader: Reader, site: str) -> bytes:
    """One meeting, to put in a calendar by hand."""
    made = _calendar()
    made.add("method", "PUBLISH")
    made.add_component(event(meeting, items, reader, site))
    return bytes(made.to_ical())


def feed(name: str, meetings: Iterable[Meeting], reader: Reader, site: str) -> bytes:
    """A calendar to subscribe to. One query for all the agendas."""
    listed = list(meetings)
    items: dict[int, list[AgendaItem]] = {meeting.pk: [] for meeting in listed}
    for item in AgendaItem.objects.filter(meeting__in=listed).order_by("meeting_id", "position", "pk"):
        items[item.meeting_id].append(item)
    made = _calendar()
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for meeting in listed:
        made.add_component(event(meeting, items[meeting.pk], reader, site))
    return bytes(made.to_ical())


def public_feed(owner: Space | Alliance, now: dt.datetime, site: str) -> bytes:
    """The public meetings of a space or of an alliance."""
    alliance = owner if isinstance(owner, Alliance) else owner.alliance
    found = meetings_of(owner, None, alliance.today(now), since=now - PAST_KEPT).order_by("starts_at", "pk")
    return feed(_("Meetings: %(name)s") % {"name": owner.name}, _at_home(found[:MOST], alliance), PUBLIC, site)


def person_feed(person: Person, now: dt.datetime, site: str) -> bytes:
    """What this person is expected at: the spaces where they hold a seat, and what they are invited to."""
    return feed(
        _("My meetings: %(name)s") % {"name": person.alliance.name}, meetings_of_person(person, now),
        reader_of(person), site,
    )  # fmt: skip


def meetings_of_person(person: Person, now: dt.datetime) -> list[Meeting]:
    """The meetings of the spaces where this person holds a seat, and those they are invited to."""
    today = person.alliance.today(now)
    held = SeatHolder.objects.at(today).filter(holding(today, "seat__"), person=person).values("seat__space")
    invited_to = standing(today).filter(person=person).values("meeting")
    found = Meeting.objects.filter(
        Q(space__in=held) | Q(pk__in=invited_to), alliance=person.alliance_id, ends_at__gt=now - PAST_KEPT
    ).select_related("space")
    return _at_home(found.order_by("starts_at", "pk")[:MOST], person.alliance)


def _at_home(meetings: Any, alliance: Alliance) -> list[Meeting]:
    listed = list(meetings)
    for meeting in listed:
        meeting.alliance = meeting.space.alliance = alliance
    return listed
