"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maillage.alliances.models import Person
from maillage.alliances.notices import digest, many  # noqa: F401  (its job is registered at start-up)
from maillage.alliances.notices.models import Notice, NoticeChoice
from maillage.alliances.personal import persons_of
from maillage.core import contributions
from maillage.core.contributions import Daily, Merge, PersonalData

KEPT_DAYS = 90


def export(person: Any) -> Mapping[str, Any]:
    people = persons_of(person)
    choices = NoticeChoice.objects.filter(person__in=people).select_related("person__alliance")
    notices = Notice.objects.filter(person__in=people)
    found = {
        "choices": [
            {"alliance": row.person.alliance.name, "kind": row.kind, "when": row.when} for row in choices
        ],
        "notices": [
            {"kind": row.kind, "subject": row.subject, "at": row.created_at.isoformat(),
             "sent": row.sent_at.isoformat() if row.sent_at else None}
            for row in notices
        ],
    }  # fmt: skip
    return {name: rows for name, rows in found.items() if rows}


def erase(person: Any) -> int:
    people = persons_of(person)
    return (
        Notice.objects.filter(person__in=people).delete()[0]
        + NoticeChoice.objects.filter(person__in=people).delete()[0]
    )


def purge(today: dt.date) -> int:
    """Three months after it left, or was written and never could leave."""
    limit = timezone.make_aware(dt.datetime.combine(today, dt.time())) - dt.timedelta(days=KEPT_DAYS)
    return Notice.objects.filter(created_at__lt=limit).delete()[0]


contributions.personal_data.add(
    PersonalData(
        room="alliances.notices",
        purpose=_("To tell you what you chose to be told, when you chose it."),
        export=export,
        erase=erase,
        purge=purge,
    )
)


def _choices_move(kept: Person, absorbed: Person) -> dict[str, Any]:
    """What the kept person chose holds; the absorbed one's choices serve where the kept one chose nothing."""
    chosen = NoticeChoice.objects.filter(person=kept).values("kind")
    moved = list(NoticeChoice.objects.filter(person=absorbed).exclude(kind__in=chosen).values_list("pk", flat=True))
    NoticeChoice.objects.filter(pk__in=moved).update(person=kept)
    return {"rows": moved}


def _choices_back(kept: Person, absorbed: Person, trace: Mapping[str, Any]) -> None:
    NoticeChoice.objects.filter(pk__in=trace["rows"], person=kept).update(person=absorbed)


def _notices_move(kept: Person, absorbed: Person) -> dict[str, Any]:
    moved = list(Notice.objects.filter(person=absorbed, sent_at=None).values_list("pk", flat=True))
    Notice.objects.filter(pk__in=moved).update(person=kept)
    return {"rows": moved}


def _notices_back(kept: Person, absorbed: Person, trace: Mapping[str, Any]) -> None:
    Notice.objects.filter(pk__in=trace["rows"], person=kept).update(person=absorbed)


contributions.merge.add(Merge("person", "alliances.noticechoice", ("person",), _choices_move, _choices_back))
contributions.merge.add(Merge("person", "alliances.notice", ("person",), _notices_move, _notices_back))
contributions.daily.add(Daily("alliances.notices", digest.send_due))
