"""The home page, the memory, open data and the account: what consultations give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.alliances.models import Alliance
from maillage.core import contributions
from maillage.core.contributions import Export, Panel, ReportSection, ReportTable, Subject, TimelineEntry
from maillage.core.formats import number
from maillage.participation.consultations.indexing import SHOWN
from maillage.participation.consultations.models import Consultation
from maillage.participation.consultations.selectors import STEPS, open_steps, way_in
from maillage.participation.consultations.taking_part import most_answered, people_of
from maillage.participation.ideas.models import Idea
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import WEAK, Channel

S = Consultation.State
YEAR = dt.timedelta(days=365)
HOME = 3
MEMORY = 60
"""Consultations read at once for a home page: as many as its memory looks through."""


def shown_of(alliance: Alliance, most: int = MEMORY) -> list[Any]:
    """What anyone may read of it, open ones first, then the latest: ``latest``, the day it is told of, and ``ideas``,
    how many were gathered. One query, the first time it is asked of this alliance object, which lives one request."""
    size, rows = alliance.__dict__.get("_maillage_consultations", (0, []))
    if size < most:
        found = Consultation.objects.filter(Q(state=S.OPEN) | (SHOWN & Q(opened_at__isnull=False)))
        found = found.filter(alliance_id=alliance.pk).annotate(
            latest=Coalesce("published_at", "opened_at", "opens_at", "created_at"),
            ideas=Count("steps__ideas", filter=Q(steps__ideas__state=Idea.State.SHOWN)),
        )
        until = Case(When(state=S.OPEN, then=F("closes_at")))
        rank = Case(When(state=S.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
        order = (rank, until.asc(nulls_last=True), F("latest").desc(), "-pk")
        rows = list(found.order_by(*order)[:most])
        for row in rows:
            row.alliance = alliance
        alliance.__dict__["_maillage_consultations"] = (most, rows)
    return rows


@contributions.panels.register
def panels(scope: Alliance, viewer: Any, today: dt.date, page: str, subject: Any = None) -> Iterator[Panel]:
    """What is open now, at the top of the home page. One query, and one for the steps of what is open."""
    if page != "home":
        return
    now = timezone.now()
    found = [row for row in shown_of(scope) if row.state == S.OPEN][: HOME + 1]
    prefetch_related_objects(found, STEPS)
    lines = []
    for row in found:
        if open_steps(row, now):
            lines.append({"row": row, "way": way_in(row, now)})
    if lines:
        context = {"alliance": scope, "lines": lines[:HOME], "more": len(lines) > HOME}
        yield Panel("home", "participation/consultations/home.html", context, order=5)


@contributions.timeline.register
def opened_and_published(scope: Alliance, viewer: Any, today: dt.date, limit: int = 50) -> Iterator[TimelineEntry]:
    """Consultations on the day they opened, on the day their results came, and on the day the alliance said what it did
    with them. One query."""
    for row in sorted(shown_of(scope, limit), key=lambda row: (row.latest, row.pk), reverse=True)[:limit]:
        if row.opened_at is None:
            continue
        yield TimelineEntry(
            on=scope.today(row.opened_at), title=_("Consultation opened: %(title)s") % {"title": row.title},
            url=row.get_absolute_url(), kind="consultation",
        )  # fmt: skip
        if row.published_at is not None:
            told = []
            if row.ideas:
                words = ngettext("%(n)s idea gathered.", "%(n)s ideas gathered.", row.ideas)
                told.append(words % {"n": number(row.ideas)})
            if row.feedback:
                told.append(_("What was done with it is written there."))
            yield TimelineEntry(
                on=scope.today(row.published_at),
                title=_("Results of a consultation: %(title)s") % {"title": row.title},
                body=" ".join(told), url=row.get_absolute_url(), kind="consultation",
            )  # fmt: skip
        if row.feedback and row.feedback_on is not None:
            yield TimelineEntry(
                on=row.feedback_on, title=_("What was done with a consultation: %(title)s") % {"title": row.title},
                body=Truncator(row.feedback).words(40), url=f"{row.get_absolute_url()}#suites", kind="consultation",
            )  # fmt: skip


@contributions.subjects.register
def subjects(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Subject]:
    """Consultations that may be linked to: those that anyone may read. One query."""
    for row in Consultation.objects.filter(SHOWN, alliance_id=scope.pk).order_by("-opened_at", "-pk")[:200]:
        row.alliance = scope
        yield Subject(row.reference, row.title, row.get_absolute_url(), _("consultation"))


def ballots_of(consultations: Mapping[int, Consultation]) -> dict[int, Result]:
    """For each published consultation, the result of the step that the most people answered. One query."""
    return most_answered(Result.objects.filter(step__consultation__in=consultations))


def shown_count(n: int | None, threshold: int) -> int | None:
    """A number of people, where it may be shown: never a small group. Zero tells of nobody."""
    return n if n is not None and (n == 0 or n >= threshold) else None


def channels_of(result: Result | None, threshold: int) -> dict[str, int] | None:
    """How ballots came, or nothing at all where one channel is too small: with the total, the others would tell it."""
    if result is None or shown_count(result.ballots, threshold) is None:
        return None
    # Kept already protected: a small channel, and what would give it back, have no number.
    counts = {str(code): n for code, n in result.who.get("channel", [])}
    if not counts or any(n is None or 0 < n < threshold for n in counts.values()):
        return None
    return counts


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Whoever asks, what the public sees."""

    def rows() -> Iterator[tuple[Any, ...]]:
        found = {
            row.pk: row
            for row in Consultation.objects.filter(SHOWN, alliance_id=scope.pk)
            .select_related("stage").prefetch_related("steps").order_by("pk")
        }  # fmt: skip
        published = {pk: row for pk, row in found.items() if row.state == S.PUBLISHED}
        results = ballots_of(published)
        for pk, row in found.items():
            result = results.get(pk) if pk in published else None
            count = shown_count(people_of(result) if result else None, row.threshold)
            yield (
                str(row.uuid), row.title, row.state, " ".join(step.kind for step in row.steps.all()),
                " ".join(step.counting for step in row.steps.all() if step.counting), row.access, row.access in WEAK,
                row.is_vote, row.stage.name if row.stage else "",
                _day(scope, row.opened_at), _day(scope, row.closed_at),
                _day(scope, row.published_at), count, row.population, row.feedback_on,
            )  # fmt: skip

    header = (
        "id", "title", "state", "kinds", "counting", "access", "weak_verification", "is_vote", "stage", "opened_on",
        "closed_on", "published_on", "ballots", "population", "feedback_on",
    )  # fmt: skip
    yield Export("consultations", _("Consultations"), header, rows)


def _day(alliance: Alliance, moment: dt.datetime | None) -> dt.date | None:
    return alliance.today(moment) if moment else None


@contributions.report.register
def section(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Consultations published in the last twelve months: ballots by channel, where numbers allow; feedback given or
    not. Two queries."""
    since = dt.datetime.combine(today - YEAR, dt.time.min, tzinfo=scope.zone)
    rows = Consultation.objects.filter(alliance_id=scope.pk, state=S.PUBLISHED, published_at__gte=since)
    found = {row.pk: row for row in rows.order_by("published_at", "pk")}
    if not found:
        return
    results = ballots_of(found)
    told = sum(bool(row.feedback) for row in found.values())
    words = _(
        "In twelve months, the results of %(n)s consultations were published. For %(told)s of them, the alliance said "
        "what was done with the answers."
    ) % {"n": number(len(found)), "told": number(told)}
    channels = [code for code in Channel if code != Channel.FILE]
    table = []
    hidden = False
    for pk, row in found.items():
        result = results.get(pk)
        split = channels_of(result, row.threshold)
        count = shown_count(people_of(result) if result else None, row.threshold)
        hidden = hidden or (result is not None and (count is None or split is None))
        table.append(
            [row.title, count, *((split.get(code, 0) if split is not None else None) for code in channels),
             _("yes") if row.feedback else _("no")]
        )  # fmt: skip
    header = (_("Consultation"), _("Ballots"), *(capital(str(code.label)) for code in channels), _("Feedback given"))
    numeric = frozenset(range(1, len(header) - 1))
    blocks: list[Any] = [words, ReportTable(_("Consultations published"), header, table, numeric=numeric)]
    if hidden:
        blocks.append(_("A blank cell: not known, or groups too small to be shown."))
    yield ReportSection("consultations", _("Consultations"), blocks, order=60)
