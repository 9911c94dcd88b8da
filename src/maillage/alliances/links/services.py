"""Making, opening and closing personal addresses.

A page behind one is public (``core.access.public``) and begins by :func:`find`. Whoever holds the address acts as the
person, for that purpose only: services then receive ``by=None`` and the person, and log ``via="link"``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from maillage.alliances.links.models import PersonLink
from maillage.alliances.models import Alliance, Person
from maillage.alliances.presence import has_gone, is_in, roles_of
from maillage.core import audit, contributions
from maillage.core.access import require
from maillage.core.contributions import LinkHolder, LinkPurpose

KEPT_DAYS = 90
"""How long a closed address is kept, so that one can still see that it was closed, and when."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def purpose_of(code: str) -> LinkPurpose:
    """Errors: ``LookupError`` for a purpose that no room declared: nothing says who its holder is."""
    for known in contributions.link_purposes:
        if known.code == code:
            return known
    raise LookupError(f"No purpose of personal addresses is named {code!r}.")


def opens_to(person: Person, purpose: str, day: dt.date) -> bool:
    """Whether an address of this purpose opens to this person on ``day``, as far as their role goes."""
    holder = purpose_of(purpose).open_to
    if holder is LinkHolder.ROLE:
        return is_in(person, day)
    return holder is LinkHolder.ANYONE or not has_gone(person, day)


def make(*, person: Person, purpose: str, reference: str = "", expires_at: dt.datetime | None = None) -> str:
    """A new address's token (43 characters). Write it in a mail (``mail.send(…, secrets=[token])``), nowhere else."""
    purpose_of(purpose)
    token = secrets.token_urlsafe(32)
    PersonLink.objects.create(
        person=person, purpose=purpose, reference=reference, digest=_digest(token), expires_at=expires_at
    )
    return token


def find(token: str, purpose: str, *, now: dt.datetime | None = None) -> PersonLink | None:
    """The link of this token if it still opens something: not expired, not revoked, its person not erased, and still
    in the alliance where the purpose asks it (``contributions.link_purposes``)."""
    found = (
        PersonLink.objects.select_related("person__alliance__parent")
        .filter(digest=_digest(token), purpose=purpose, revoked_at=None, person__erased_at=None)
        .first()
    )
    now = now or timezone.now()
    if found is None or (found.expires_at is not None and found.expires_at <= now):
        return None
    return found if opens_to(found.person, purpose, found.person.alliance.today(now)) else None


@dataclass(frozen=True)
class Door:
    """The open addresses of one person for one purpose."""

    person: Person
    purpose: str
    count: int
    latest: dt.datetime

    @property
    def label(self) -> Any:
        """What they let do, in words."""
        return purpose_of(self.purpose).label


def doors_of(user: Any, now: dt.datetime, *, alliance: Alliance | None = None) -> list[Door]:
    """The open addresses of an account, in every alliance or in one, gathered by purpose: three queries."""
    known = Person.objects.filter(user=user, erased_at=None).select_related("alliance").order_by("pk")
    people = {row.pk: row for row in (known if alliance is None else known.filter(alliance=alliance))}
    rows = (
        PersonLink.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), person__in=people, revoked_at=None)
        .values("person_id", "purpose")
        .annotate(count=Count("pk"), latest=Max("created_at"))
        .order_by("person_id", "purpose")
    )
    inside, gone = roles_of(people.values(), now)
    ended = {LinkHolder.ROLE: people.keys() - inside, LinkHolder.GUEST: gone, LinkHolder.ANYONE: frozenset[int]()}
    shut = {known.code: ended[known.open_to] for known in contributions.link_purposes}
    return [
        Door(people[row["person_id"]], row["purpose"], row["count"], row["latest"])
        for row in rows
        if row["purpose"] in shut and row["person_id"] not in shut[row["purpose"]]
    ]


@transaction.atomic
def close(*, person: Person, purpose: str, by: Any, now: dt.datetime) -> int:
    """The person closes their own addresses for a purpose. Returns how many. Errors: ``PermissionDenied``."""
    require(by, "alliances.close_links", person)
    count = revoke(person=person, purpose=purpose, now=now)
    if count:
        audit.record(
            "alliances.links_closed",
            person,
            by=by,
            alliance=person.alliance,
            after={"purpose": purpose, "count": count},
        )
    return count


def purge(today: dt.date) -> int:
    """Delete the addresses that have opened nothing for 90 days. Returns how many."""
    limit = timezone.make_aware(dt.datetime.combine(today, dt.time())) - dt.timedelta(days=KEPT_DAYS)
    closed = Q(expires_at__lt=limit) | Q(revoked_at__lt=limit)
    return PersonLink.objects.filter(closed).delete()[0]


def revoke(*, person: Person, purpose: str, reference: str | None = None, now: dt.datetime | None = None) -> int:
    """Close the person's addresses for this purpose (and this row only, where one is named). Returns how many."""
    rows = PersonLink.objects.filter(person=person, purpose=purpose, revoked_at=None)
    if reference is not None:
        rows = rows.filter(reference=reference)
    return rows.update(revoked_at=now or timezone.now())
