"""Who leads the meetings of a space, in turn."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maillage.actors.models import Actor
from maillage.alliances.models import Person
from maillage.concertation.governance.models import Facilitation
from maillage.concertation.governance.services.common import check_end, clean, logged, overlaps
from maillage.concertation.models import Space
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock


@transaction.atomic
def add_turn(
    *,
    space: Space,
    actor: Actor,
    by: Any,
    since: dt.date | None,
    until: dt.date | None = None,
    person: Person | None = None,
    via: str = "web",
) -> Facilitation:
    """The actor leads the meetings from ``since``. A turn without end stops where this one begins.

    Errors: ``PermissionDenied``; ``ValidationError`` for an actor or a person of elsewhere, or days already taken.
    """
    require(by, "concertation.edit", space)
    lock(space)
    check_end(since, until)
    if actor.alliance_id != space.alliance_id or (person is not None and person.alliance_id != space.alliance_id):
        raise ValidationError({"actor": _("Choose someone of this alliance.")})
    if person is not None and person.erased_at is not None:
        raise ValidationError({"person": _("This person asked to be erased: nothing may be written about them.")})
    for row in Facilitation.objects.filter(space=space):
        begun_before = since is not None and (row.since is None or row.since < since)
        if row.until is None and begun_before:
            row.until = since
            row.save(update_fields=["until"])
        elif overlaps(row, since, until):
            raise ValidationError({"since": _("Another turn already covers these days. Choose other days.")})
    turn = Facilitation(space=space, actor=actor, person=person, since=since, until=until)
    clean(turn, "space", "actor", "person")
    turn.save()
    audit.record(
        "concertation.turn_added", turn, by=by, alliance=space.alliance, via=via,
        after=logged(turn, ("space_id", "actor_id", "person_id", "since", "until")),
    )  # fmt: skip
    return turn


@transaction.atomic
def end_turn(*, turn: Facilitation, on: dt.date, by: Any, via: str = "web") -> Facilitation | None:
    """The turn stops on ``on``; one that had not begun is taken back (returns ``None``)."""
    space = turn.space
    require(by, "concertation.edit", space)
    turn = lock(turn)
    if turn.since is not None and turn.since >= on:
        audit.record(
            "concertation.turn_taken_back", turn, by=by, alliance=space.alliance, via=via,
            before=logged(turn, ("space_id", "actor_id", "since", "until")),
        )  # fmt: skip
        turn.delete()
        return None
    turn.until = on
    turn.save(update_fields=["until"])
    audit.record(
        "concertation.turn_ended", turn, by=by, alliance=space.alliance, via=via, after={"until": on.isoformat()}
    )
    return turn
