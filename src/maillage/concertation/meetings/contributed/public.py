"""Open data, the account, what search knows: what the public sees, whoever asks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.alliances.models import Alliance
from maillage.concertation.meetings import indexing
from maillage.concertation.meetings.selectors import meetings_of
from maillage.concertation.models import AgendaItem, Meeting, Space
from maillage.core import contributions
from maillage.core.contributions import Export, ReportSection, ReportTable, SearchKind, Subject
from maillage.core.formats import number

Rows = Iterator[tuple[Any, ...]]

contributions.search.add(SearchKind(indexing.KIND, gettext_lazy("Meetings"), indexing.rows))  # type: ignore[arg-type]
contributions.search.add(SearchKind(indexing.POINT, gettext_lazy("Points of the agendas"), indexing.points))


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The public meetings, and the public points of their agendas."""

    def meetings() -> Rows:
        names = ("uuid", "space__uuid", "space__name", "title", "starts_at", "ends_at", "place", "state")
        found = meetings_of(scope, None, today).order_by("starts_at", "pk")
        for key, space, space_name, title, begins, ends, place, state in found.values_list(*names):
            yield str(key), str(space), space_name, title, begins.isoformat(), ends.isoformat(), place, state

    def items() -> Rows:
        shown = meetings_of(scope, None, today).order_by().values("pk")
        names = ("uuid", "meeting__uuid", "position", "title", "kind", "length")
        found = AgendaItem.objects.filter(meeting__in=shown, is_public=True)
        for key, meeting, *rest in found.order_by("meeting__starts_at", "meeting_id", "position").values_list(*names):
            yield (str(key), str(meeting), *rest)

    of_meetings = ("id", "space_id", "space", "title", "starts_at", "ends_at", "place", "state")
    yield Export("meetings", _("Meetings"), of_meetings, meetings)
    of_items = ("id", "meeting_id", "number", "title", "kind", "minutes")
    yield Export("agendas", _("Points of the agendas"), of_items, items)


@contributions.subjects.register
def meetings_to_link(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Subject]:
    """The meetings of the last year and those to come, that something else may be about."""
    since = timezone.now() - dt.timedelta(days=366)
    for meeting in meetings_of(scope, viewer, today, since=since)[:300]:
        meeting.alliance = scope
        label = f"{meeting.title}, {meeting.day.isoformat()}"
        yield Subject(meeting.reference, label, meeting.get_absolute_url(), _("Meeting"))


@contributions.report.register
def sections(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """The meetings held in each space. Three queries."""
    held: dict[int, list[Meeting]] = defaultdict(list)
    states = Q(state=Meeting.State.HELD)
    for meeting in meetings_of(scope, None, today).filter(states):
        held[meeting.space_id].append(meeting)
    if not held:
        return
    latest = dict(
        Meeting.objects.filter(pk__in=[row.pk for rows in held.values() for row in rows])
        .order_by().values_list("space").annotate(Max("starts_at"))
    )  # fmt: skip
    rows = []
    for space in Space.objects.filter(pk__in=held).order_by("sort_key", "pk"):
        meetings = held[space.pk]
        minutes = sum(meeting.minutes_long for meeting in meetings)
        rows.append([space.name, len(meetings), round(minutes / 60), latest[space.pk].astimezone(scope.zone).date()])
    total = sum(len(meetings) for meetings in held.values())
    sentence = ngettext("%(n)s public meeting was held.", "%(n)s public meetings were held.", total)
    header = (_("Space"), _("Meetings held"), _("Hours together"), _("The last one"))
    table = ReportTable(_("Meetings held, by space"), header, rows, numeric=frozenset({1, 2}))
    yield ReportSection("meetings", _("Meetings"), [sentence % {"n": number(total)}, table], order=70)
