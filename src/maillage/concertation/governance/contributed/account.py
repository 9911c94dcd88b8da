"""The section « Gouvernance » of the account, open data, and figures for the compass. What the public sees, no more."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.selectors import sees_all
from maillage.actors.vocabulary import TYPE_ORDER, ActorType, type_words
from maillage.alliances.models import Alliance
from maillage.concertation.governance.models import SpaceFunction, SpaceLink, SpaceSetting
from maillage.concertation.governance.selectors.conditions import ENOUGH, kept_in
from maillage.concertation.governance.selectors.dynamics import balance_of_types, closed_in, leadership_in
from maillage.concertation.governance.selectors.path import functions_covered, organigram_of, path_of
from maillage.concertation.governance.selectors.seats import colleges_of
from maillage.concertation.governance.selectors.settings import settings_of
from maillage.concertation.governance.selectors.texts import obstacles_in
from maillage.concertation.models import Space
from maillage.concertation.selectors import spaces_of
from maillage.concertation.vocabulary import Rule
from maillage.core import contributions
from maillage.core.contributions import Evidence, Export, ReportFigure, ReportSection, ReportTable
from maillage.core.dates import oldest
from maillage.core.formats import number, percent
from maillage.ui import charts

Rows = Iterator[tuple[Any, ...]]
YEAR = dt.timedelta(days=365)


@dataclass
class Total:
    """A college over several spaces: a seat vacant in one is not made up for by another."""

    code: str
    planned: int | None = None
    held: int = 0
    vacant: int = 0


def by_college(spaces: list[Space], day: dt.date) -> list[Total]:
    """The seats of each college over these spaces, in the common order. Three queries."""
    found: dict[str, Total] = {}
    for colleges in colleges_of(spaces, day).values():
        for college in colleges:
            total = found.setdefault(college.code, Total(college.code))
            total.held += college.held
            total.vacant += college.vacant
            if college.planned is not None:
                total.planned = (total.planned or 0) + college.planned
    return sorted(found.values(), key=lambda total: TYPE_ORDER.get(total.code, len(TYPE_ORDER)))


@contributions.report.register
def governance(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[ReportSection]:
    """How the alliance decides, on ``today``. About fifteen queries."""
    spaces = list(spaces_of(scope, today))
    if not spaces:
        return
    functions = functions_covered(scope, today, everything=False)
    covered = sum(1 for _label, where in functions if where)
    words = ngettext(
        "%(n)s of the %(all)s functions of concertation is covered by a space.",
        "%(n)s of the %(all)s functions of concertation are covered by a space.",
        covered,
    )
    blocks: list[Any] = [words % {"n": number(covered), "all": number(len(functions))}]
    picture = organigram_of(scope, today, everything=False)
    if picture.ties:
        drawing = charts.organigram(picture.boxes, picture.ties)
        alt = charts.organigram_words(picture.boxes, picture.ties)
        blocks.append(ReportFigure(drawing, alt, _("How the spaces fit together")))
    rows: list[list[Any]] = [
        [label, ", ".join(space.label for space in where) or _("No space covers it")] for label, where in functions
    ]
    blocks.append(ReportTable(_("Functions and the spaces that cover them"), (_("Function"), _("Spaces")), rows))
    blocks.append(_rules(spaces, today))
    rows = [
        [capital(type_words(one.code, 2)), one.planned, one.held, one.vacant if one.planned is not None else None]
        for one in by_college(spaces, today)
    ]
    seats = (_("College"), _("Seats planned"), _("Seats held"), _("Vacant"))
    blocks.append(ReportTable(_("Seats by college"), seats, rows, numeric=frozenset({1, 2, 3})))
    rows = [
        [lane.label, capital(label), step.who, step.about]
        for lane in path_of(scope, today, everything=False)
        for _code, label, steps in lane.cells
        for step in steps
    ]
    if rows:
        path = (_("Territory scale"), _("Part in decisions"), _("Who"), _("About what"))
        blocks.append(ReportTable(_("The decision path"), path, rows))
    blocks.append(_kept_words(scope, today))
    yield ReportSection("governance", _("Governance"), blocks, order=55)


def _rules(spaces: list[Space], today: dt.date) -> ReportTable:
    settings = settings_of(spaces, today)
    rows = []
    for space in spaces:
        setting = settings.get(space.pk)
        quorum = ""
        if setting is not None and setting.quorum:
            quorum = ngettext("%(n)s seat", "%(n)s seats", setting.quorum) % {"n": number(setting.quorum)}
        elif setting is not None and setting.quorum_percent:
            quorum = percent(setting.quorum_percent / 100)
        rule = capital(str(Rule(setting.rule).label)) if setting else _("Not written")
        access = capital(str(SpaceSetting.Access(setting.access).label)) if setting else ""
        rows.append([space.name, rule, quorum, access])
    header = (_("Space"), _("Decision rule"), _("Quorum"), _("Who may come"))
    return ReportTable(_("How each space decides"), header, rows)


def _kept_words(scope: Alliance, today: dt.date) -> str:
    kept, noted = kept_in(scope, today, since=today - YEAR)
    if noted < ENOUGH:
        return _("Conditions of savoir d’expérience: not enough data over twelve months.")
    words = _("Conditions of savoir d’expérience: %(kept)s kept out of %(noted)s noted over twelve months (%(share)s).")
    return words % {"kept": number(kept), "noted": number(noted), "share": percent(kept / noted)}


@contributions.exports.register
def open_tables(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Export]:
    """Codes rather than words, so that programs read both languages; former rows too, with their dates."""
    shown = Q(space__alliance=scope, space__is_public=True)
    rule = ("rule", "share_percent", "quorum", "quorum_percent", "access", "scale", "since", "until")

    def settings() -> Rows:
        rows = SpaceSetting.objects.filter(shown).order_by("space__sort_key", "space_id", *oldest())
        for uuid, *rest in rows.values_list("space__uuid", "space__name", *rule):
            yield (str(uuid), *rest)

    def functions() -> Rows:
        rows = SpaceFunction.objects.filter(shown).order_by("space__sort_key", "space_id", "code", "id")
        for uuid, *rest in rows.values_list("space__uuid", "space__name", "code", "since", "until"):
            yield (str(uuid), *rest)

    def links() -> Rows:
        open_ends = Q(other__is_public=True) & (Q(other__alliance=scope) | Q(other__alliance__is_public=True))
        rows = SpaceLink.objects.filter(shown & open_ends).order_by("space__sort_key", "space_id", "kind", "id")
        names = ("space__uuid", "space__name", "kind", "other__uuid", "other__name", "since", "until")
        for uuid, name, kind, other, *rest in rows.values_list(*names):
            yield (str(uuid), name, kind, str(other), *rest)

    dates = ("since", "until")
    yield Export("space-settings", _("How spaces decide"), ("space_id", "space", *rule), settings)
    yield Export("space-functions", _("Functions of spaces"), ("space_id", "space", "function", *dates), functions)
    yield Export(
        "space-links", _("Links between spaces"), ("space_id", "space", "kind", "other_id", "other", *dates), links
    )


@contributions.evidence.register
def evidence(scope: Alliance, viewer: Any, today: dt.date) -> Iterator[Evidence]:
    """Elements 5, 7 and 8 of the compass. About twenty queries."""
    everything = sees_all(viewer, scope)
    spaces = list(spaces_of(scope, today, everything=everything))
    colleges = by_college(spaces, today)
    seats = Counter({one.code: one.held for one in colleges})
    functions = functions_covered(scope, today, everything=everything)

    def figure(element: int, label: str, value: Any, formula: str, source: str, lacking: str) -> Evidence:
        return Evidence(element, label, value, formula, source, today, "" if value is not None else lacking)

    covered = sum(1 for _label, where in functions if where)
    yield figure(
        5, _("Functions covered by an active space"), covered or None,
        _("Functions with at least one space that covers them, out of %(n)s") % {"n": number(len(functions))},
        _("Settings of the spaces"), _("No space says its functions yet."),
    )  # fmt: skip
    yield figure(
        5, _("Decisions taken collectively"), closed_in(scope, today, everything=everything) or None,
        _("Decisions closed in a space over twelve months, by its own rule"), _("Register of decisions"),
        _("No decision was closed over twelve months."),
    )  # fmt: skip
    spread = leadership_in(scope, spaces, seats, today)
    yield figure(5, spread.label, spread.value, spread.formula, spread.source, spread.note)
    yield figure(
        7, _("Balance of types"), balance_of_types(seats).value,
        _("1 less Herfindahl’s index of the seats by type, from 0 (one type) to 1 (all as much)"), _("Seats held"),
        _("At least five seats of two types are needed."),
    )  # fmt: skip
    standing, tried = obstacles_in(scope, today)
    yield figure(
        7, _("Obstacles named and worked on"), tried / standing if standing else None,
        _("Obstacles against which something was tried, out of those that stand"), _("Obstacles of the spaces"),
        _("No obstacle is named."),
    )  # fmt: skip
    citizens, total = seats[ActorType.CITIZENS], seats.total()
    yield figure(
        8, _("Citizens’ seats"), citizens / total if total else None,
        _("Seats held by citizens’ colleges, out of all the seats held"), _("Seats held"), _("No seat is held yet."),
    )  # fmt: skip
    kept, noted = kept_in(scope, today, since=today - YEAR)
    yield figure(
        8, _("Conditions of savoir d’expérience kept"), kept / noted if noted >= ENOUGH else None,
        _("Conditions kept out of those noted, meeting by meeting, over twelve months"), _("Conditions noted"),
        _("Too few meetings say whether they were kept."),
    )  # fmt: skip
