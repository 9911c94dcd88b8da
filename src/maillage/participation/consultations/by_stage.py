"""Participation by stage: the consultations of each, the kinds of things they ask, how many answered and by which way.

No small number is told: each figure is one that the consultation's own page already tells, and sums are made of those
only. The type is that of citizens: the record of participation holds it (``taking_part.record``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, Stage
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Panel, ReportSection, ReportTable
from maillage.core.formats import number
from maillage.participation.consultations.giving import channels_of, shown_count
from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.taking_part import most_answered, people_of
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Channel, Kind

LISTED = 30
"""Consultations on the page of a stage."""


@dataclass
class StageLine:
    """The published consultations of one stage (``None``: of none)."""

    stage: Stage | None
    consultations: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """How many of them ask each kind of thing."""
    people: int = 0
    """Answers, over the consultations that tell their number: someone who answered two counts twice."""
    untold: int = 0
    """Consultations whose number is too small to be told."""
    channels: Counter[str] = field(default_factory=Counter)
    """By way, over the consultations that tell every one of theirs."""
    channels_of: int = 0
    """How many these are."""


def by_stage(alliance: Alliance, stages: list[Stage] | None = None) -> list[StageLine]:
    """Stage by stage in order, those without a published consultation left out, those of no stage last. Votes held
    elsewhere are not counted: their people never went through here. Three queries."""
    published = Consultation.objects.filter(
        alliance=alliance, state=Consultation.State.PUBLISHED, imported_from=""
    ).select_related("stage__cycle").prefetch_related("steps")  # fmt: skip
    found = {row.pk: row for row in (published.filter(stage__in=stages) if stages is not None else published)}
    results = most_answered(Result.objects.filter(step__consultation__in=found))
    lines: dict[int, StageLine] = {}
    for pk, row in sorted(found.items()):
        line = lines.setdefault(row.stage_id or 0, StageLine(row.stage))
        line.consultations += 1
        line.kinds.update({step.kind for step in row.steps.all()})
        result = results.get(pk)
        shown = shown_count(people_of(result), row.threshold) if result is not None else None
        if not shown:
            line.untold += 1
            continue
        line.people += shown
        if split := channels_of(result, row.threshold):
            line.channels.update(split)
            line.channels_of += 1
    order = {stage.pk: place for place, stage in enumerate(_in_order(lines))}
    return sorted(lines.values(), key=lambda line: order.get(line.stage.pk, 0) if line.stage else len(order))


def _in_order(lines: dict[int, StageLine]) -> list[Stage]:
    found = [line.stage for line in lines.values() if line.stage is not None]
    return sorted(found, key=lambda stage: (stage.cycle.since or dt.date.min, stage.position, stage.pk))


def words_of(line: StageLine) -> str:
    """« priorités : 2, témoignages : 1 »."""
    return ", ".join(
        _("%(kind)s: %(n)s") % {"kind": Kind(code).label, "n": number(line.kinds[code])}
        for code in Kind.values if line.kinds[code]
    )  # fmt: skip


def ways_of(line: StageLine) -> str:
    return ", ".join(
        _("%(kind)s: %(n)s") % {"kind": Channel(code).label, "n": number(line.channels[code])}
        for code in Channel.values if line.channels[code]
    )  # fmt: skip


@contributions.panels.register
def panels(scope: Alliance, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """On a stage's page: its consultations, and how many people answered them. A bounded number of queries."""
    if page != "stage" or not isinstance(subject, Stage) or not may(viewer, "participation.run", scope):
        return
    rows = list(Consultation.objects.filter(alliance_id=scope.pk, stage=subject).order_by("opens_at", "pk")[:LISTED])
    for row in rows:
        row.alliance = scope
    line = next(iter(by_stage(scope, [subject])), None) if rows else None
    context = {
        "alliance": scope, "rows": rows, "line": line, "kinds": words_of(line) if line else "",
        "ways": ways_of(line) if line else "",
    }  # fmt: skip
    yield Panel("stage", "participation/consultations/panel_stage.html", context, order=35)


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Stage by stage, public figures only. Three queries."""
    lines = by_stage(scope)
    if not lines:
        return
    rows = [
        [
            line.stage.name if line.stage else _("no stage in particular"), line.consultations, words_of(line),
            line.people or None, ways_of(line),
        ]
        for line in lines
    ]  # fmt: skip
    header = (_("Stage"), _("Consultations"), _("What they ask"), _("Answers"), _("By which way"))
    table = ReportTable(_("Who was consulted, stage by stage"), header, rows, numeric=frozenset({1, 3}))
    blocks: list[Any] = [
        _("Published consultations. Someone who answered two of them counts twice; one who answered several steps of "
          "one counts once. Ways are told over the consultations where each way is of enough people."),
        table,
    ]  # fmt: skip
    if any(line.untold for line in lines):
        blocks.append(_("Consultations that too few people answered are counted among the consultations only."))
    yield ReportSection("consultations-by-stage", _("Participation of citizens, by stage"), blocks, order=56)
