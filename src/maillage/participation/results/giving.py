"""What results give to the other rooms: figures of the compass, open data, a part of the account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance, Stage
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Evidence, Export, ReportHeading, ReportSection, Todo
from maillage.core.formats import number
from maillage.participation import kinds
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.results.models import Result

YEAR = dt.timedelta(days=365)
S = Consultation.State
HEADLINES_MOST = 30
TODOS = 5


def _published(scope: Alliance, since: dt.datetime | None = None) -> Any:
    found = Consultation.objects.filter(alliance_id=scope.pk, state=S.PUBLISHED)
    return found if since is None else found.filter(published_at__gte=since)


def _since(scope: Alliance, today: dt.date) -> dt.datetime:
    return dt.datetime.combine(today - YEAR, dt.time.min, tzinfo=scope.zone)


@contributions.todo.register
def stopped(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Counts that stopped on an error: the team starts them again. One query."""
    if viewer is None or not may(viewer, "participation.run", scope):
        return
    found = Result.objects.filter(step__consultation__alliance_id=scope.pk, state=Result.State.FAILED)
    for row in found.select_related("step__consultation").order_by("pk")[:TODOS]:
        consultation = row.step.consultation
        yield Todo(
            title=_("A count stopped: %(title)s") % {"title": consultation.title},
            url=reverse("participation_in:results", args=[scope.slug, consultation.uuid]),
            action=_("Look, then start it again"), detail=_("The ballots are safe: nothing is lost."),
            key=f"count-{row.step.uuid}",
        )  # fmt: skip


@contributions.evidence.register
def evidence(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Element 8: consultations at each stage, and what was done with them. Four queries, public figures only."""
    source = _("Published consultations")
    everything = list(_published(scope).values_list("stage", "feedback", "published_at"))
    since = _since(scope, today)
    recent = [row for row in everything if row[2] is not None and row[2] >= since]
    stages = Stage.objects.filter(cycle__alliance_id=scope.pk).count()
    lacking = _("No consultation is published yet.")
    covered = len({stage for stage, _feedback, _at in everything if stage is not None})
    yield Evidence(
        8, _("Stages with a consultation of the population"), covered if everything else None,
        _("stages with at least one published consultation, out of %(n)s") % {"n": number(stages)}, source, today,
        "" if everything else lacking,
    )  # fmt: skip
    ballots = sum(
        Result.objects.filter(step__consultation__in=_published(scope, since), withheld=False, state=Result.State.READY)
        .values_list("ballots", flat=True)
    )  # fmt: skip
    yield Evidence(
        8, _("Ballots received over twelve months"), ballots if recent else None,
        _("ballots counted in the consultations published over twelve months, each step counted"), source, today,
        "" if recent else lacking,
    )  # fmt: skip
    answered = sum(bool(feedback) for _stage, feedback, _at in everything)
    yield Evidence(
        8, _("Consultations whose outcome was told to people"),
        round(100 * answered / len(everything)) if everything else None,
        _("published consultations where the alliance says what it did with them ÷ published consultations × 100"),
        source, today, "" if everything else lacking,
    )  # fmt: skip


@contributions.exports.register
def tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Results and published ballots, as the public sees them, whoever asks."""

    def rows() -> Iterator[tuple[Any, ...]]:
        found = Result.objects.filter(
            step__consultation__in=_published(scope), state=Result.State.READY, withheld=False
        ).select_related("step__consultation", "file", "receipts_file")
        for result in found.order_by("step__consultation_id", "step__position", "pk"):
            step = result.step
            order = " > ".join(" = ".join(map(str, group)) for group in result.data.get("order", []))
            yield (
                str(step.consultation.uuid), step.consultation.title, step.position + 1, step.kind, step.method,
                step.counting, result.ballots, order, result.file.get_absolute_url() if result.file else "",
                result.file.sha256 if result.file else "", result.command,
                result.receipts_file.get_absolute_url() if result.receipts_file else "",
            )  # fmt: skip

    header = (
        "consultation", "title", "step", "kind", "method", "counting", "ballots", "order", "ballots_file",
        "ballots_sha256", "recount", "receipts_file",
    )  # fmt: skip
    yield Export("results", _("Results of consultations"), header, rows)

    def answers() -> Iterator[tuple[Any, ...]]:
        steps = Step.objects.filter(
            consultation__in=_published(scope), result__state=Result.State.READY, result__withheld=False
        ).select_related("consultation__alliance", "result").prefetch_related("options")  # fmt: skip
        for step in steps.order_by("consultation_id", "position", "pk"):
            table = kinds.get(step.kind).table if step.kind in kinds.known() else None
            for line in table(step, step.result.data) if table is not None else ():
                yield (str(step.consultation.uuid), step.consultation.title, step.position + 1, step.kind, *line)

    columns = ("consultation", "title", "step", "kind", "asked", "answer", "count")
    yield Export("answers", _("What was answered in the consultations"), columns, answers)


def _said(steps: Sequence[Step]) -> dict[int, str]:
    """What the page of results says first of each step, whatever its kind. As many queries for one as for thirty."""
    by_kind: dict[str, list[Step]] = {}
    for step in steps:
        by_kind.setdefault(step.kind, []).append(step)
    found: dict[int, str] = {}
    for code, rows in by_kind.items():
        headlines = kinds.get(code).headlines if code in kinds.known() else None
        if headlines is not None:
            found |= {pk: " ".join(map(str, lines)) for pk, lines in headlines(rows).items()}
    return found


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """What people said in the consultations published over twelve months, in the words of their page."""
    steps = list(
        Step.objects.filter(
            consultation__in=_published(scope, _since(scope, today)), result__state=Result.State.READY,
            result__withheld=False,
        )
        .select_related("consultation__alliance", "result").prefetch_related("options")
        .order_by("consultation__published_at", "consultation_id", "position", "pk")[:HEADLINES_MOST]
    )  # fmt: skip
    blocks: list[Any] = []
    heading = None
    said = _said(steps)
    for step in steps:
        words = said.get(step.pk, "")
        if not words:
            continue
        if heading != step.consultation_id:
            blocks.append(ReportHeading(step.consultation.title))
            if step.consultation.feedback:
                blocks.append(_("What was done with it: %(words)s") % {"words": step.consultation.feedback})
        heading = step.consultation_id
        blocks.append(words)
    if blocks:
        yield ReportSection("results", _("What people said"), blocks, order=61)
