"""What a person must not see, by any road: asked of every room that knows a reason (``contributions.withheld``).

A conflict of interest is the first such reason. Pages ask it through their rules; mails, search and exports ask here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from maillage.core import contributions


def withheld_from(person_ids: Collection[int], references: Collection[str]) -> frozenset[tuple[int, str]]:
    """The pairs ``(person id, reference)`` that are withheld. A query for each room that has reasons."""
    if not person_ids or not references:
        return frozenset()
    found = set()
    for line in contributions.withheld.collect(tuple(person_ids), tuple(references)):
        person, _space, reference = line.partition(" ")
        found.add((int(person), reference))
    return frozenset(found)


def is_withheld(person_id: int, reference: str) -> bool:
    """Whether this thing is withheld from this person."""
    return (person_id, reference) in withheld_from([person_id], [reference])


def references_left(user: Any) -> frozenset[str]:
    """Everything this account must not see, for a room that imports none of those that know why."""
    if user is None or not getattr(user, "is_authenticated", False):
        return frozenset()
    return frozenset(contributions.references_left.collect(user))
