"""Where an alliance stands: its period, agreement, stages, deliverables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.alliances.models import Agreement, Alliance, Cycle, Stage
from maillage.core import formats


@dataclass(frozen=True)
class StageView:
    """A stage as pages show it. ``done`` between 0 and 1: the share of its deliverables that are done."""

    stage: Stage
    done: float
    line: str
    late: bool

    @property
    def detail(self) -> str:
        """``line`` where it says more than the state, which some pages already show beside it."""
        return "" if self.line in (_("Under way"), _("To come"), _("Done")) else self.line

    @property
    def is_done(self) -> bool:
        return self.stage.state == Stage.State.DONE

    @property
    def is_now(self) -> bool:
        return self.stage.state == Stage.State.ACTIVE

    @property
    def percent(self) -> str:
        return f"{self.done:.0%}"


@dataclass(frozen=True)
class Period:
    """A cycle with what hangs on it, already read."""

    cycle: Cycle
    agreement: Agreement | None
    stages: Sequence[StageView]

    @property
    def now(self) -> list[StageView]:
        return [view for view in self.stages if view.is_now]

    @property
    def overlapping(self) -> bool:
        return len(self.now) > 1


def _cycles() -> QuerySet[Cycle]:
    stages = Stage.objects.order_by("position", "id").prefetch_related("deliverables")
    return (
        Cycle.objects.select_related("agreement__document")
        .prefetch_related("agreement__parties", Prefetch("stages", queryset=stages))
        .order_by(F("since").desc(nulls_last=True), "-id")
    )


def read_cycles(alliance: Alliance) -> None:
    """Read the periods once for the whole page: whoever asks for them next, on this object, has them already."""
    prefetch_related_objects([alliance], Prefetch("cycles", queryset=_cycles()))


def cycles_of(alliance: Alliance) -> list[Cycle]:
    """The periods, latest first, with agreement, parties, stages and deliverables: four queries at most."""
    if "cycles" in getattr(alliance, "_prefetched_objects_cache", {}):
        return list(alliance.cycles.all())
    return list(_cycles().filter(alliance=alliance))


def agreement_of(cycle: Cycle) -> Agreement | None:
    """The cycle's agreement or ``None``; no query where it was selected with the cycle."""
    try:
        return cycle.agreement
    except Agreement.DoesNotExist:
        return None


def period_of(cycle: Cycle, today: dt.date) -> Period:
    return Period(cycle, agreement_of(cycle), [stage_view(stage, today) for stage in cycle.stages.all()])


def current_period(alliance: Alliance, today: dt.date) -> Period | None:
    """The period that holds today, else the latest one begun, else the next. ``None`` where there is none."""
    cycles = cycles_of(alliance)
    holding = [cycle for cycle in cycles if cycle.holds(today)]
    begun = [cycle for cycle in cycles if cycle.since is None or cycle.since <= today]
    found = holding or begun or cycles
    return period_of(found[0], today) if found else None


def stage_view(stage: Stage, today: dt.date) -> StageView:
    """What to say of a stage in one line, and how much of it is done.

    Without deliverables an unfinished stage shows nothing done: time that passes is not work done.
    """
    rows = list(stage.deliverables.all())
    finished = sum(1 for row in rows if row.done_on)
    if stage.state == Stage.State.DONE:
        share = 1.0
    else:
        share = finished / len(rows) if rows else 0.0
    late = stage.state == Stage.State.ACTIVE and stage.until is not None and stage.until <= today
    return StageView(stage, share, stage.summary or _line(stage, finished, len(rows)), late)


def _line(stage: Stage, finished: int, total: int) -> str:
    if stage.state == Stage.State.DONE:
        if stage.until:
            return _("Done in %(month)s") % {"month": formats.month(stage.until - dt.timedelta(days=1))}
        return _("Done")
    if stage.state == Stage.State.ACTIVE and total:
        words = ngettext("%(done)s deliverable of %(total)s done", "%(done)s deliverables of %(total)s done", finished)
        return words % {"done": finished, "total": total}
    if stage.since:
        words = _("Since %(month)s") if stage.state == Stage.State.ACTIVE else _("Planned for %(month)s")
        return words % {"month": formats.month(stage.since)}
    return _("Under way") if stage.state == Stage.State.ACTIVE else _("To come")
