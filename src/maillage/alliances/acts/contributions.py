"""What this part gives to the others, the words of its acts included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.alliances.acts import appeals, selectors
from maillage.alliances.acts.models import ActInName, Appeal
from maillage.alliances.models import Alliance, Person
from maillage.alliances.personal import persons_of
from maillage.core import contributions, formats
from maillage.core.access import may
from maillage.core.contributions import (
    Export,
    Merge,
    NavigationItem,
    NoticeKind,
    PersonalData,
    ReportSection,
    ReportTable,
    Todo,
)

KEPT_YEARS = 3
MANY = 50

contributions.notice_kinds.add(NoticeKind(appeals.MADE, gettext_lazy("An appeal waits for the coordination")))
contributions.notice_kinds.add(NoticeKind(appeals.ANSWERED, gettext_lazy("The coordination answered your appeal")))


@contributions.navigation.register
def footer(scope: Any, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    url = reverse("alliances_in:acts", args=[scope.slug])
    yield NavigationItem(_("In the members’ name"), url, "footer", order=20)


@contributions.todo.register
def todos(scope: Any, viewer: Any, today: dt.date) -> Iterator[Todo]:
    """For the coordination: the appeals of this alliance and, from the regional one, of its local alliances."""
    if viewer is None or not may(viewer, "alliances.see_appeals", scope):
        return
    owners = [scope.pk, *Alliance.objects.filter(parent=scope).values_list("pk", flat=True)]
    for appeal in selectors.open_appeals(owners, viewer)[:MANY]:
        alliance = appeal.act.alliance
        yield Todo(
            key=f"appeal:{appeal.uuid}",
            title=_("Answer an appeal: %(act)s") % {"act": appeal.act.label},
            detail=_("Made by a member on %(day)s, %(alliance)s.")
            % {"day": formats.date(appeal.made_at), "alliance": alliance.short_name},
            url=reverse("alliances_in:appeal", args=[alliance.slug, appeal.uuid]),
            action=_("Read and answer the appeal"),
        )


@contributions.exports.register
def exports(scope: Any, viewer: Any, today: dt.date) -> Iterator[Export]:
    if scope is None or not may(viewer, "alliances.view", scope):
        return

    def rows() -> Iterator[tuple[Any, ...]]:
        corrected = Count("appeals", filter=Q(appeals__state=Appeal.State.CORRECTED))
        found = ActInName.objects.filter(alliance_id=scope.pk).annotate(n=Count("appeals"), corrected=corrected)
        for act in found.order_by("at", "id").iterator(chunk_size=500):
            yield (
                timezone.localtime(act.at, scope.zone).date().isoformat(), act.role_kind, act.kind, act.label,
                act.on_behalf, act.source, act.n, act.corrected,
            )  # fmt: skip

    header = ("date", "role", "kind", "about", "in_the_name_of", "source", "appeals", "corrected")
    yield Export("acts-in-name", _("In the members’ name"), header, rows)


@contributions.report.register
def section(scope: Any, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """In counts: how many acts of each kind, how many appeals, what came of them."""
    counted = (
        ActInName.objects.filter(alliance_id=scope.pk).order_by().values_list("kind").annotate(
            n=Count("pk", distinct=True),
            appealed=Count("appeals", distinct=True),
            corrected=Count("appeals", filter=Q(appeals__state=Appeal.State.CORRECTED), distinct=True),
        )
    )  # fmt: skip
    rows: list[tuple[Any, ...]] = sorted((selectors.kind_label(kind), *numbers) for kind, *numbers in counted)
    if not rows:
        return
    if len(rows) > 1:
        rows.append((_("Total"), *(sum(row[column] for row in rows) for column in (1, 2, 3))))
    header = [_("Kind of act"), _("Acts"), _("Appeals"), _("Acts corrected")]
    table = ReportTable(_("Acts in the members’ name, by kind"), header, rows, frozenset({1, 2, 3}))
    yield ReportSection("acts-in-name", _("What was done in the members’ name"), [table], 70)


def export(person: Any) -> Mapping[str, Any]:
    rows = Appeal.objects.filter(person__in=persons_of(person)).select_related("act__alliance")
    found = [
        {
            "alliance": row.act.alliance.name, "act": row.act.label, "reason": row.reason,
            "made": row.made_at.isoformat(), "state": row.state, "answer": row.answer,
        }
        for row in rows
    ]  # fmt: skip
    return {"appeals": found} if found else {}


def erase(person: Any) -> int:
    """The appeal and its answer stay: they are the alliance's. Who and why go."""
    return Appeal.objects.filter(person__in=persons_of(person)).update(person=None, reason="")


def purge(today: dt.date) -> int:
    """Three years after its answer, an appeal no longer says who nor why."""
    day = today.replace(year=today.year - KEPT_YEARS, day=min(today.day, 28))
    limit = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    return (
        Appeal.objects.filter(answered_at__lt=limit).exclude(person=None, reason="").update(person=None, reason="")
    )  # fmt: skip


contributions.personal_data.add(
    PersonalData(
        room="alliances.acts",
        purpose=gettext_lazy("To answer your appeals against what is done in the members’ name."),
        export=export,
        erase=erase,
        purge=purge,
    )
)


def _move(kept: Person, absorbed: Person) -> dict[str, Any]:
    moved = list(Appeal.objects.filter(person=absorbed).values_list("pk", flat=True))
    Appeal.objects.filter(pk__in=moved).update(person=kept)
    return {"rows": moved}


def _back(kept: Person, absorbed: Person, trace: Mapping[str, Any]) -> None:
    Appeal.objects.filter(pk__in=trace["rows"], person=kept).update(person=absorbed)


contributions.merge.add(Merge("person", "alliances.appeal", ("person",), _move, _back))
