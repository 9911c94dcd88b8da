"""Who withdrew from what, and who may read what a person declares.

:func:`has_withdrawn` and :func:`references_left` answer for an account, :func:`left_by` for persons without one;
``core.withholding`` asks the same of every room. All of them follow ``contributions.goes_with``: whoever leaves a
decision does not see the agenda item where it is discussed either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from maillage.actors.interests.models import Interest, Withdrawal
from maillage.alliances.models import Person
from maillage.core import contributions
from maillage.core.access import may

_NONE: frozenset[str] = frozenset()
_changes = [0]
"""How many withdrawals this process has seen made or lifted: what a request keeps is forgotten at each."""


def forget() -> None:
    """Somebody just withdrew, or a withdrawal was lifted: the next question is asked of the database again."""
    _changes[0] += 1


def left_by(person_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What each of these persons withdrew from, with what goes with it. Persons who left nothing are absent."""
    rows = Withdrawal.objects.filter(person__in=person_ids, lifted_at=None)
    left: dict[int, set[str]] = {}
    for person, reference in rows.values_list("person_id", "reference"):
        left.setdefault(person, set()).add(reference)
    everything = frozenset().union(*left.values()) if left else _NONE
    along: dict[str, set[str]] = {}
    if everything:
        for reference, another in contributions.goes_with.collect(everything):
            along.setdefault(reference, set()).add(another)
    return {
        person: frozenset(references.union(*(along.get(reference, ()) for reference in references)))
        for person, references in left.items()
    }


def references_left(user: Any) -> frozenset[str]:
    """Everything this account, as any of its persons, withdrew from: to leave it out of a list or a search.

    Kept for the request, until a withdrawal is made or lifted.
    """
    if user is None or not getattr(user, "is_authenticated", False):
        return _NONE
    kept: tuple[int, frozenset[str]] | None = user.__dict__.get("_maillage_left")
    if kept is not None and kept[0] == _changes[0]:
        return kept[1]
    asked = _changes[0]
    persons = Person.objects.filter(user_id=user.pk, withdrawals__lifted_at=None, withdrawals__isnull=False)
    found = left_by(list(persons.order_by().values_list("pk", flat=True).distinct()))
    left = frozenset().union(*found.values()) if found else _NONE
    user.__dict__["_maillage_left"] = (asked, left)
    return left


def has_withdrawn(user: Any, reference: str) -> bool:
    """Whether this account, as any of its persons, withdrew from this item. Costs nothing after the first question."""
    return reference in references_left(user)


def person_has_left(person: Person, reference: str) -> bool:
    """The same for a person who comes by their own address, without an account."""
    return reference in left_by([person.pk]).get(person.pk, _NONE)


def withdrawal_of(person: Person, reference: str) -> Withdrawal | None:
    """The withdrawal that holds, where the person left this very item."""
    return Withdrawal.objects.filter(person=person, reference=reference, lifted_at=None).first()


def interests_read_by(viewer: Any, person: Person, *, herself: bool = False) -> list[Interest]:
    """What this person declares, as ``viewer`` may read it; ``herself``: they came by their own address.

    Whoever steers reads offices and interests; of a family tie, or of what is marked private, they learn that it
    exists and the actor it concerns, never its words (``what`` is then empty). Nobody else reads anything.
    """
    own = herself or may(viewer, "actors.own_interests", person)
    if not own and not may(viewer, "actors.read_interests", person):
        return []
    rows = list(Interest.objects.filter(person=person).select_related("actor"))
    if not own:
        for row in rows:
            if row.is_private:
                row.what = ""
    return rows


@contributions.withheld.register
def withheld(person_ids: Collection[int], references: Collection[str]) -> Iterator[str]:
    """For ``core.withholding``: what these persons withdrew from."""
    wanted = frozenset(references)
    for person, left in left_by(person_ids).items():
        for reference in sorted(left & wanted):
            yield f"{person} {reference}"


@contributions.references_left.register
def left_of(user: Any) -> Iterator[str]:
    """The same, for an account, where a room below asks it."""
    yield from sorted(references_left(user))
