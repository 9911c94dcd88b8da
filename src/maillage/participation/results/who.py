"""Who took part, in words and tables: what the result keeps already protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from maillage.core.formats import date, number, percent
from maillage.participation.consultations.models import AboutQuestion, Consultation
from maillage.participation.results import groups
from maillage.participation.results.models import Result
from maillage.participation.results.showing import and_list, part_of
from maillage.participation.vocabulary import About, Channel
from maillage.participation.voting import about
from maillage.participation.words import Words

UNASKED = {groups.NOT_SAID: gettext_lazy("Not said"), groups.ON_PAPER: gettext_lazy("On paper, where it is not asked")}
ON_LINE = (Channel.ONLINE, Channel.KIOSK, Channel.HELPED)


@dataclass(frozen=True)
class Line:
    """A category: how many ballots and their share, or nothing where it is withheld."""

    label: str
    count: int | None
    share: float = 0.0

    @property
    def css(self) -> str:
        return f"{self.share:.1%}"


@dataclass(frozen=True)
class Table:
    title: str
    purpose: str
    lines: list[Line]
    total: int

    @property
    def hidden(self) -> int:
        return sum(line.count is None for line in self.lines)


@dataclass(frozen=True)
class Shares:
    """What each group is for, in whole percentages; an empty cell is withheld."""

    title: str
    header: list[str]
    rows: list[list[str]]
    hidden: int
    partial: bool
    """Options are left out: those that too few are for, or nearly all, and beyond the first six."""


@dataclass(frozen=True)
class Who:
    """The part of the page that says who took part."""

    total: int
    lede: str
    against: str
    """The population, and the share of it that took part."""
    tables: list[Table] = field(default_factory=list)
    population: int | None = None
    source: str = ""
    """Where the population is from."""

    @property
    def hidden(self) -> int:
        return sum(table.hidden for table in self.tables)


def who(consultation: Consultation, result: Result, questions: Mapping[str, AboutQuestion], language: str) -> Who:
    """``language``: of the labels, fr or en."""
    total = result.ballots
    tables = []
    for name, rows in result.who.items():
        labels = _labels(name, questions, language)
        lines = [
            Line(labels.get(code) or str(UNASKED.get(code, code)), count, 0.0 if count is None else count / total)
            for code, count in sorted(rows, key=lambda row: (row[0] in UNASKED, _rank(row[0], labels)))
        ]  # fmt: skip
        question = questions.get(name)
        tables.append(Table(title_of(name), question.purpose if question else "", lines, total))
    return Who(
        total, _lede(consultation, result), _against(consultation, total), tables, consultation.population,
        consultation.population_source,
    )  # fmt: skip


def _rank(code: str, labels: Mapping[str, str]) -> int:
    names = list(labels)
    return names.index(code) if code in names else len(names)


def _labels(name: str, questions: Mapping[str, AboutQuestion], language: str) -> dict[str, str]:
    if name == groups.CHANNEL:
        return {code: capital(str(label)) for code, label in Channel.choices}
    question = questions.get(name)
    if question is None:
        return {}
    return dict(about.choices_of(question, Words(language), language))


def title_of(name: str) -> str:
    if name == groups.CHANNEL:
        return _("How the ballots came")
    return capital(str(dict(About.choices).get(name, name)))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lede(consultation: Consultation, result: Result) -> str:
    count = result.ballots
    if consultation.is_vote:
        said = ngettext("%(n)s person voted", "%(n)s people voted", count)
    else:
        said = ngettext("%(n)s person gave their opinion", "%(n)s people gave their opinion", count)
    said %= {"n": number(count)}
    shown = {code: value for code, value in result.who.get(groups.CHANNEL, []) if value}
    parts = []
    on_line = sum(shown.get(code, 0) for code in ON_LINE)
    if on_line:
        parts.append(_("%(n)s on line") % {"n": number(on_line)})
    if shown.get(Channel.PAPER):
        parts.append(_("%(n)s on paper") % {"n": number(shown[Channel.PAPER])})
    whole = on_line + shown.get(Channel.PAPER, 0) == count
    return (
        _("%(first)s: %(parts)s.") % {"first": said, "parts": and_list(parts)}
        if len(parts) > 1 and whole
        else f"{said}."
    )


def when(consultation: Consultation) -> str:
    """The days between which people answered; empty where they are not known."""
    opened, closed = consultation.opened_at, consultation.closed_at
    if opened is None or closed is None:
        return ""
    zone = consultation.alliance.zone
    first, last = opened.astimezone(zone).date(), closed.astimezone(zone).date()
    if first == last:
        return _("On %(day)s.") % {"day": date(first)}
    return _("From %(first)s to %(last)s.") % {"first": date(first), "last": date(last)}


def _against(consultation: Consultation, total: int) -> str:
    if not consultation.population:
        return ""
    said = _("A territory of %(population)s people: %(share)s took part.") % {
        "population": number(consultation.population), "share": part_of(total, consultation.population),
    }  # fmt: skip
    source = (
        _("Source: %(source)s.") % {"source": consultation.population_source} if consultation.population_source else ""
    )
    return f"{said} {source}".strip()


def by_group(
    data: Mapping[str, Any], labels: Mapping[int, str], questions: Mapping[str, AboutQuestion], language: str
) -> list[Shares]:
    """What each group is for, channels included (paper beside on line)."""
    found = []
    for name, table in data.get("groups", {}).items():
        names = _labels(name, questions, language)
        # In the order of the table of who took part.
        groups_of = sorted(zip(table["groups"], table["shares"], strict=True), key=lambda one: _rank(one[0], names))
        rows, hidden = [], 0
        for place, option in enumerate(table["options"]):
            cells = [row[place] for _group, row in groups_of]
            hidden += sum(cell is None for cell in cells)
            shown = (_("hidden") if cell is None else percent(cell / 100) for cell in cells)
            rows.append([labels[option], *shown])
        header = [pgettext("of a ballot", "Option"), *(names.get(group, group) for group, _row in groups_of)]
        found.append(Shares(title_of(name), header, rows, hidden, len(rows) < len(labels)))
    return found
