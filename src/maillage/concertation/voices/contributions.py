"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.actors.merges import moving
from maillage.actors.selectors import vocabulary
from maillage.alliances.models import Alliance
from maillage.concertation.models import Approach
from maillage.concertation.voices import selectors
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import Export, NavigationItem, ReportSection, ReportTable, Todo
from maillage.core.formats import date, number

contributions.name_actions(
    "concertation",
    gettext_lazy("Spaces of concertation"),
    {
        "voice_wanted": gettext_lazy("Voice wanted around the table"),
        "voice_changed": gettext_lazy("Wanted voice changed"),
        "voice_ended": gettext_lazy("Voice no longer wanted"),
        "approach_given": gettext_lazy("Approach entrusted"),
        "approach_told": gettext_lazy("Outcome of an approach told"),
    },
)
# Alike: no two of them are; each approach keeps its own history.
contributions.merge.add(moving(Approach, ("id",)))
TODO_SHOWN = 3


@contributions.navigation.register
def navigation(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    """The agent's side menu; the public reaches the page from « Qui fait quoi »."""
    if viewer is not None and may(viewer, "concertation.want_voices", scope):
        yield NavigationItem(
            label=_("Missing voices"), url=reverse("concertation_in:voices", args=[scope.slug]), area="workspace",
            group=_("Actors and ties"), order=35,
        )  # fmt: skip


@contributions.todo.register
def todo(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For whoever steers: voices missing with no one on it, approaches whose day has come. Six queries at most.

    For the others: the approaches that were given to them. One query.
    """
    if viewer is None or not viewer.is_authenticated:
        return
    due = selectors.due_approaches(scope, today)
    if may(viewer, "concertation.want_voices", scope):
        words = vocabulary(scope)
        rows = selectors.rows_of(scope, today, words, everything=True)
        for row in [row for row in rows if row.missing and not row.under_way][:TODO_SHOWN]:
            text = ngettext(
                "%(n)s more is wanted around the table.", "%(n)s more are wanted around the table.", row.missing
            )
            yield Todo(
                title=_("Missing voice: %(voice)s") % {"voice": row.label},
                detail=text % {"n": number(row.missing)},
                url=reverse("concertation_in:approach_new", args=[scope.slug, row.voice.uuid]),
                action=_("Entrust an approach"),
                key=f"voice-{row.voice.uuid}",
            )
    elif may(viewer, "concertation.view_approaches", scope):
        due = due.filter(task__owner_person__user_id=viewer.pk)
    else:
        return
    for approach in due[:TODO_SHOWN]:
        yield Todo(
            title=_("What came of the approach to %(whom)s?") % {"whom": approach.whom},
            url=reverse("concertation_in:approach_outcome", args=[scope.slug, approach.uuid]),
            action=_("Say what came of it"),
            due=approach.task.due_on,
            key=f"approach-{approach.uuid}",
        )


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The grid, as the public sees it: never who was approached."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for row in selectors.rows_of(scope, today, vocabulary(scope)):
            voice = row.voice
            yield voice.sector, voice.type, voice.scale, voice.number, row.present, row.missing, voice.why

    yield Export(
        "wanted-voices", _("Wanted voices"), ("sector", "type", "scale", "wanted", "present", "missing", "why"), rows
    )


@contributions.report.register
def sections(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Wanted, present, missing: what the public sees, no more. Five queries."""
    rows = selectors.rows_of(scope, today, vocabulary(scope))
    if not rows:
        return
    missing = sum(1 for row in rows if row.missing)
    words = ngettext(
        "On %(day)s, %(n)s wanted voice out of %(all)s is missing around the table.",
        "On %(day)s, %(n)s wanted voices out of %(all)s are missing around the table.",
        missing,
    ) % {"day": date(today), "n": number(missing), "all": number(len(rows))}
    table = ReportTable(
        _("Wanted voices, the most missing first"),
        (_("Voice"), _("Wanted"), _("Present"), _("Missing"), _("Why")),
        [[row.label, row.voice.number, row.present, row.missing, row.voice.why] for row in rows],
        numeric=frozenset({1, 2, 3}),
    )
    yield ReportSection("missing-voices", _("Missing voices"), [words, table], order=66)
