"""Who is still in an alliance, on a day: what personal addresses, notices and rules ask alike.

Someone who never held a role (a guest, a contact person of an actor) has not gone: they were written to as they are.
Someone whose every role ended has, whatever seat or mandate still stands in their name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from maillage.alliances.models import Person, Role
from maillage.core.dates import holding


def is_in(person: Person, day: dt.date) -> bool:
    """Whether this person holds any role on ``day``. One query."""
    return Role.objects.at(day).filter(person=person).exists()


def gone_among(person_ids: Collection[int], day: dt.date) -> frozenset[int]:
    """Those who held a role, and hold none on ``day``. One query."""
    begun = Role.objects.filter(person__in=person_ids, until__lte=day)
    held = Role.objects.filter(holding(day)).values("person")
    return frozenset(begun.exclude(person__in=held).order_by().values_list("person_id", flat=True))


def has_gone(person: Person, day: dt.date) -> bool:
    """Whether this person held a role, and holds none on ``day``. One query."""
    return person.pk in gone_among([person.pk], day)


def roles_of(people: Iterable[Person], now: dt.datetime) -> tuple[frozenset[int], frozenset[int]]:
    """Of these persons, whatever their alliance: the ids of those who are in, of those who have gone. One query."""
    days = {person.pk: person.alliance.today(now) for person in people}
    inside: set[int] = set()
    ended: set[int] = set()
    for role in Role.objects.filter(person__in=days):
        day = days[role.person_id]
        if role.holds(day):
            inside.add(role.person_id)
        elif role.until is not None and role.until <= day:
            ended.add(role.person_id)
    return frozenset(inside), frozenset(ended - inside)
