"""Open data and the account: what ideas give them. The memory tells them with the results of their consultation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.contributions import Export, ReportSection, ReportTable
from maillage.core.formats import number
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas.models import Idea
from maillage.participation.vocabulary import Kind

S = Idea.State
YEAR = dt.timedelta(days=365)


def _steps(scope: Alliance) -> Any:
    """Steps of ideas that everyone may read, each with how many are shown and how many were merged."""
    opened = Consultation.objects.filter(SHOWN, alliance_id=scope.pk)
    found = Step.objects.filter(consultation__in=opened, kind=Kind.IDEAS).exclude(state=Step.State.WAITING)
    return found.select_related("consultation").annotate(
        shown=Count("ideas", filter=Q(ideas__state=S.SHOWN)), merged=Count("ideas", filter=Q(ideas__state=S.MERGED))
    )


@contributions.exports.register
def table(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Ideas as everyone reads them, whoever asks: those shown, and those that were merged into another."""

    def rows() -> Iterator[tuple[Any, ...]]:
        opened = Consultation.objects.filter(SHOWN, alliance_id=scope.pk)
        found = Idea.objects.filter(step__consultation__in=opened, state__in=[S.SHOWN, S.MERGED])
        found = found.select_related("step__consultation", "problem", "merged_into").annotate(
            said=Count("comments", filter=Q(comments__state=S.SHOWN))
        )
        for idea in found.order_by("step__consultation_id", "step__position", "number"):
            yield (
                str(idea.step.consultation.uuid), idea.step.consultation.title, idea.number, idea.title, idea.text,
                idea.problem.label if idea.problem else "", idea.language, idea.came, idea.state,
                idea.merged_into.number if idea.merged_into else None, idea.said,
            )  # fmt: skip

    header = (
        "consultation", "consultation_title", "number", "title", "text", "problem", "language", "came", "state",
        "merged_into", "comments",
    )  # fmt: skip
    yield Export("ideas", _("Ideas brought in searches for solutions"), header, rows)


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """The searches for solutions of twelve months, as everyone reads them. One query."""
    since = dt.datetime.combine(today - YEAR, dt.time.min, tzinfo=scope.zone)
    rows = _steps(scope).filter(consultation__opened_at__gte=since)
    found = list(rows.order_by("consultation__opened_at", "position", "pk"))
    if not found:
        return
    total = sum(step.shown for step in found)
    words = ngettext(
        "In twelve months, people brought %(n)s idea that everyone may read.",
        "In twelve months, people brought %(n)s ideas that everyone may read.",
        total,
    ) % {"n": number(total)}
    lines = [[step.consultation.title, step.shown, step.merged] for step in found]
    header = (_("Consultation"), _("Ideas on the table"), _("Ideas merged, their authors agreeing"))
    table = ReportTable(_("Searches for solutions"), header, lines, numeric=frozenset({1, 2}))
    yield ReportSection("ideas", _("Ideas of the population"), [words, table], order=62)
