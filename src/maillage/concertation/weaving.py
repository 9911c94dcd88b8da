"""Who sits where on a day: read once for a page, drawn as the woven picture and counted in figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from maillage.actors.selectors import actors_of
from maillage.actors.vocabulary import TYPE_ORDER
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.concertation.selectors import places, seats_of, spaces_of
from maillage.ui import charts


@dataclass(frozen=True)
class Standing:
    """``actors``: the type of each. ``places``: the spaces where each sits; who has no seat is not in it."""

    spaces: Sequence[Space]
    actors: Mapping[int, str]
    places: Mapping[int, set[int]]

    @property
    def several(self) -> int:
        """How many actors sit in more than one space."""
        return sum(len(held) > 1 for held in self.places.values())

    @property
    def types(self) -> dict[str, int]:
        """How many actors of each type, in the fixed order."""
        counts = Counter(self.actors.values())
        return {code: counts[code] for code in TYPE_ORDER if counts[code]}

    def picture(self) -> charts.Picture:
        """The woven picture. Who has no seat is a thread too: of the alliance, and still to weave."""
        members: dict[int, set[Hashable]] = {space.pk: set() for space in self.spaces}
        for actor, held in self.places.items():
            for place in held:
                members[place].add(actor)
        actors: dict[Hashable, str] = dict(self.actors.items())
        rows = [charts.Row(space.label, members[space.pk], space.get_absolute_url()) for space in self.spaces]
        return charts.picture(rows, actors)


def standing(alliance: Alliance, day: dt.date, *, everything: bool = False) -> Standing:
    """Three queries, the first time it is asked of this alliance object, which lives one request."""
    known: dict[tuple[dt.date, bool], Standing] = alliance.__dict__.setdefault("_maillage_standing", {})
    if (day, everything) not in known:
        spaces = list(spaces_of(alliance, day, everything=everything))
        for space in spaces:
            space.alliance = alliance
        present = actors_of(alliance, day, everything=everything).order_by()
        held = places(seats_of(alliance, day, everything=everything))
        known[day, everything] = Standing(spaces, dict(present.values_list("pk", "type")), held)
    return known[day, everything]
