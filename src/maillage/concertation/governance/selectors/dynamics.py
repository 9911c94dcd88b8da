"""The dynamics of a space, by college and never by person: plain figures, each with its formula and its dates.

A college with fewer seats than the alliance's threshold is a person. Small colleges are read together, and with the
next smallest one where that is still too few: nothing published can be subtracted to find one of them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.actors.forms import capital
from maillage.actors.vocabulary import TYPE_ORDER, type_words
from maillage.alliances.models import Alliance
from maillage.concertation.decisions.models import Decision, Objection
from maillage.concertation.governance.models import Facilitation
from maillage.concertation.governance.selectors.seats import held_seats
from maillage.concertation.meetings.models import AgendaItem, Meeting
from maillage.concertation.minutes.models import SpeakingTime
from maillage.concertation.models import Space
from maillage.concertation.vocabulary import Rule
from maillage.core.dates import holding
from maillage.core.formats import duration, number, percent
from maillage.methods.scales.herfindahl import herfindahl

ENOUGH = 5
"""Fewer decisions, objections or acts of leadership than this give no figure."""
YEARS = 2


@dataclass(frozen=True)
class Group:
    """Colleges read together: one with enough seats, or several small ones."""

    codes: tuple[str, ...]
    seats: int

    @property
    def label(self) -> str:
        if len(self.codes) == 1:
            return capital(type_words(self.codes[0], 2))
        return _("Smaller colleges read together: %(names)s") % {
            "names": ", ".join(type_words(code, 2) for code in self.codes)
        }


def groups_of(seats: Mapping[str, int], threshold: int) -> list[Group]:
    """Colleges, small ones joined until ``threshold`` seats. Empty where all of them together have fewer."""
    rank = {code: TYPE_ORDER.get(code, len(TYPE_ORDER)) for code in seats}
    ordered = sorted(seats, key=lambda code: (seats[code], rank[code]))
    small = [code for code in ordered if seats[code] < threshold]
    rest = [code for code in ordered if seats[code] >= threshold]
    while small and sum(seats[code] for code in small) < threshold and rest:
        small.append(rest.pop(0))
    if small and sum(seats[code] for code in small) < threshold:
        return []
    alone = [Group((code,), seats[code]) for code in sorted(rest, key=rank.__getitem__)]
    if small:
        alone.append(Group(tuple(sorted(small, key=rank.__getitem__)), sum(seats[code] for code in small)))
    return alone


@dataclass(frozen=True)
class Figure:
    """One number and where it comes from. ``text`` empty: not enough data, and ``note`` says what is missing."""

    label: str
    text: str
    formula: str
    source: str
    note: str = ""
    value: float | None = None


@dataclass(frozen=True)
class ByGroup:
    """A count by group of colleges. ``rows``: words, count, share."""

    label: str
    rows: list[tuple[Group, str, float]]
    formula: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class Dynamics:
    since: dt.date
    until: dt.date
    threshold: int
    groups: list[Group]
    proposals: ByGroup
    speaking: ByGroup
    leadership: ByGroup
    spread: Figure
    objections: Figure
    rules: list[tuple[str, int, int]]
    decisions: int

    @property
    def joined(self) -> bool:
        return any(len(group.codes) > 1 for group in self.groups)


def _moments(alliance: Alliance, since: dt.date, until: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """``[since, until]`` as instants of the alliance's time zone."""
    zone = alliance.zone
    after = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return dt.datetime.combine(since, dt.time(), tzinfo=zone), after


def _spread_over(groups: list[Group], counts: Mapping[str, int]) -> list[tuple[Group, int]]:
    return [(group, sum(counts.get(code, 0) for code in group.codes)) for group in groups]


def _by_group(
    label: str, groups: list[Group], counts: Mapping[str, int], *, formula: str, source: str, seconds: bool = False
) -> ByGroup:
    rows = _spread_over(groups, counts)
    total = sum(n for _group, n in rows)
    if not groups:
        return ByGroup(label, [], formula, source, _("All the colleges together have too few seats."))
    if total < (1 if seconds else ENOUGH):
        return ByGroup(label, [], formula, source, _("Too little is noted over these dates."))
    said = [(group, duration(n) if seconds else number(n), n / total) for group, n in rows]
    return ByGroup(label, said, formula, source)


def _leads(
    spaces: Iterable[Space], alliance: Alliance, since: dt.date, until: dt.date, left: list[str]
) -> Counter[str]:
    """Acts of leadership by college: turns of facilitation, meetings led, items and proposals presented."""
    spaces, (begin, end) = list(spaces), _moments(alliance, since, until)
    counts: Counter[str] = Counter()
    turns = Facilitation.objects.filter(Q(until=None) | Q(until__gt=since), Q(since=None) | Q(since__lte=until))
    counts.update(turns.filter(space__in=spaces).order_by().values_list("actor__type", flat=True))
    held = Meeting.objects.filter(space__in=spaces, starts_at__gte=begin, starts_at__lt=end)
    held = held.exclude(state__in=(Meeting.State.CANCELLED, Meeting.State.PLANNED))
    counts.update(held.exclude(facilitator=None).order_by().values_list("facilitator__type", flat=True))
    items = AgendaItem.objects.filter(meeting__in=held).exclude(presenter=None).exclude(uuid__in=left)
    counts.update(items.order_by().values_list("presenter__type", flat=True))
    made = Decision.objects.filter(space__in=spaces, opened_at__gte=begin, opened_at__lt=end).exclude(uuid__in=left)
    counts.update(made.exclude(presenter=None).order_by().values_list("presenter__type", flat=True))
    return counts


def spread_figure(groups: list[Group], counts: Mapping[str, int]) -> Figure:
    """1 less Herfindahl's index, brought to run from 0 (one college leads) to 1 (all as much), over the groups read."""
    rows = _spread_over(groups, counts)
    total = sum(n for _group, n in rows)
    found = herfindahl([n for _group, n in rows]) if rows else None
    value = None
    if found is not None and found.normalised is not None and total >= ENOUGH:
        value = float(1 - found.normalised)
    return Figure(
        _("Spread of leadership"),
        number(value, 2) if value is not None else "",
        _("1 less Herfindahl’s index of the shares of each college, from 0 (one college leads) to 1 (all as much)"),
        _("Turns of facilitation, meetings led, items and proposals presented"),
        "" if value is not None else _("At least %(n)s acts by two colleges are needed.") % {"n": number(ENOUGH)},
        value,
    )


def dynamics_of(space: Space, day: dt.date, *, left: Iterable[str] = ()) -> Dynamics:
    """Over the two years before ``day``. ``left``: references the reader withdrew from, counted nowhere. Eleven queries
    at most, whatever the size of the space."""
    alliance = space.alliance
    since = day.replace(year=day.year - YEARS, day=min(day.day, 28))
    begin, end = _moments(alliance, since, day)
    gone = [reference.rpartition(":")[2] for reference in left]
    held = {code: n for (_space, code), n in held_seats([space], day).items()}
    decisions = Decision.objects.filter(space=space).exclude(uuid__in=gone)
    opened = decisions.filter(opened_at__gte=begin, opened_at__lt=end).exclude(presenter=None)
    proposals = Counter(opened.order_by().values_list("presenter__type", flat=True))
    spoken = dict(
        SpeakingTime.objects.filter(meeting__space=space, meeting__starts_at__gte=begin, meeting__starts_at__lt=end)
        .order_by()
        .values_list("college")
        .annotate(total=Sum("seconds"))
    )
    leads = _leads([space], alliance, since, day, gone)
    # A college that spoke or led but has no seat today is a small one too.
    seats = {code: held.get(code, 0) for code in {*held, *proposals, *spoken, *leads}}
    groups = groups_of(seats, alliance.threshold)
    closed = decisions.filter(state=Decision.State.CLOSED, closed_at__gte=begin, closed_at__lt=end)
    outcomes = Counter(closed.order_by().values_list("rule", "outcome"))
    rules = [
        (
            capital(str(Rule(rule).label)), sum(n for (kind, _out), n in outcomes.items() if kind == rule),
            outcomes[rule, Decision.Outcome.ADOPTED],
        )
        for rule in Rule.values
    ]  # fmt: skip
    total = sum(outcomes.values())
    return Dynamics(
        since=since, until=day, threshold=alliance.threshold, groups=groups,
        proposals=_by_group(
            _("Proposals by college"), groups, proposals,
            formula=_("Decisions opened, by the type of the actor that presents them"),
            source=_("Register of decisions"),
        ),
        speaking=_by_group(
            _("Speaking time by college"), groups, spoken, seconds=True,
            formula=_("Seconds kept in meetings, added by college"), source=_("Meetings where speaking time is noted"),
        ),
        leadership=_by_group(
            _("Leadership by college"), groups, leads,
            formula=_("Turns of facilitation, meetings led, items and proposals presented, added by college"),
            source=_("Facilitation, agendas and register of decisions"),
        ),
        spread=spread_figure(groups, leads),
        objections=_objections(space, begin, end, gone),
        rules=[row for row in rules if row[1]] if total >= ENOUGH else [],
        decisions=total,
    )  # fmt: skip


def _objections(space: Space, begin: dt.datetime, end: dt.datetime, gone: list[str]) -> Figure:
    """How long objections last: the median number of days from raised to settled."""
    rows = list(
        Objection.objects.filter(decision__space=space, raised_at__gte=begin, raised_at__lt=end)
        .exclude(decision__uuid__in=gone)
        .values_list("raised_at", "settled_at")
    )
    days = [(settled - raised).total_seconds() / 86_400 for raised, settled in rows if settled is not None]
    value = float(median(days)) if len(days) >= ENOUGH else None
    text = ""
    if value is not None:
        text = ngettext("%(n)s day", "%(n)s days", round(value)) % {"n": number(round(value))}
    note = _("At least %(n)s settled objections are needed.") % {"n": number(ENOUGH)}
    return Figure(
        _("How long objections last"), text, _("Median number of days from the objection raised to its settlement"),
        _("Objections of the register of decisions"), "" if value is not None else note, value,
    )  # fmt: skip


@dataclass(frozen=True)
class Balance:
    """Seats by type over the alliance."""

    value: float | None
    types: int
    seats: int

    @property
    def words(self) -> str:
        return percent(self.value) if self.value is not None else ""


def balance_of_types(seats: Mapping[str, int]) -> Balance:
    """How evenly seats are shared between the types present: 1 less Herfindahl's index, brought between 0 and 1."""
    present = {code: n for code, n in seats.items() if n}
    total = sum(present.values())
    found = herfindahl(present.values()) if total >= ENOUGH else None
    value = float(1 - found.normalised) if found is not None and found.normalised is not None else None
    return Balance(value, len(present), total)


def leadership_in(alliance: Alliance, spaces: list[Space], seats: Mapping[str, int], day: dt.date) -> Figure:
    """The spread of leadership over the whole alliance, by groups of colleges."""
    since = day.replace(year=day.year - YEARS, day=min(day.day, 28))
    counts = _leads(spaces, alliance, since, day, [])
    known = {code: seats.get(code, 0) for code in {*seats, *counts}}
    return spread_figure(groups_of(known, alliance.threshold), counts)


def closed_in(alliance: Alliance, day: dt.date, *, everything: bool) -> int:
    """How many decisions its spaces closed in the year before ``day``. One query."""
    begin, end = _moments(alliance, day - dt.timedelta(days=365), day)
    found = Decision.objects.filter(
        holding(day, "space__") | Q(space__until__gt=begin.date()), alliance=alliance, state=Decision.State.CLOSED,
        closed_at__gte=begin, closed_at__lt=end,
    )  # fmt: skip
    return found.count() if everything else found.filter(is_public=True).count()
