"""Who withdrew from what."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from maillage.actors.interests.models import Withdrawal
from maillage.core import contributions


def has_withdrawn(user: Any, reference: str) -> bool:
    """Whether this account, as any of its persons, withdrew from this item. One query, kept for the request."""
    if user is None or not getattr(user, "is_authenticated", False):
        return False
    cache: dict[str, bool] = user.__dict__.setdefault("_maillage_withdrawn", {})
    if reference not in cache:
        cache[reference] = Withdrawal.objects.filter(
            person__user_id=user.pk, reference=reference, lifted_at=None
        ).exists()
    return cache[reference]


def references_left(user: Any) -> frozenset[str]:
    """Everything this account withdrew from: to leave it out of a list or a search. One query."""
    if user is None or not getattr(user, "is_authenticated", False):
        return frozenset()
    rows = Withdrawal.objects.filter(person__user_id=user.pk, lifted_at=None)
    return frozenset(rows.values_list("reference", flat=True))


@contributions.withheld.register
def withheld(person_ids: Collection[int], references: Collection[str]) -> Iterator[str]:
    rows = Withdrawal.objects.filter(person__in=person_ids, reference__in=references, lifted_at=None)
    for person, reference in rows.values_list("person_id", "reference"):
        yield f"{person} {reference}"
