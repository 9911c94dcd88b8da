"""What a space promises of savoir d'expérience, and what its meetings kept. Never by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import ConditionKept, ConditionOffer
from maillage.concertation.meetings.models import Meeting
from maillage.concertation.models import Space
from maillage.concertation.vocabulary import Condition

ENOUGH = 3
"""Meetings that must have been noted before a share is worth reading."""
SHOWN = 12


@dataclass(frozen=True)
class Kept:
    """One condition over the meetings held since it was promised (or noted without a promise)."""

    code: str
    promised: bool
    since: dt.date | None
    note: str
    meetings: int
    kept: int
    missed: int

    @property
    def label(self) -> str:
        return str(Condition(self.code).label)

    @property
    def noted(self) -> int:
        return self.kept + self.missed

    @property
    def unknown(self) -> int:
        return self.meetings - self.noted

    @property
    def share(self) -> float | None:
        """``None``: not enough data."""
        return self.kept / self.noted if self.noted >= ENOUGH else None


def promises_of(space: Space, day: dt.date) -> dict[str, ConditionOffer]:
    """The conditions promised on ``day``, by code in the common order. One query."""
    rows = {row.code: row for row in ConditionOffer.objects.at(day).filter(space=space)}
    return {code: rows[code] for code in Condition.values if code in rows}


def held_meetings(space: Space, day: dt.date) -> QuerySet[Meeting]:
    """Meetings held by ``day``, the latest first."""
    state = Meeting.State
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=space.alliance.zone)
    found = Meeting.objects.filter(space=space, state__in=(state.HELD, state.OPEN), starts_at__lt=end)
    return found.order_by("-starts_at", "-id")


@dataclass(frozen=True)
class Line:
    """A meeting, and condition by condition whether it was kept (``None``: not said)."""

    meeting: Meeting
    on: dt.date
    cells: list[tuple[str, bool | None]]


@dataclass(frozen=True)
class Conditions:
    conditions: list[Kept]
    lines: list[Line]
    meetings: int

    @property
    def promised(self) -> int:
        return sum(one.promised for one in self.conditions)


def conditions_of(space: Space, day: dt.date, *, inside: bool) -> Conditions:
    """Promised and kept, in counts and over the last meetings (in public, those shown in public). Three queries."""
    promises = promises_of(space, day)
    zone = space.alliance.zone
    meetings = [(row, row.starts_at.astimezone(zone).date()) for row in held_meetings(space, day)]
    kept = {
        (meeting, code): value
        for meeting, code, value in ConditionKept.objects.filter(
            meeting__in=[row.pk for row, _on in meetings]
        ).values_list("meeting_id", "code", "kept")
    }
    codes = [code for code in Condition.values if code in promises or any(key[1] == code for key in kept)]
    found = []
    for code in codes:
        offer = promises.get(code)
        since = offer.since if offer else None
        rows = [row for row, on in meetings if since is None or on >= since]
        values = [kept.get((row.pk, code)) for row in rows]
        found.append(
            Kept(
                code, offer is not None, since, offer.note if offer else "", len(rows), values.count(True),
                values.count(False),
            )
        )  # fmt: skip
    shown = [(row, on) for row, on in meetings if inside or row.is_public][:SHOWN]
    lines = [Line(row, on, [(code, kept.get((row.pk, code))) for code in codes]) for row, on in shown]
    return Conditions(found, lines, len(meetings))


def unnoted(spaces: Sequence[Space], day: dt.date, days: int = 45) -> list[Meeting]:
    """Meetings held lately by spaces that promise something, where nothing was noted. Two queries."""
    promising = set(ConditionOffer.objects.at(day).filter(space__in=spaces).values_list("space_id", flat=True))
    if not promising:
        return []
    zone = spaces[0].alliance.zone
    begin = dt.datetime.combine(day - dt.timedelta(days=days), dt.time(), tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    held = Meeting.objects.filter(
        space__in=promising, state=Meeting.State.HELD, starts_at__gte=begin, starts_at__lt=end, conditions=None
    )
    return list(held.select_related("space").order_by("-starts_at", "-id"))


def kept_in(alliance: Alliance, day: dt.date, *, since: dt.date) -> tuple[int, int]:
    """Over the alliance since a day: how many conditions were kept, out of how many noted. One query."""
    zone = alliance.zone
    begin = dt.datetime.combine(since, dt.time(), tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    values = list(
        ConditionKept.objects.filter(
            meeting__alliance=alliance, meeting__starts_at__gte=begin, meeting__starts_at__lt=end
        ).values_list("kept", flat=True)
    )
    return sum(values), len(values)
