"""The log as its readers see it: one line an act, in words, without what speaks of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.alliances.models import Alliance
from maillage.core import contributions, formats
from maillage.core.dates import FIRST, LAST
from maillage.core.models import AuditEntry

SIZE = 50


@dataclass(frozen=True)
class JournalLine:
    when: str
    who: str
    what: str
    details: list[tuple[str, str, str]]
    """Field, before, after."""


def _value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _details(entry: AuditEntry) -> list[tuple[str, str, str]]:
    fields = list(dict.fromkeys([*entry.before, *entry.after]))
    return [(field, _value(entry.before.get(field)), _value(entry.after.get(field))) for field in fields]


def action_label(code: str) -> str:
    """In the reader's language; an action nobody named reads as its code."""
    return str(contributions.action_labels.get(code, code))


def _filtered(alliance: Alliance, asked: Any) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(alliance_id=alliance.pk).order_by("-id")
    room = asked.get("partie", "")
    if room:
        rows = rows.filter(action__startswith=f"{room}.")
    since, until = _day(asked.get("du")), _day(asked.get("au"))
    zone = alliance.zone
    if since:
        rows = rows.filter(at__gte=dt.datetime.combine(since, dt.time.min, zone))
    if until:
        rows = rows.filter(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, zone))
    return rows


def _day(text: str | None) -> dt.date | None:
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and FIRST <= day <= LAST else None


def read_journal(alliance: Alliance, asked: Any) -> dict[str, Any]:
    """The page asked for, with the names of those who acted: three queries."""
    page = Paginator(_filtered(alliance, asked), SIZE).get_page(asked.get("page"))
    entries = list(page.object_list)
    users = User.objects.in_bulk({entry.user_id for entry in entries if entry.user_id})
    lines = []
    for entry in entries:
        user = users.get(entry.user_id) if entry.user_id else None
        who = str(user) if user else (_("A closed account") if entry.user_id else _("The system"))
        when = formats.datetime_(entry.at, alliance.time_zone)
        lines.append(JournalLine(when, who, action_label(entry.action), _details(entry)))
    rooms = sorted({code.split(".")[0] for code in contributions.action_labels})
    return {
        "page": page,
        "lines": lines,
        "rooms": [(room, str(contributions.room_labels.get(room, room))) for room in rooms],
        "room": asked.get("partie", ""),
        "since": asked.get("du", ""),
        "until": asked.get("au", ""),
    }
