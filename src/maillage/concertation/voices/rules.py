"""Who may do what in this part."""

from __future__ import annotations

from typing import Any

import rules

from maillage.alliances.rules import is_inside, steers
from maillage.concertation.voices.models import Approach


@rules.predicate
def is_entrusted(user: Any, obj: Any = None) -> bool:
    """The account is the person to whom this approach was given."""
    if user is None or not user.is_authenticated or not isinstance(obj, Approach):
        return False
    person = obj.task.owner_person
    return person is not None and person.user_id == user.pk and person.erased_at is None


rules.add_perm("concertation.want_voices", steers)
"""What the alliance says it wants around the table, and who approaches whom; object: the alliance or a voice."""
rules.add_perm("concertation.view_approaches", is_inside)
"""Who was approached and what came of it: never in public."""
rules.add_perm("concertation.tell_approach", steers | (is_inside & is_entrusted))
"""What came of an approach: whoever steers, or the person to whom it was given; object: the approach."""
