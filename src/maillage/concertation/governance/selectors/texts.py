"""Charters, with what changed from one version to the next, and obstacles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import F, Prefetch, QuerySet

from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import Charter, Obstacle, ObstacleStep
from maillage.concertation.models import Space
from maillage.core.dates import newest
from maillage.methods.differences import differences


def charters_of(space: Space, *, inside: bool) -> list[Charter]:
    """The versions of the space's charter, the latest first; one in preparation for its members only. One query."""
    rows = Charter.objects.filter(space=space).select_related("decision")
    if not inside:
        rows = rows.exclude(adopted_on=None)
    return list(rows.order_by("-number"))


def in_force(charters: list[Charter], day: dt.date) -> Charter | None:
    """The one in force on ``day``."""
    return next((row for row in charters if row.adopted_on is not None and row.holds(day)), None)


@dataclass(frozen=True)
class Piece:
    """Words in order. ``kind``: ``same``, ``gone`` (of the older text only), ``new``."""

    kind: str
    text: str


MOST_WORDS = 1_500
"""Beyond, a changed passage is shown whole: comparing it word by word would hold the server."""


def compare(older: str, newer: str) -> list[Piece]:
    """The newer text with what left the older one: line by line, then word by word in the lines that changed."""
    first, second = older.splitlines(keepends=True), newer.splitlines(keepends=True)
    pieces: list[Piece] = []
    for same, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        gone, new = "".join(first[a:b]), "".join(second[c:d])
        if same == "equal":
            pieces.append(Piece("same", new))
        elif gone and new and max(len(gone.split()), len(new.split())) < MOST_WORDS:
            pieces += _by_word(gone, new)
        else:
            pieces += [Piece(kind, text) for kind, text in (("gone", gone), ("new", new)) if text]
    return pieces


def _by_word(older: str, newer: str) -> list[Piece]:
    left, right = differences(older, newer)
    ours, theirs = list(left), list(right)
    pieces: list[Piece] = []
    while ours or theirs:
        if ours and ours[0][1]:
            pieces.append(Piece("gone", ours.pop(0)[0]))
        elif theirs and theirs[0][1]:
            pieces.append(Piece("new", theirs.pop(0)[0]))
        else:
            ours.pop(0)
            pieces.append(Piece("same", theirs.pop(0)[0]))
    return pieces


def _with_steps(rows: QuerySet[Obstacle]) -> QuerySet[Obstacle]:
    return rows.prefetch_related(Prefetch("steps", ObstacleStep.objects.order_by("on", "id")))


def obstacles_of(space: Space, *, inside: bool) -> list[Obstacle]:
    """The obstacles of a space with their steps; in public those chosen to be. Two queries."""
    rows = Obstacle.objects.filter(space=space)
    return list(
        _with_steps(rows if inside else rows.filter(is_public=True)).order_by(
            F("until").asc(nulls_first=True), *newest()
        )
    )


def obstacles_in(alliance: Alliance, day: dt.date) -> tuple[int, int]:
    """How many obstacles stand on ``day`` in the alliance, and how many of them something was tried against."""
    rows = Obstacle.objects.at(day).filter(space__alliance=alliance).prefetch_related("steps")
    standing = list(rows)
    return len(standing), sum(1 for row in standing if row.steps.all())
