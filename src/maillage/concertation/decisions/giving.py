"""Parts of other pages, the memory, open data, the account and the compass: what decisions give them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from maillage.actors.forms import capital
from maillage.actors.interests.selectors import has_withdrawn
from maillage.alliances.models import Alliance
from maillage.concertation.decisions.disclosed import exported
from maillage.concertation.decisions.models import Decision, Objection
from maillage.concertation.decisions.selectors import decisions_for, left_among
from maillage.concertation.models import Meeting, Space
from maillage.concertation.vocabulary import Rule
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Evidence, Export, Panel, ReportSection, ReportTable, Subject, TimelineEntry
from maillage.core.formats import number

PANEL_ROWS = 8
YEAR = dt.timedelta(days=365)
MINIMUM = 5
"""Decisions below which a share says nothing."""


@contributions.panels.register
def panels(scope: Any, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """The decisions of a meeting's items, and the last ones of a space."""
    if page == "meeting" and isinstance(subject, Meeting):
        found = decisions_for(viewer, scope, today, with_left=True).filter(agenda_item__meeting=subject)
        rows = list(found.order_by("agenda_item__position", "number", "pk")[:200])
        prepares = may(viewer, "concertation.prepare_decision", subject.space)
        if rows or prepares:
            context = {
                "alliance": scope,
                "lines": _lines(viewer, rows),
                "may_prepare": prepares,
                "space": subject.space,
                "more": False,
                "tab": _("Decisions"),
                "tab_anchor": "decisions",
                "tab_count": len(rows) or None,
            }
            yield Panel("meeting", "concertation/decisions/panel.html", context, order=40)
    elif page == "space" and isinstance(subject, Space):
        found = decisions_for(viewer, scope, today, with_left=True).filter(space=subject)
        rows = list(found.order_by("-created_at", "-pk")[: PANEL_ROWS + 1])
        prepares = may(viewer, "concertation.prepare_decision", subject)
        if rows or prepares:
            context = {
                "alliance": scope, "lines": _lines(viewer, rows[:PANEL_ROWS]), "may_prepare": prepares,
                "space": subject, "more": len(rows) > PANEL_ROWS,
            }  # fmt: skip
            yield Panel("space", "concertation/decisions/panel.html", context, order=30)


def _lines(viewer: Any, rows: list[Decision]) -> list[dict[str, Any]]:
    left = left_among(viewer, rows)
    return [
        {
            "decision": row,
            "left": row.pk in left and not row.is_public,
            "asked": not has_withdrawn(viewer, row.reference),
        }
        for row in rows
    ]


@contributions.subjects.register
def decided(scope: Any, viewer: Any, today: dt.date) -> Iterator[Subject]:
    """The decisions that something else may be about: those adopted that anyone may read. One query."""
    found = Decision.objects.filter(alliance_id=scope.pk, is_public=True, outcome=Decision.Outcome.ADOPTED)
    for row in found.order_by("-closed_at", "-pk")[:200]:
        row.alliance = scope
        yield Subject(row.reference, row.title, row.get_absolute_url(), _("Decision"))


@contributions.timeline.register
def adopted(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """The public decisions that were adopted, on the day they were. One query."""
    found = Decision.objects.filter(alliance_id=scope.pk, is_public=True, outcome=Decision.Outcome.ADOPTED)
    for decision in found.select_related("alliance", "space").order_by("-closed_at", "-pk")[:limit]:
        assert decision.closed_at is not None
        yield TimelineEntry(
            on=scope.today(decision.closed_at),
            title=_("Decision %(code)s: %(title)s") % {"code": decision.code, "title": decision.title},
            body=_("With dissent recorded.") if decision.has_dissent else "",
            url=decision.get_absolute_url(),
            kind="decision",
        )


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Whoever asks, what the public sees."""

    def rows() -> Iterator[tuple[Any, ...]]:
        found = Decision.objects.filter(alliance=scope, is_public=True).select_related("space")
        for row in found.order_by("year", "number", "pk").iterator(chunk_size=500):
            figures = exported(row, scope.threshold)
            yield (
                str(row.uuid), row.code, row.title, str(row.space.uuid) if row.space.is_public else "", row.rule,
                row.outcome, scope.today(row.opened_at) if row.opened_at else None,
                scope.today(row.closed_at) if row.closed_at else None,
                *(figures[name] for name in FIGURES), row.has_dissent, row.follow_up_on, row.became,
            )  # fmt: skip

    header = (
        "id", "number", "title", "space_id", "rule", "outcome", "opened_on", "closed_on", *FIGURES[:-1],
        "citizens_apart", "dissent", "follow_up_on", "became",
    )  # fmt: skip
    yield Export("decisions", _("Decisions"), header, rows)


FIGURES = ("agree", "reservation", "objection", "abstain", "withdrawn", "seats", "present", "quorum", "apart")


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Decisions of the last twelve months, published: by rule and outcome, with dissent, followed up. Two queries."""
    found = Decision.objects.filter(
        alliance_id=scope.pk, is_public=True, closed_at__gte=_midnight(scope, today - YEAR),
        closed_at__lt=_midnight(scope, today + dt.timedelta(days=1)),
    )  # fmt: skip
    counts: Counter[tuple[str, str]] = Counter()
    for rule, outcome, n in found.order_by().values_list("rule", "outcome").annotate(n=Count("pk")):
        counts[rule, outcome] += n
    total = sum(counts.values())
    if not total:
        return
    more = found.aggregate(
        dissent=Count("pk", filter=Q(has_dissent=True)),
        due=Count("pk", filter=Q(follow_up_on__lte=today) | ~Q(became="")),
        became=Count("pk", filter=~Q(became="")),
    )
    words = _(
        "In twelve months, %(n)s decisions were published: %(adopted)s adopted, %(dissent)s with dissent recorded. "
        "Of the %(due)s to be looked at again, %(became)s say what became of them."
    ) % {
        "n": number(total),
        "adopted": number(sum(n for (_rule, outcome), n in counts.items() if outcome == Decision.Outcome.ADOPTED)),
        "dissent": number(more["dissent"]),
        "due": number(more["due"]),
        "became": number(more["became"]),
    }  # fmt: skip
    rows = [
        [capital(str(rule.label)), *(counts[rule, outcome] for outcome in Decision.Outcome.values)]
        for rule in Rule
        if any(counts[rule, outcome] for outcome in Decision.Outcome.values)
    ]
    header = (_("Decision rule"), *(capital(str(outcome.label)) for outcome in Decision.Outcome))
    numeric = frozenset(range(1, len(header)))
    table = ReportTable(_("Decisions by rule and outcome"), header, rows, numeric=numeric)
    yield ReportSection("decisions", _("Decisions"), [words, table], order=65)


def _midnight(alliance: Alliance, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=alliance.zone)


@contributions.evidence.register
def figures(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Decisions taken together (element 5), dissent recorded and answered (element 7). Two queries, no person."""
    since = _midnight(scope, today - YEAR)
    closed = Decision.objects.filter(alliance_id=scope.pk, state=Decision.State.CLOSED, closed_at__gte=since)
    told = closed.aggregate(
        n=Count("pk"),
        shared=Count("pk", filter=Q(rule__in=[Rule.CONSENSUS, Rule.CONSENT], outcome=Decision.Outcome.ADOPTED)),
    )
    enough = told["n"] >= MINIMUM
    source = _("Register of decisions, the last twelve months")
    yield Evidence(
        element=5,
        label=_("Decisions adopted by consensus or consent"),
        value=round(100 * told["shared"] / told["n"]) if enough else None,
        formula=_("decisions adopted by consensus or consent ÷ decisions closed × 100"),
        source=source,
        on=today,
        note="" if enough else _("At least %(n)s decisions are needed.") % {"n": MINIMUM},
    )
    raised = Objection.objects.filter(decision__in=closed.order_by())
    objections = raised.aggregate(n=Count("pk"), answered=Count("pk", filter=~Q(answer="")))
    enough = objections["n"] >= MINIMUM
    yield Evidence(
        element=7,
        label=_("Objections that received an answer"),
        value=round(100 * objections["answered"] / objections["n"]) if enough else None,
        formula=_("objections answered ÷ objections raised × 100"),
        source=source,
        on=today,
        note="" if enough else _("At least %(n)s objections are needed.") % {"n": MINIMUM},
    )
