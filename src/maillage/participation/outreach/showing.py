"""What is told of the plan: to the public with the consultation, to open data, to the account.

A small number of people is never told, nor what would give it back: the total where one part is missing, how many were
aimed at where only a few of them did not come. A relay that is not public is not named, nor is the place, which would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.models import Actor
from maillage.core.contributions import ReportBlock, ReportHeading, ReportList
from maillage.core.formats import date, number
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

    @property
    def when(self) -> str:
        """The day, or the days; empty where none is said."""
        first, last = self.way.on, self.way.until
        if first is not None and last is not None and last != first:
            return _("from %(first)s to %(last)s") % {"first": date(first), "last": date(last)}
        return date(first) if first is not None else ""

    @property
    def came(self) -> str:
        """What came of it, in a sentence; empty for what is still to come."""
        if self.way.state == "cancelled":
            return _("It did not take place: %(why)s") % {"why": self.way.cancelled_why}
        if self.way.state == "planned":
            return _("The alliance has not said yet what came of it.") if self.late else ""
        if self.hidden:
            return _("People were reached, too few to say how many.")
        if self.reached is None:
            return _("It took place. People were not counted.")
        if self.reached == 0:
            return _("Nobody came.")
        if self.aimed:
            return _("%(n)s people reached, of the %(all)s hoped for.") % {
                "n": number(self.reached), "all": number(self.aimed),
            }  # fmt: skip
        return _("%(n)s people reached.") % {"n": number(self.reached)}


@dataclass(frozen=True)
class Plan:
    rows: list[Told]
    kept: int
    """Ways that are not told in public."""
    reached: int | None
    """In all, where every part is known and may be told."""
    begun: bool
    """At least one took place."""

    @property
    def total(self) -> str:
        return _("In all, %(n)s people were reached.") % {"n": number(self.reached)} if self.reached else ""

    @property
    def untold(self) -> str:
        """That some ways are not told; empty where all are."""
        if not self.kept:
            return ""
        return ngettext(
            "%(n)s other way is not told, to protect people.", "%(n)s other ways are not told, to protect people.",
            self.kept,
        ) % {"n": number(self.kept)}  # fmt: skip


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


def blocks(plan: Plan) -> list[ReportBlock]:
    """The plan in a document: what the page tells, in its words."""
    intro = _(
        "Some people are far from services and rarely asked. Here is what was done to hear them, and what came of it."
    )
    found: list[ReportBlock] = [f"{intro} {plan.total}".strip()]
    for row in plan.rows:
        found.append(ReportHeading(row.who))
        facts = [
            (_("When:"), row.when), (_("Through:"), row.relay), (_("Where:"), row.place), (_("How:"), row.way.means),
            (_("Offered:"), row.way.offered),
        ]  # fmt: skip
        if lines := [f"{name} {value}" for name, value in facts if value]:
            found.append(ReportList(lines))
        found += [text for text in (row.came, row.way.outcome if row.way.state == "done" else "") if text]
    return [*found, plan.untold] if plan.untold else found


def sheet(plan: Plan) -> tuple[list[str], list[list[str | int | None]]]:
    """The plan as a table: ``(header, rows)``. An empty cell says as little as the page."""
    header = [
        _("People to reach"), _("Through whom"), _("Where"), _("When"), _("People aimed at"), _("People reached"),
        _("What came of it"),
    ]  # fmt: skip
    rows: list[list[str | int | None]] = []
    for row in plan.rows:
        outcome = row.way.outcome if row.way.state == "done" else ""
        came = " ".join(filter(None, [row.came, " ".join(outcome.split())]))
        rows.append([row.who, row.relay, row.place, row.when, row.aimed, row.reached, came])
    return header, rows
