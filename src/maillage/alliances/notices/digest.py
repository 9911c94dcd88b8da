"""The weekly message: what waited since the last one, by alliance, on Monday morning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.alliances.links import services as links
from maillage.alliances.models import Alliance, Person
from maillage.alliances.notices.models import Notice
from maillage.alliances.notices.services import DIGEST, STOP, STOP_LASTS
from maillage.alliances.presence import roles_of
from maillage.core import mail, site
from maillage.core.withholding import withheld_from

SHOWN = 40
"""How many notices one alliance has in a message; beyond, it says how many more."""


def monday(alliance: Alliance, now: dt.datetime) -> dt.datetime:
    """The beginning of the alliance's Monday, today or before: what was written before it is due."""
    today = alliance.today(now)
    return dt.datetime.combine(today - dt.timedelta(days=today.weekday()), dt.time(), tzinfo=alliance.zone)


def send_due(now: dt.datetime) -> int:
    """Send every digest that is due. Returns how many messages left.

    What leaves is marked in the same transaction: asked twice, it sends nothing more; a Monday without worker is
    caught up the next day it runs.
    """
    readers: dict[tuple[str, Any, str], list[int]] = {}
    for alliance in Alliance.objects.filter(people__notices__sent_at=None, people__notices__isnull=False).distinct():
        due = Notice.objects.filter(sent_at=None, created_at__lt=monday(alliance, now), person__alliance=alliance)
        people = Person.objects.filter(pk__in=due.values("person_id"), erased_at=None).exclude(email="")
        for person in people.order_by("pk"):
            # One account known to several alliances at one address reads one message, in each language it asked for.
            key: tuple[str, Any, str]
            key = ("user", person.user_id, f"{person.language}:{person.email.lower()}")
            if not person.user_id:
                key = ("person", person.pk, "")
            readers.setdefault(key, []).append(person.pk)
    return sum(_send_to(sorted(people), now) for people in readers.values())


@transaction.atomic
def _send_to(person_ids: list[int], now: dt.datetime) -> bool:
    """One message for one reader, known as one person or more."""
    locked = Person.objects.select_for_update().filter(pk__in=person_ids, erased_at=None).exclude(email="")
    people = {person.pk: person for person in locked.order_by("pk")}
    alliances = {row.pk: row for row in Alliance.objects.filter(people__in=people)}
    for person in people.values():
        person.alliance = alliances[person.alliance_id]
    _inside, gone = roles_of(people.values(), now)
    waiting = [
        notice
        for notice in Notice.objects.filter(person__in=people, sent_at=None).order_by("person_id", "created_at", "id")
        if notice.created_at < monday(alliances[people[notice.person_id].alliance_id], now)
    ]
    hidden = withheld_from(list(people), {notice.reference for notice in waiting if notice.reference})
    kept = [
        notice
        for notice in waiting
        if notice.person_id not in gone and (notice.person_id, notice.reference) not in hidden
    ]
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(sent_at=now)
    # What may no longer be told is not kept either.
    Notice.objects.filter(pk__in={notice.pk for notice in waiting} - {notice.pk for notice in kept}).delete()
    if kept:
        _write(people, alliances, kept, now)
    return bool(kept)


def _write(people: dict[int, Person], alliances: dict[int, Alliance], kept: Iterable[Notice], now: dt.datetime) -> None:
    at = site.address()
    first = people[min(people)]
    secrets = []
    with translation.override(first.language):
        parts = []
        for person_id, rows in groupby(kept, key=lambda notice: notice.person_id):
            token = links.make(person=people[person_id], purpose=STOP, expires_at=now + STOP_LASTS)
            secrets.append(token)
            told = list(rows)
            parts.append(
                {
                    "alliance": alliances[people[person_id].alliance_id],
                    "notices": told[:SHOWN],
                    "more": max(0, len(told) - SHOWN),
                    "choices_url": at + reverse("alliances:notice_choices", args=[token]),
                }
            )
        stop_url = at + reverse("alliances:notice_stop", args=[secrets[0], DIGEST])
        names = parts[0]["alliance"].short_name if len(parts) == 1 else _("your alliances")  # type: ignore[attr-defined]
        subject = _("This week: %(alliance)s") % {"alliance": names}
        values = {"subject": subject, "parts": parts, "stop_url": stop_url}
        headers = {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        mail.send(
            first.email, subject, "alliances/email/digest", values, first.language, secrets=secrets, headers=headers
        )
