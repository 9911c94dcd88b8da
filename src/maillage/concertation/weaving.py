"""What the woven picture is made of: one thread an actor, one row a space, woven where the actor sits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence

from maillage.actors.selectors import actors_of
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.concertation.selectors import places, seats_of, spaces_of
from maillage.ui import charts


def weaving(
    alliance: Alliance, day: dt.date, *, everything: bool = False, spaces: Sequence[Space] | None = None
) -> charts.Picture:
    """The picture of who sits where on ``day``. Three queries, two where the spaces are known.

    Actors without a seat are threads too: they are of the alliance, and the bare thread says what is to weave.
    """
    if spaces is None:
        spaces = list(spaces_of(alliance, day, everything=everything))
    present = actors_of(alliance, day, everything=everything).order_by()
    actors: dict[Hashable, str] = dict(present.values_list("pk", "type"))
    members: dict[int, set[Hashable]] = {space.pk: set() for space in spaces}
    for actor, held in places(seats_of(alliance, day, everything=everything)).items():
        for place in held & members.keys():
            members[place].add(actor)
    for space in spaces:
        space.alliance = alliance
    rows = [charts.Row(space.label, members[space.pk], space.get_absolute_url()) for space in spaces]
    return charts.picture(rows, actors)
