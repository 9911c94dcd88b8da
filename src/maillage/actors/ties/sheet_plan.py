"""What a spreadsheet of ties would change. Reads only: the same plan is shown, then written."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.actors import reasons
from maillage.actors.models import Actor, ActorAlias, Tie, TieImport
from maillage.actors.ties.days import remembered
from maillage.actors.ties.services import check_since
from maillage.actors.ties.sheet_words import Role, read_frequency, read_kind
from maillage.actors.ties.words import check_how
from maillage.alliances.models import Alliance
from maillage.core.formats import date
from maillage.core.text import fold
from maillage.methods.matching import find_pairs

PROPOSED = 3
LONG_ENOUGH = 4
"""Letters of a name below which « is in » says nothing."""


class Names:
    """The actors present, by every exact spelling of their name, capitals and accents apart. Two queries."""

    def __init__(self, alliance: Alliance, today: dt.date) -> None:
        self.by_id = {actor.pk: actor for actor in Actor.objects.current().filter(alliance=alliance).order_by("pk")}
        self.present = {pk for pk, actor in self.by_id.items() if actor.holds(today)}
        self.spelled: dict[str, set[int]] = defaultdict(set)
        self.spellings: dict[tuple[int, int], str] = {}
        for pk, actor in self.by_id.items():
            if pk in self.present:
                self.spelled[fold(actor.name)].add(pk)
                self.spellings[pk, 0] = actor.name
        aliases = ActorAlias.objects.filter(actor__in=self.present).order_by("pk")
        for alias_id, actor_id, name, folded in aliases.values_list("pk", "actor_id", "name", "folded"):
            self.spelled[folded].add(actor_id)
            self.spellings[actor_id, alias_id] = name

    def find(self, name: str, decisions: Mapping[str, int]) -> Actor | None:
        """The one actor of this name, or the one a person chose for it; ``None`` for none or several."""
        key = fold(name)
        chosen = decisions.get(key)
        if chosen is not None:
            return self.by_id.get(chosen) if chosen in self.present else None
        found = self.spelled.get(key, set())
        return self.by_id[next(iter(found))] if len(found) == 1 else None


def propose(names: Names, written: Iterable[str]) -> dict[str, list[list[Any]]]:
    """For each name that no actor bears exactly: the actors that look like it, the surest first."""
    unknown = {fold(name): name for name in written if name and len(names.spelled.get(fold(name), ())) != 1}
    found: dict[str, list[list[Any]]] = {key: [] for key in unknown}
    for key in unknown:
        found[key] = [[pk, 1.0, []] for pk in sorted(names.spelled.get(key, ()))][:PROPOSED]
    asked: dict[Any, str] = dict(names.spellings) | dict(unknown)
    for pair in find_pairs(asked) if unknown else ():
        sides = {isinstance(side, str): side for side in (pair.first, pair.second)}
        if len(sides) == 2:
            lines = found[sides[True]]
            if len(lines) < PROPOSED and all(line[0] != sides[False][0] for line in lines):
                lines.append([sides[False][0], pair.score, reasons.plain(pair.reasons)])
    for key, lines in found.items():
        lines += _containing(names, key)[: PROPOSED - len(lines)] if not lines else []
    return found


def _containing(names: Names, key: str) -> list[list[Any]]:
    """Actors one of whose spellings holds this one, or is in it: « La Navette » for « La Navette des Rangs »."""
    if len(key) < LONG_ENOUGH:
        return []
    held = {pk for (pk, _n), text in names.spellings.items() if key in fold(text) or f" {fold(text)} " in f" {key} "}
    return [[pk, 0.5, []] for pk in sorted(held)]


@dataclass
class Line:
    """A line of the file. ``state``: ``new``, ``same`` (already there), ``aside`` (and ``why``)."""

    number: int
    actor_name: str
    other_name: str
    state: str = "aside"
    why: str = ""
    actor: Actor | None = None
    other: Actor | None = None
    kind: str = ""
    frequency: str = ""
    since: dt.date | None = None
    how: str = ""

    @property
    def kind_label(self) -> str:
        return str(Tie.Kind(self.kind).label) if self.kind else ""


@dataclass
class Plan:
    lines: Sequence[Line]

    def counts(self) -> dict[str, int]:
        found = Counter(line.state for line in self.lines)
        return {state: found[state] for state in ("new", "same", "aside")}


class _Aside(Exception):
    """Why a line is set aside, in a sentence."""


def make_plan(run: TieImport, today: dt.date) -> Plan:
    """Read each line, compare with the ties that are there. Three queries, whatever the size of the file."""
    names = Names(run.alliance, today)
    known: dict[tuple[int, int, str], list[dt.date | None]] = defaultdict(list)
    for first, second, kind, until in Tie.objects.filter(alliance=run.alliance).values_list(
        "first_id", "second_id", "kind", "until"
    ):
        known[first, second, kind].append(until)
    seen: dict[tuple[int, int, str], int] = {}
    lines = []
    for number, *cells in run.rows:
        cell = {role: cells[index].strip() for role, index in run.columns.items() if index < len(cells)}
        line = Line(number, cell.get(Role.ACTOR, ""), cell.get(Role.OTHER, ""))
        try:
            line.state = _read(line, cell, run, names, today, known, seen)
        except _Aside as why:
            line.why = str(why)
        except ValidationError as why:
            line.why = " ".join(why.messages)
        lines.append(line)
    return Plan(lines)


def _read(
    line: Line, cell: Mapping[str, str], run: TieImport, names: Names, today: dt.date,
    known: Mapping[tuple[int, int, str], list[dt.date | None]], seen: dict[tuple[int, int, str], int],
) -> str:  # fmt: skip
    line.actor, line.other = (_named(name, run, names) for name in (line.actor_name, line.other_name))
    if line.actor.pk == line.other.pk:
        raise _Aside(_("An organisation has no tie with itself."))
    line.kind = read_kind(cell.get(Role.KIND, "")) if Role.KIND in run.columns else run.kind
    if not line.kind:
        words = ", ".join(str(label) for label in Tie.Kind.labels)
        raise _Aside(
            _("What they do together is not understood: write one of these words: %(words)s.") % {"words": words}
        )
    often = cell.get(Role.FREQUENCY, "")
    line.frequency = read_frequency(often) if often else Tie.Frequency.YEARLY
    if not line.frequency:
        words = ", ".join(str(label) for label in Tie.Frequency.labels)
        raise _Aside(_("How often is not understood: write one of these words: %(words)s.") % {"words": words})
    if since := cell.get(Role.SINCE, ""):
        line.since = remembered(since)
        if line.since is None:
            raise _Aside(
                _("The date “%(text)s” is not understood. Write a year, or 2019-05-12.") % {"text": since[:40]}
            )
        check_since(line.since, today)
    line.how = check_how(cell.get(Role.HOW, "")[:500])
    low, high = sorted((line.actor.pk, line.other.pk))
    key = (low, high, line.kind)
    if key in seen:
        raise _Aside(_("The same tie is on line %(line)s.") % {"line": seen[key]})
    seen[key] = line.number
    return _compare(line, known.get(key, []))


def _named(name: str, run: TieImport, names: Names) -> Actor:
    if not name:
        raise _Aside(_("The name of an organisation is missing."))
    found = names.find(name, run.decisions)
    if found is None:
        if run.decisions.get(fold(name)) == 0:
            raise _Aside(_("You left “%(name)s” aside.") % {"name": name})
        raise _Aside(
            _("“%(name)s” is not recognised: say who it is above, or add it to the directory.") % {"name": name}
        )
    return found


def _compare(line: Line, known: Sequence[dt.date | None]) -> str:
    if None in known:
        return "same"
    ended = [until for until in known if until is not None]
    if ended and (line.since is None or line.since < max(ended)):
        raise _Aside(
            _("This tie ended on %(day)s. If it holds again, its beginning is then or later.")
            % {"day": date(max(ended))}
        )
    return "new"
