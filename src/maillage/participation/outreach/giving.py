"""What outreach plans give to the others: what waits, the memory, open data, the account, a figure of the compass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Evidence, Export, ReportSection, ReportTable, TimelineEntry, Todo
from maillage.core.formats import number
from maillage.participation.consultations.giving import shown_of
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation
from maillage.participation.outreach.models import Outreach
from maillage.participation.outreach.showing import Told, tell

S = Consultation.State
SHOWN_TODOS = 5
YEAR = dt.timedelta(days=365)
TOLD_MOST = 60
"""Lines of the account."""


def _public(scope: Alliance) -> QuerySet[Outreach]:
    """What is told in public, of consultations that anyone may read."""
    readable = Consultation.objects.filter(SHOWN, alliance_id=scope.pk)
    found = Outreach.objects.filter(consultation__in=readable, is_public=True)
    return found.select_related("consultation__stage", "relay")


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """Ways whose day has passed, of which nothing is said. One query."""
    if viewer is None or not may(viewer, "participation.run", scope):
        return
    rows = (
        Outreach.objects.filter(consultation__alliance_id=scope.pk, done_on=None, cancelled_on=None)
        .exclude(consultation__state=S.CANCELLED)
        .annotate(last=Coalesce("until", "on")).filter(last__lt=today)
        .select_related("consultation").order_by("last", "pk")
    )  # fmt: skip
    for way in rows[:SHOWN_TODOS]:
        yield Todo(
            title=_("Say what came of it: %(who)s") % {"who": way.who},
            url=reverse("participation_in:outreach_outcome", args=[scope.slug, way.consultation.uuid, way.uuid]),
            action=_("Write what came of it"), detail=way.consultation.title, due=way.last_day,
            key=f"outreach-{way.uuid}",
        )  # fmt: skip


@contributions.timeline.register
def timeline(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """What took place, as anyone may read it. One query, where there is a consultation."""
    if not shown_of(scope):
        return
    for way in _public(scope).exclude(done_on=None).order_by("-done_on", "-pk")[:limit]:
        way.consultation.alliance = scope
        assert way.done_on is not None
        row = tell(way, way.consultation.threshold, today)
        yield TimelineEntry(
            on=way.done_on, title=_("Towards people: %(who)s") % {"who": way.who},
            body=_("Through: %(relay)s") % {"relay": row.relay} if row.relay else "",
            url=f"{way.consultation.get_absolute_url()}#aller-vers", kind="consultation",
        )  # fmt: skip


def _days(way: Outreach) -> tuple[dt.date | None, dt.date | None]:
    return way.on, way.until or way.on


@contributions.exports.register
def tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Whoever asks, what the public sees."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for way in _public(scope).order_by("consultation_id", "position", "pk"):
            row = tell(way, way.consultation.threshold, today)
            stage = way.consultation.stage
            yield (
                str(way.consultation.uuid), way.consultation.title, stage.name if stage else "", row.who, row.relay,
                row.place, *_days(way), way.means, way.offered, way.state, way.done_on, row.aimed, row.reached,
                row.hidden, way.cancelled_why,
            )  # fmt: skip

    header = (
        "consultation", "title", "stage", "people_to_reach", "relay", "place", "from", "to", "how", "offered", "state",
        "done_on", "people_aimed_at", "people_reached", "too_few_to_tell", "cancelled_why",
    )  # fmt: skip
    yield Export("outreach", _("Ways towards people far from services"), header, rows)


def _words(row: Told) -> str:
    if row.way.state == "cancelled":
        return _("did not take place: %(why)s") % {"why": row.way.cancelled_why}
    if row.way.state == "done":
        return _("took place")
    return _("not said yet") if row.late else _("planned")


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Ways of the last twelve months, done, failed or silent alike. One query."""
    since = today - YEAR
    recent = Q(done_on__gte=since) | Q(cancelled_on__gte=since) | Q(done_on=None, cancelled_on=None, on__gte=since)
    found = [
        tell(way, way.consultation.threshold, today)
        for way in _public(scope).filter(recent).filter(Q(on=None) | Q(on__lte=today) | Q(done_on__isnull=False))
        .order_by("consultation_id", "position", "pk")[:TOLD_MOST]
    ]  # fmt: skip
    if not found:
        return
    done = sum(row.way.state == "done" for row in found)
    words = _(
        "In twelve months, %(n)s ways towards people far from services were planned; %(done)s took place."
    ) % {"n": number(len(found)), "done": number(done)}  # fmt: skip
    table = [[row.way.consultation.title, row.who, row.relay, _words(row), row.reached] for row in found]
    header = (
        _("Consultation"), _("People to reach"), _("Through whom"), _("What came of it"), _("People reached"),
    )  # fmt: skip
    blocks: list[Any] = [words, ReportTable(_("Going towards people"), header, table, numeric=frozenset({4}))]
    if any(row.hidden for row in found):
        blocks.append(_("A blank cell: not known, or groups too small to be shown."))
    yield ReportSection("outreach", _("Going towards people"), blocks, order=62)


@contributions.evidence.register
def evidence(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Element 8: consultations that went towards people far from services. Two queries, public figures only."""
    published = Consultation.objects.filter(alliance_id=scope.pk, state=S.PUBLISHED, imported_from="")
    total = published.count()
    went = published.filter(outreach__done_on__isnull=False, outreach__is_public=True).distinct().count()
    yield Evidence(
        8, _("Consultations that went towards people far from services"), went if total else None,
        _("published consultations where at least one way towards people took place, out of %(n)s")
        % {"n": number(total)},
        _("Outreach plans of the consultations"), today, "" if total else _("No consultation is published yet."),
    )  # fmt: skip
