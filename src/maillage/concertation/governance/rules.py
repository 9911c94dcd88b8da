"""Who may see and change how spaces work, and who sits there in whose name."""

from __future__ import annotations

from typing import Any

import rules

from maillage.actors.vocabulary import ActorType
from maillage.alliances.rules import alliance_of, is_inside, oversees, steers
from maillage.concertation.governance.holders import holds_seat
from maillage.concertation.governance.models import SeatHolder
from maillage.concertation.models import Space
from maillage.core.dates import holding


@rules.predicate
def sits_there(user: Any, obj: Any = None) -> bool:
    """Holds a seat of the space today, or takes the holder's place."""
    space = obj if isinstance(obj, Space) else getattr(obj, "space", None)
    alliance = alliance_of(space)
    return isinstance(space, Space) and alliance is not None and holds_seat(user, space, alliance.today())


@rules.predicate
def is_the_holder(user: Any, obj: Any = None) -> bool:
    """The account is the very person who holds this seat: nobody chooses in their place."""
    return (
        isinstance(obj, SeatHolder)
        and user is not None
        and user.is_authenticated
        and obj.person.user_id == user.pk
        and obj.person.erased_at is None
    )


@rules.predicate
def sits_as_citizen(user: Any, obj: Any = None) -> bool:
    """Holds a citizens' seat of the meeting's space: who knows best whether the conditions were kept."""
    space = getattr(obj, "space", None)
    if not isinstance(space, Space) or user is None or not user.is_authenticated:
        return False
    held = SeatHolder.objects.at(space.alliance.today()).filter(
        holding(space.alliance.today(), "seat__"), seat__space=space, seat__actor__type=ActorType.CITIZENS,
        person__user_id=user.pk, person__erased_at=None,
    )  # fmt: skip
    return bool(held.exists())


is_of_space = steers | oversees | (is_inside & sits_there)

rules.add_perm("concertation.view_space_inside", is_of_space)
"""What the space's own members read: who holds each seat, its dynamics. Object: the space."""
rules.add_perm("concertation.name_obstacles", steers | (is_inside & sits_there))
"""To name an obstacle and what was tried. Object: the space."""
rules.add_perm("concertation.note_conditions", steers | (is_inside & sits_as_citizen))
"""To say whether a meeting kept the conditions of savoir d'expérience. Object: the meeting."""
rules.add_perm("concertation.name_oneself", is_the_holder)
"""To be named in public for a seat, or no longer. Object: the ``SeatHolder``."""
