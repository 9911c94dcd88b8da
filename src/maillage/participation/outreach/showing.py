"""What is told of the plan: to the public with the consultation, to open data, to the account.

A small number of people is never told, nor what would give it back: the total where one part is missing, how many were
aimed at where only a few of them did not come. A relay that is not public is not named, nor is the place, which would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.actors.models import Actor
from maillage.participation.consultations.giving import shown_count
from maillage.participation.consultations.models import Consultation
from maillage.participation.outreach.models import Outreach

S = Consultation.State


@dataclass(frozen=True)
class Told:
    """A way as anyone may read it."""

    way: Outreach
    who: str
    relay_actor: Actor | None
    """Only where it is public."""
    relay_rest: str
    """What is said in words of the relay."""
    place: str
    aimed: int | None
    reached: int | None
    hidden: bool
    """People were reached, too few to say how many."""
    late: bool
    """Its day has passed, and nothing is said of what came of it."""

    @property
    def relay(self) -> str:
        """Through whom, in one line."""
        name = self.relay_actor.name if self.relay_actor is not None else ""
        return ", ".join(filter(None, [name, self.relay_rest]))


@dataclass(frozen=True)
class Plan:
    rows: list[Told]
    kept: int
    """Ways that are not told in public."""
    reached: int | None
    """In all, where every part is known and may be told."""
    begun: bool
    """At least one took place."""


def rows_of(consultation: Consultation) -> QuerySet[Outreach]:
    return Outreach.objects.filter(consultation=consultation).select_related("relay").order_by("position", "pk")


def tell(way: Outreach, threshold: int, today: dt.date) -> Told:
    """One way, for the public."""
    relay = way.relay
    secret = relay is not None and not relay.is_public
    actor = relay if relay is not None and not secret else None
    reached = shown_count(way.reached, threshold)
    aimed = shown_count(way.aimed, threshold)
    if aimed is not None and way.reached is not None and 0 < aimed - way.reached < threshold:
        aimed = None
    if way.reached is not None and reached is None:
        aimed = None
    last = way.last_day
    return Told(
        way=way, who=way.who, relay_actor=actor, relay_rest=way.relay_words,
        place="" if secret else way.place, aimed=aimed, reached=reached,
        hidden=way.reached is not None and reached is None,
        late=way.state == "planned" and last is not None and last < today,
    )  # fmt: skip


def told(consultation: Consultation, today: dt.date, rows: Iterable[Outreach] | None = None) -> Plan | None:
    """The plan as anyone reads it; None where there is nothing to tell. One query."""
    found = list(rows_of(consultation) if rows is None else rows)
    public = [tell(way, consultation.threshold, today) for way in found if way.is_public]
    if not public:
        return None
    done = [row for row in public if row.way.state == "done"]
    whole = all(row.reached is not None for row in done) and len(done) > 1
    return Plan(
        rows=public, kept=len(found) - len(public), begun=bool(done),
        reached=sum(row.reached or 0 for row in done) if whole else None,
    )  # fmt: skip
