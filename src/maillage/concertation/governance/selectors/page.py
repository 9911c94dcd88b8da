"""What the page of one space says of how it works."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from maillage.concertation.governance.holders import quorum_of
from maillage.concertation.governance.models import SpaceLink, SpaceSetting
from maillage.concertation.governance.selectors.seats import College, colleges_of
from maillage.concertation.governance.selectors.settings import (
    Links,
    functions_of,
    links_of,
    settings_of,
    words_of,
)
from maillage.concertation.models import Space


@dataclass(frozen=True)
class Working:
    """How a space works on a day. ``setting`` is ``None`` where nothing was written."""

    setting: SpaceSetting | None
    functions: list[str]
    scale: str
    colleges: list[College]
    links: Links

    @property
    def part_of(self) -> list[SpaceLink]:
        """What it is part of elsewhere: its parent in the alliance is said in its title."""
        return [link for link in self.links.part_of if link.other.alliance_id != link.space.alliance_id]

    @property
    def seats(self) -> int:
        return sum(college.held for college in self.colleges)

    @property
    def planned(self) -> int:
        return sum(college.planned or 0 for college in self.colleges)

    @property
    def vacant(self) -> int:
        return sum(college.vacant for college in self.colleges)

    @property
    def quorum(self) -> int | None:
        return quorum_of(self.setting, self.seats) if self.setting else None

    @property
    def has_plan(self) -> bool:
        return any(college.planned is not None for college in self.colleges)


def working(space: Space, day: dt.date, *, everything: bool) -> Working:
    """How the space works on ``day``. At most eight queries, whatever its size."""
    setting = settings_of([space], day).get(space.pk)
    codes = functions_of([space], day).get(space.pk, [])
    labels = words_of(space.alliance, "space-function") if codes else {}
    scales = words_of(space.alliance, "scale") if setting and setting.scale else {}
    return Working(
        setting=setting,
        functions=[words for code, words in labels.items() if code in codes],
        scale=scales.get(setting.scale, "") if setting else "",
        colleges=colleges_of([space], day)[space.pk],
        links=links_of(space, day, everything=everything),
    )
