"""What the room gives to the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from maillage.alliances import indexing, personal, todos
from maillage.alliances.models import Alliance, AllianceTerritory, Role
from maillage.alliances.selectors import memory, periods, places
from maillage.core import contributions
from maillage.core.access import may
from maillage.core.contributions import (
    Export,
    Merge,
    Money,
    NavigationItem,
    Panel,
    PersonalData,
    Place,
    ReportFacts,
    ReportHeading,
    ReportSection,
    ReportTable,
    SearchKind,
    Subject,
    TimelineEntry,
)
from maillage.territories.models import Territory
from maillage.territories.selectors import line as lineage

PLACES = 12
POWERFUL = (Role.Kind.AGENT, Role.Kind.REGIONAL, Role.Kind.TREASURER)
"""Roles that act for others or touch money."""

contributions.todo.register(todos.todos)
contributions.timeline.register(memory.written)


@contributions.places.register
def switcher(scope: Alliance | None, viewer: Any, today: dt.date) -> Iterator[Place]:
    """The viewer's own alliances first, then this one, its parent, its sisters and children that are open."""
    rows: dict[int, Alliance] = {}
    if viewer is not None:
        held = Role.objects.at(today).filter(person__user_id=viewer.pk, person__erased_at=None)
        mine = Alliance.objects.filter(pk__in=held.values("person__alliance_id"))
        rows.update({alliance.pk: alliance for alliance in mine[:PLACES]})
    if scope is not None:
        rows.setdefault(scope.pk, scope)
        near: Iterable[Alliance]
        if scope.parent_id:
            around = Q(parent_id=scope.pk) | Q(pk=scope.parent_id) | Q(parent_id=scope.parent_id)
            # « regional » before « local »: the parent comes first.
            near = Alliance.objects.filter(around, is_public=True).order_by("-scale", "sort_key", "id")[:PLACES]
        else:
            near = places.open_children_of(scope)
        for alliance in near:
            rows.setdefault(alliance.pk, alliance)
    for alliance in list(rows.values())[:PLACES]:
        current = scope is not None and alliance.pk == scope.pk
        yield Place(label=alliance.short_name, url=alliance.get_absolute_url(), current=current)


@contributions.panels.register
def covering(scope: Alliance | None, viewer: Any, today: dt.date, *, page: str, subject: Any = None) -> Iterator[Panel]:
    """On the page of a territory: the open alliances that cover it, or what it lies in, the nearest first."""
    if page != "territory" or subject is None:
        return
    within = [place for place in [subject, *reversed(lineage(subject, today))] if place.kind != Territory.Kind.PROVINCE]
    rows = (
        AllianceTerritory.objects.at(today)
        .filter(territory__in=within, alliance__is_public=True)
        .select_related("alliance", "territory")
        .order_by("alliance__sort_key", "alliance_id")[:PLACES]
    )
    near = {place.pk: rank for rank, place in enumerate(within)}
    found = [(row.alliance, row.territory) for row in sorted(rows, key=lambda row: near[row.territory_id])]
    if found:
        yield Panel("territory", "alliances/parts/territory.html", {"alliances": found}, order=10)


@contributions.holds_power.register
def roles_that_hold_power(user: Any) -> Iterator[str]:
    """One reason for each such role held today, on the date of its own alliance."""
    held = Role.objects.filter(kind__in=POWERFUL, person__user_id=user.pk, person__erased_at=None).select_related(
        "person__alliance"
    )
    for role in held:
        alliance = role.person.alliance
        if role.holds(alliance.today()):
            yield f"{role.get_kind_display()}, {alliance.short_name}"


@contributions.navigation.register
def menu(scope: Any, viewer: Any, today: dt.date) -> Iterator[NavigationItem]:
    home = reverse("alliances_in:home", args=[scope.slug])

    def item(
        name: str, label: Any, order: int, area: str = "public", group: Any = "", also: Iterable[str] = ()
    ) -> NavigationItem:
        url = reverse(f"alliances_in:{name}", args=[scope.slug])
        return NavigationItem(label, url, area, group, order, also=[home + each for each in also])

    yield item("home", pgettext("menu", "Home"), 0)
    yield item("memory", pgettext("menu", "Memory"), 90)
    yield item("search", pgettext("menu", "Search"), 95)
    inside, oversees = may(viewer, "alliances.view_inside", scope), may(viewer, "alliances.oversee", scope)
    if inside:
        # Whoever has the workspace finds it there: their menu has no room for both.
        area, group = ("workspace", _("Steer")) if oversees else ("public", "")
        yield item("mine", pgettext("menu", "For me"), 98, area, group)
    if not oversees:
        return
    yield item("pilotage", pgettext("menu", "Workspace"), 99)
    steer, look, adjust = _("Steer"), _("Understand"), _("Settle")
    yield item("pilotage", _("This week"), 0, "workspace", steer)
    yield item("cycles", _("Period and stages"), 10, "workspace", steer, ["pilotage/etapes/", "pilotage/livrables/"])
    yield item("memory", pgettext("menu", "Memory"), 40, "workspace", look)
    yield item("journal", _("Log"), 90, "workspace", look)
    yield item("people", _("People and roles"), 60, "workspace", adjust, ["pilotage/roles/", "invitations/"])
    if may(viewer, "alliances.steer", scope):
        if scope.scale == Alliance.Scale.REGIONAL:
            yield item("children", _("Local alliances"), 5, "workspace", steer)
        yield item("settings", _("The alliance"), 61, "workspace", adjust)
        yield item("powers", _("Delegated powers"), 62, "workspace", adjust)
        yield item("terms", _("Your words"), 63, "workspace", adjust)
    if may(viewer, "alliances.hand_over", scope):
        yield item("handover", _("Handover"), 64, "workspace", adjust)


@contributions.timeline.register
def milestones(scope: Any, viewer: Any, today: dt.date, *, limit: int = 100) -> Iterator[TimelineEntry]:
    """Agreements signed, stages begun and done, deliverables done: four queries."""
    if not may(viewer, "alliances.view", scope):
        return
    found: list[TimelineEntry] = []
    for cycle in periods.cycles_of(scope):
        agreement = periods.agreement_of(cycle)
        on = (agreement.signed_on or agreement.since) if agreement else None
        if agreement and on:
            title = _("Agreement signed: %(title)s") if agreement.signed_on else _("Agreement in force: %(title)s")
            found.append(TimelineEntry(on=on, title=title % {"title": agreement.title}, kind="agreement", key=True))
        for stage in cycle.stages.all():
            if stage.since and stage.state != "planned":
                found.append(TimelineEntry(on=stage.since, title=_("Begins: %(stage)s") % {"stage": stage.name},
                                           kind="stage"))  # fmt: skip
            if stage.until and stage.state == "done":
                last = stage.until - dt.timedelta(days=1)
                found.append(TimelineEntry(on=last, title=_("Done: %(stage)s") % {"stage": stage.name}, kind="stage"))
            for row in stage.deliverables.all():
                if row.done_on:
                    found.append(TimelineEntry(on=row.done_on, title=_("Delivered: %(title)s") % {"title": row.title},
                                               kind="stage"))  # fmt: skip
    found.sort(key=lambda entry: entry.on, reverse=True)
    yield from found[:limit]


@contributions.subjects.register
def done_together(scope: Any, viewer: Any, today: dt.date) -> Iterator[Subject]:
    """What a later evaluation may look back on: the plan of each period, and what it has delivered. Three queries."""
    if not may(viewer, "alliances.view", scope):
        return
    url = reverse("alliances_in:home", args=[scope.slug])
    for cycle in periods.cycles_of(scope):
        yield Subject(f"alliances.cycle:{cycle.pk}", cycle.name, url, _("Action plan of a period"))
        for stage in cycle.stages.all():
            for row in stage.deliverables.all():
                if row.done_on:
                    yield Subject(f"alliances.deliverable:{row.pk}", row.title, url, _("Deliverable done"))


@contributions.report.register
def sections(scope: Any, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """Agreement, stages and memory, as everyone may read them."""
    found = periods.cycles_of(scope)
    period = periods.current_period(scope, today)
    yield ReportSection("agreement", _("The alliance and its agreement"), list(_agreement(scope, period, today)), 10)
    if period and period.stages:
        yield ReportSection("stages", _("Where we stand"), list(_stages(found)), 20)
    lines = [line for line in memory.lines(scope, None, today, limit=200) if not line.coming]
    if lines:
        header = [_("Date"), _("What happened"), _("Source")]
        rows = [(line.when, f"{line.entry.title}", line.entry.source) for line in reversed(lines)]
        table = ReportTable(_("The memory, from the oldest to the latest"), header, rows)
        yield ReportSection("memory", _("The memory of the territory"), [table], 80)


def _agreement(scope: Alliance, period: periods.Period | None, today: dt.date) -> Iterator[Any]:
    covered = ", ".join(territory.name for territory in places.territories_of(scope, today))
    facts = [
        (_("Alliance"), scope.name),
        (_("Mandated organisation"), scope.mandatary),
        (_("Territory"), covered),
        (_("Regional alliance"), scope.parent.name if scope.parent else ""),
        (_("Period"), period.cycle.name if period else ""),
    ]
    yield ReportFacts([(name, value) for name, value in facts if value])
    if scope.summary:
        yield scope.summary
    agreement = period.agreement if period else None
    if agreement is None:
        yield _("No agreement is written down for this period.")
        return
    yield ReportHeading(agreement.title)
    envelope = None if agreement.envelope_cents is None else Money(agreement.envelope_cents)
    rows: Iterable[tuple[str, Any]] = (
        (_("Signed on"), agreement.signed_on),
        (_("In force from"), agreement.since),
        (_("Until"), agreement.until - dt.timedelta(days=1) if agreement.until else None),
        (_("Envelope"), envelope),
    )
    yield ReportFacts([(name, value) for name, value in rows if value is not None])
    parties = [(party.name, party.capacity) for party in agreement.parties.all()]
    if parties:
        yield ReportTable(_("Parties to the agreement"), [_("Party"), _("Signs as")], parties)
    if agreement.modulations:
        yield ReportHeading(_("Local modulations"))
        yield agreement.modulations


def _stages(cycles: list[Any]) -> Iterator[Any]:
    header = [_("Stage"), _("State"), _("Begins"), _("Ends"), _("Deliverables done")]
    for cycle in cycles:
        rows = []
        for stage in cycle.stages.all():
            deliverables = list(stage.deliverables.all())
            done = sum(1 for row in deliverables if row.done_on)
            ends = stage.until - dt.timedelta(days=1) if stage.until else None
            share = _("%(done)s of %(total)s") % {"done": done, "total": len(deliverables)} if deliverables else ""
            rows.append((stage.name, stage.get_state_display(), stage.since, ends, share))
        if rows:
            yield ReportTable(_("Stages of the period %(cycle)s") % {"cycle": cycle.name}, header, rows)


def _open_rows() -> Iterator[tuple[Any, ...]]:
    found = places.open_alliances().select_related("parent")
    alliance: Any
    for alliance in found.iterator(chunk_size=200):
        yield (
            alliance.slug,
            alliance.name,
            alliance.scale,
            alliance.parent.slug if alliance.parent else "",
            alliance.region_name or "",
            alliance.mandatary,
            "true" if alliance.fictional else "false",
        )


@contributions.exports.register
def exports(scope: Any, viewer: Any, today: dt.date) -> Iterator[Export]:
    """The list of alliances, where no alliance is looked at; its memory, where one is."""
    if scope is None:
        header = ("slug", "name", "scale", "parent", "region", "mandatary", "fictional")
        yield Export("alliances", _("Alliances"), header, _open_rows)
        return

    def rows() -> Iterator[tuple[Any, ...]]:
        for line in memory.lines(scope, None, today):
            yield (line.machine, line.entry.precision, line.entry.kind, str(line.entry.title), str(line.entry.source))

    yield Export("memory", _("Memory"), ("date", "precision", "kind", "title", "source"), rows)


contributions.search.add(SearchKind(indexing.ALLIANCE, gettext_lazy("Alliances"), indexing.every_alliance))
contributions.search.add(SearchKind(indexing.MEMORY, pgettext_lazy("menu", "Memory"), indexing.every_event))
contributions.name_actions(
    "alliances",
    gettext_lazy("Alliance"),
    {
        "created": gettext_lazy("Alliance created"),
        "updated": gettext_lazy("Settings of the alliance changed"),
        "renamed": gettext_lazy("Address of the alliance changed"),
        "opened": gettext_lazy("Public pages opened"),
        "closed": gettext_lazy("Public pages closed"),
        "territory_covered": gettext_lazy("Territory added"),
        "territory_left": gettext_lazy("Territory ended"),
        "cycle_added": gettext_lazy("Period added"),
        "cycle_updated": gettext_lazy("Period changed"),
        "cycle_removed": gettext_lazy("Period removed"),
        "agreement_saved": gettext_lazy("Agreement written down"),
        "stage_added": gettext_lazy("Stage added"),
        "stage_updated": gettext_lazy("Stage changed"),
        "stage_moved": gettext_lazy("Stage moved"),
        "stage_removed": gettext_lazy("Stage removed"),
        "deliverable_added": gettext_lazy("Deliverable added"),
        "deliverable_updated": gettext_lazy("Deliverable changed"),
        "deliverable_done": gettext_lazy("Deliverable done"),
        "deliverable_reopened": gettext_lazy("Deliverable put back to do"),
        "deliverable_removed": gettext_lazy("Deliverable removed"),
        "person_added": gettext_lazy("Person added"),
        "person_updated": gettext_lazy("Details of a person changed"),
        "role_granted": gettext_lazy("Role given"),
        "role_ended": gettext_lazy("Role ended"),
        "power_delegated": gettext_lazy("Power delegated"),
        "power_updated": gettext_lazy("Delegated power changed"),
        "power_ended": gettext_lazy("Delegated power taken back"),
        "remembered": gettext_lazy("Line added to the memory"),
        "memory_updated": gettext_lazy("Line of the memory corrected"),
        "forgotten": gettext_lazy("Line of the memory removed"),
        "term_added": gettext_lazy("Local word added"),
        "term_updated": gettext_lazy("Local word corrected"),
        "invited": gettext_lazy("Invitation sent"),
        "invitation_renewed": gettext_lazy("Invitation sent again"),
        "invitation_withdrawn": gettext_lazy("Invitation withdrawn"),
        "invitation_accepted": gettext_lazy("Invitation accepted"),
        "appeal_made": gettext_lazy("Appeal made against an act in the members’ name"),
        "appeal_answered": gettext_lazy("Appeal answered"),
        "links_closed": gettext_lazy("Personal addresses closed"),
        "notices_chosen": gettext_lazy("Choice of notices changed"),
        "handover_asked": gettext_lazy("Handover file asked for"),
    },
)


@contributions.closed_alliances.register
def closed() -> Iterable[int]:
    """Search of the whole instance says nothing of an alliance that has not opened."""
    return Alliance.objects.filter(is_public=False).values_list("pk", flat=True)


contributions.merge.add(Merge("person", "alliances.Role", ("person",), personal.apply_merge, personal.undo_merge))
contributions.personal_data.add(
    PersonalData(
        room="alliances",
        purpose=gettext_lazy("To run the alliance: reach its people and know what each may do."),
        export=personal.export,
        erase=personal.erase,
        find=personal.find,
    )
)

# Importing them registers what they give.
from maillage.alliances.acts import contributions as acts_given  # noqa: E402, F401
from maillage.alliances.links import contributions as links_given  # noqa: E402, F401
from maillage.alliances.notices import contributions as notices_given  # noqa: E402, F401
