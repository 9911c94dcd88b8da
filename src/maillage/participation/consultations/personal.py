"""What consultations hold about people, and what moves when two files on one actor, or one person, become one.

Nothing here speaks of ballots: they are tied to nobody, and cannot be exported nor erased for someone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.alliances.models import Person
from maillage.alliances.personal import persons_of
from maillage.core.contributions import Merge, PersonalData, merge, personal_data
from maillage.participation.consultations.models import Helper
from maillage.participation.outreach.models import Outreach
from maillage.participation.urn.models import Elector, FollowAddress

KEPT = dt.timedelta(days=2 * 365)
"""How long after the closing the names of a list are kept: the codes stay, without names."""


def _follows(target: str, model: type[models.Model], field: str, like: tuple[str, ...] = ()) -> Merge:
    """Every row of ``field`` goes to the kept one, but those it already has the like of (``like``: fields)."""
    rows = model._default_manager

    def apply(kept: Any, absorbed: Any) -> list[int]:
        held = set(rows.filter(**{field: kept}).values_list(*like)) if like else set()
        moved = []
        for row in rows.filter(**{field: absorbed}).order_by("pk"):
            key = tuple(getattr(row, name) for name in like)
            if not like or key not in held:
                held.add(key)
                moved.append(row.pk)
        rows.filter(pk__in=moved).update(**{field: kept})
        return moved

    def undo(kept: Any, absorbed: Any, trace: list[int]) -> None:
        rows.filter(pk__in=trace, **{field: kept}).update(**{field: absorbed})

    return Merge(target, model._meta.label_lower, (field,), apply, undo)


merge.add(_follows("person", Helper, "person", ("consultation_id", "help", "since")))
# One person, one ballot: the code of the absorbed file stays with it, and its holder is told of the kept one's.
merge.add(_follows("person", Elector, "person", ("consultation_id",)))
merge.add(_follows("actor", Outreach, "relay"))


def _people(subject: Any) -> list[Person]:
    known = isinstance(subject, Person) or hasattr(subject, "persons")
    return persons_of(subject) if known else []


def export(subject: Any) -> Mapping[str, Any]:
    """The lists someone is on, what they were trusted with, the addresses they left. Never whether they answered, on
    line or on paper, which is one and the same row: the file passes through other hands than theirs."""
    people = _people(subject)
    found: dict[str, Any] = {}
    lists = Elector.objects.filter(person__in=people).select_related("consultation").order_by("pk") if people else []
    helped = Helper.objects.filter(person__in=people).select_related("consultation").order_by("pk") if people else []
    if lists:
        found["on_the_list_of"] = [row.consultation.title for row in lists]
    if helped:
        found["helps"] = [
            {
                "consultation": row.consultation.title, "with": row.help,
                "since": row.since.isoformat() if row.since else None,
                "until": row.until.isoformat() if row.until else None,
            }
            for row in helped
        ]  # fmt: skip
    followed = _addresses(subject).select_related("consultation").order_by("pk")
    if followed:
        found["told_what_is_done_with"] = [row.consultation.title for row in followed]
    return found


def _addresses(subject: Any) -> models.QuerySet[FollowAddress]:
    """The addresses left under an e-mail address that is this subject's."""
    if isinstance(subject, FollowAddress):
        return FollowAddress.objects.filter(pk=subject.pk)
    emails = {row.email.lower() for row in [*_people(subject), subject] if getattr(row, "email", "")}
    if not emails:
        return FollowAddress.objects.none()
    # Stored in lower case by ``feedback.leave_address``.
    return FollowAddress.objects.filter(email__in=emails)


def erase(subject: Any) -> int:
    """Lists keep their codes, without the name; trust ends; addresses go."""
    people = _people(subject)
    count = Elector.objects.filter(person__in=people).update(person=None) if people else 0
    if people:
        count += Helper.objects.filter(person__in=people).delete()[0]
    return count + _addresses(subject).delete()[0]


def purge(today: dt.date) -> int:
    """Names leave the lists of consultations closed for long; addresses that nobody told anything leave too."""
    limit = dt.datetime.combine(today - KEPT, dt.time.min, tzinfo=dt.UTC)
    names = Elector.objects.exclude(person=None).filter(consultation__closed_at__lt=limit).update(person=None)
    return names + FollowAddress.objects.filter(consultation__closed_at__lt=limit).delete()[0]


def find(text: str) -> Iterable[Any]:
    """An address left to be told, that no person or account has."""
    return FollowAddress.objects.filter(email=text.strip().lower()) if "@" in text else []


personal_data.add(
    PersonalData(
        room="participation",
        purpose=_("Send a code to those of a list, trust helpers, tell what was done with the answers."),
        export=export,
        erase=erase,
        purge=purge,
        find=find,
    )
)
