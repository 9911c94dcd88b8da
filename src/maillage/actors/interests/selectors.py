"""What a person must not read for a conflict of interest, and who may read what a person declares.

Two things close an item: the person withdrew from it; or the data show a conflict (``contributions.unanswered``) and
they have not yet said whether they withdraw. :func:`references_left` and :func:`left_by` answer for both, and so does
``core.withholding`` for every room: whatever shows deliberation asks these. :func:`has_withdrawn` and
:func:`withdrawn_by` answer for the first only, to say which of the two it is. All of them follow
``contributions.goes_with``: whoever leaves a decision does not see the agenda item where it is discussed either.
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
"""How many answers this process has seen given or lifted: what a request keeps is forgotten at each."""


def forget() -> None:
    """Somebody just withdrew, was let back in or answered: the next question is asked of the database again."""
    _changes[0] += 1


def withdrawn_by(person_ids: Collection[int]) -> dict[int, frozenset[str]]:
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


def left_by(person_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What each of these persons must not read: what they left, or were found in a conflict over and have not answered.
    Persons from whom nothing is kept are absent."""
    left = withdrawn_by(person_ids)
    for person, reference in contributions.unanswered.collect(tuple(person_ids)):
        left[person] = left.get(person, _NONE) | {reference}
    return left


def _kept(user: Any) -> tuple[frozenset[str], frozenset[str]]:
    """What this account, as any of its persons, withdrew from; then everything it must not read.

    Kept for the request, until somebody answers.
    """
    if user is None or not getattr(user, "is_authenticated", False):
        return _NONE, _NONE
    kept: tuple[int, frozenset[str], frozenset[str]] | None = user.__dict__.get("_maillage_left")
    if kept is not None and kept[0] == _changes[0]:
        return kept[1:]
    asked = _changes[0]
    persons = list(Person.objects.filter(user_id=user.pk).order_by().values_list("pk", flat=True))
    withdrawn = _NONE.union(*withdrawn_by(persons).values()) if persons else _NONE
    waiting = frozenset(reference for _person, reference in contributions.unanswered.collect(tuple(persons)))
    left = withdrawn | waiting
    user.__dict__["_maillage_left"] = (asked, withdrawn, left)
    return withdrawn, left


def references_left(user: Any) -> frozenset[str]:
    """Everything this account must not read: to leave it out of a list or a search. Kept for the request."""
    return _kept(user)[1]


def references_withdrawn(user: Any) -> frozenset[str]:
    """Of these, what it withdrew from. The others wait for an answer."""
    return _kept(user)[0]


def must_not_read(user: Any, reference: str) -> bool:
    """Whether this account must not read this item. Costs nothing after the first question."""
    return reference in references_left(user)


def has_withdrawn(user: Any, reference: str) -> bool:
    """Whether this account, as any of its persons, withdrew from this item."""
    return reference in references_withdrawn(user)


def person_has_left(person: Person, reference: str) -> bool:
    """Whether a person who comes by their own address, without an account, withdrew from it."""
    return reference in withdrawn_by([person.pk]).get(person.pk, _NONE)


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
    """For ``core.withholding``: what these persons must not read."""
    wanted = frozenset(references)
    for person, left in left_by(person_ids).items():
        for reference in sorted(left & wanted):
            yield f"{person} {reference}"


@contributions.references_left.register
def left_of(user: Any) -> Iterator[str]:
    """The same, for an account, where a room below asks it."""
    yield from sorted(references_left(user))
