"""Who may declare interests, withdraw, and lift a withdrawal."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.interests.models import Interest, Withdrawal, WithdrawalNote
from maillage.alliances.models import Person
from maillage.alliances.rules import is_inside, steers


def _person(obj: Any) -> Person | None:
    if isinstance(obj, Interest | Withdrawal | WithdrawalNote):
        return obj.person
    return obj if isinstance(obj, Person) else None


@rules.predicate
def is_the_person(user: Any, obj: Any = None) -> bool:
    """The account is the person that the object speaks of."""
    person = _person(obj)
    return bool(
        user is not None and user.is_authenticated and person is not None
        and person.erased_at is None and person.user_id == user.pk
    )  # fmt: skip


@rules.predicate
def steers_the_person(user: Any, obj: Any = None) -> bool:
    """Steers the alliance that knows the person."""
    person = _person(obj)
    return person is not None and bool(steers.test(user, person.alliance))


@rules.predicate
def written_by_another(user: Any, obj: Any = None) -> bool:
    """The withdrawal was not said by the person themself."""
    return isinstance(obj, Withdrawal | WithdrawalNote) and obj.recorded_by_id is not None


rules.add_perm("actors.my_interests", is_inside)
"""Has a page of one's own interests; object: the alliance."""
rules.add_perm("actors.own_interests", is_the_person)
"""Reads every word of it, family ties included; object: the person, or an interest."""
rules.add_perm("actors.read_interests", is_the_person | steers_the_person)
rules.add_perm("actors.declare_interests", is_the_person | steers_the_person)
"""Declares for oneself, or writes down what the person said (never a family tie)."""
rules.add_perm("actors.withdraw", is_the_person | steers_the_person)
"""Withdraws from an item, or writes down that the person did; object: the person."""
rules.add_perm("actors.lift_withdrawal", steers_the_person & ~is_the_person)
"""Never the person alone: someone else who steers; object: the withdrawal."""
rules.add_perm("actors.undo_withdrawal", is_the_person & written_by_another)
"""Says that they did not withdraw; object: a withdrawal, or a note of one, that someone else wrote down for them."""
