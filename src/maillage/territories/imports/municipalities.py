"""Reading a list of municipalities, and planning what it would change. Nothing is written here.

A municipality is recognised by its code of census subdivision: ``2466023``, ``66023`` (the code of Quebec, without
the province) or an address that ends so (``…/csd:2466023``). Its MRC comes from the first digits of the code,
the census division. Five divisions are not one MRC: there, only what a cited source says is believed, and the
rest is put under its region, *to be decided*.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from maillage.core.tables import Table, TableError, read_table
from maillage.core.text import fold
from maillage.territories.imports import tree
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership
from maillage.territories.vocabulary import DESIGNATIONS, STATCAN_DIVISION, STATCAN_SUBDIVISION

QUEBEC = "24"
RESERVED = {"importer"}
"""Words that are pages of the room and cannot be the address of a territory."""
CODE = re.compile(r"(?:^|[:/])(24\d{5}|\d{5})$")
COLUMNS = {
    "code": ("id", "code", "csd", "csduid", "sdridu", "code geographique", "mus co geo", "code municipalite"),
    "name": ("name fr", "nom", "nom fr", "name", "municipalite", "sdrnom", "csdname", "mus nm mun"),
    "designation": ("classification", "designation", "type", "csdtype", "sdrgenre", "mus co des"),
}
LONGEST_NAME = 200


@dataclass(frozen=True)
class Municipality:
    """A row of the file, read. ``code`` has seven digits."""

    line: int
    code: str
    name: str
    designation: str

    @property
    def kind(self) -> str:
        return DESIGNATIONS.get(self.designation, ("municipality", ""))[0]


@dataclass(frozen=True)
class Rejected:
    """A row left aside, and why, in the reader's language."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Placed:
    """A municipality and where it lies. ``undecided``: its region is known, its MRC is not."""

    row: Municipality
    parent: Territory
    source: str
    undecided: bool = False


@dataclass
class Plan:
    """What the file would change: what a person reads before saying yes."""

    create: list[tuple[Placed, str]] = field(default_factory=list)
    """With the address each will get."""
    update: list[tuple[Placed, Territory, list[str]]] = field(default_factory=list)
    """With the names of the fields that differ; ``parent`` among them: its MRC is now known."""
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> list[Placed]:
        every = [placed for placed, _slug in self.create] + [placed for placed, _place, _fields in self.update]
        return [placed for placed in every if placed.undecided]

    @property
    def empty(self) -> bool:
        return not self.create and not self.update


def typography(name: str) -> str:
    """A name as it is officially written: curved apostrophe, one dash between joined names."""
    return " ".join(name.replace("'", "’").replace("--", "–").replace("—", "–").split())


def _key(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(header)).strip()


def _column(table: Table, what: str) -> int | None:
    headers = [_key(name) for name in table.header]
    for name in COLUMNS[what]:
        if name in headers:
            return headers.index(name)
    return None


def read(
    source: str | Path | bytes | IO[bytes], name: str = ""
) -> tuple[list[Municipality], list[Rejected], list[str]]:
    """Rows read, rows left aside, and what the reader of tables had to say. Error: ``TableError``."""
    table = read_table(source, name)
    code, title, kind = (_column(table, what) for what in ("code", "name", "designation"))
    if code is None or title is None:
        raise TableError(
            _(
                "This list needs a column of codes and a column of names. Call them “code” and “nom”. "
                "The columns found are: %(columns)s."
            )
            % {"columns": ", ".join(table.header)},
            "columns",
        )
    rows: list[Municipality] = []
    rejected: list[Rejected] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        text = row.cells[code].strip()
        label = typography(row.cells[title])
        reason, digits = _examine(text, label, lines)
        if reason:
            rejected.append(Rejected(row.line, f"{text} {label}".strip(), reason))
            continue
        lines[digits] = row.line
        rows.append(Municipality(row.line, digits, label, row.cells[kind].strip()[:60] if kind is not None else ""))
    return rows, rejected, [notice.sentence for notice in table.warnings]


def _examine(text: str, name: str, lines: dict[str, int]) -> tuple[str, str]:
    """Why a row is refused (empty: it is not), and its code with seven digits."""
    found = CODE.search(text)
    if not found:
        return _("The code is not a code of municipality of Quebec: seven digits that begin with 24, or five."), ""
    digits = found[1] if len(found[1]) == 7 else QUEBEC + found[1]
    if not name:
        return _("The name is missing."), ""
    if len(name) > LONGEST_NAME:
        return _("The name is longer than %(count)s characters.") % {"count": LONGEST_NAME}, ""
    if digits in lines:
        return _("The same code is already on line %(line)s.") % {"line": lines[digits]}, ""
    return "", digits


class Places:
    """What the database knows, read once: which territory answers to a division, which regions there are."""

    def __init__(self) -> None:
        codes = TerritoryCode.objects.filter(
            scheme=STATCAN_DIVISION, territory__kind__in=[Territory.Kind.MRC, Territory.Kind.TE]
        ).select_related("territory")
        self.divisions = {row.code: row.territory for row in codes}
        self.split = tree.split_divisions()
        self.by_key = {place.slug: place for place in Territory.objects.filter(kind__in=["region", "mrc", "te"])}
        with translation.override("fr"):  # what is written in the register is in French, whoever brings it in
            self.known = _("Census division %(code)s, Statistics Canada")
            self.unknown = _("Census division %(code)s, Statistics Canada: the MRC is to be decided")
        regions = {fact.key: fact.value for fact in tree.memberships() if fact.until is None}
        self.split_regions = {code[:4]: regions[key] for code, (key, _source) in self.split.items()}
        if not self.by_key:
            raise TableError(
                _("The tree of Quebec is not loaded yet. Load it first: maillage import territories."), "no_tree"
            )

    def place(self, row: Municipality) -> Placed | None:
        """Where the municipality lies, or ``None`` for a division nobody knows."""
        division = row.code[:4]
        if division in self.divisions:
            return Placed(row, self.divisions[division], self.known % {"code": division})
        if row.code in self.split:
            key, source = self.split[row.code]
            return Placed(row, self.by_key[key], source)
        if division in self.split_regions:
            source = self.unknown % {"code": division}
            return Placed(row, self.by_key[self.split_regions[division]], source, undecided=True)
        return None


def plan(rows: Sequence[Municipality], rejected: Iterable[Rejected] = (), warnings: Iterable[str] = ()) -> Plan:
    """What these rows would change. Reads the database in a fixed number of queries."""
    places = Places()
    result = Plan(rejected=list(rejected), warnings=list(warnings))
    known = {
        code.code: code.territory
        for code in TerritoryCode.objects.filter(scheme=STATCAN_SUBDIVISION).select_related("territory")
    }
    parents: dict[int, Territory] = {
        link.child_id: link.parent
        for link in TerritoryMembership.objects.filter(until=None, child__codes__scheme=STATCAN_SUBDIVISION)
        .select_related("parent")
        .order_by("id")
    }
    slugs = _Slugs(rows)
    for row in rows:
        placed = places.place(row)
        if placed is None:
            reason = _("No census division of Quebec begins with %(code)s.") % {"code": row.code[:4]}
            result.rejected.append(Rejected(row.line, f"{row.code} {row.name}", reason))
        elif row.code not in known:
            result.create.append((placed, slugs.take(row)))
        else:
            fields = _differences(placed, known[row.code], parents.get(known[row.code].pk))
            if fields:
                result.update.append((placed, known[row.code], fields))
            else:
                result.unchanged += 1
    result.rejected.sort(key=lambda each: each.line)
    return result


def _differences(placed: Placed, place: Territory, parent: Territory | None) -> list[str]:
    """Fields that differ. A parent somebody decided is never undone: only a missing MRC is filled in."""
    row = placed.row
    fields = [name for name in ("name", "kind", "designation") if getattr(place, name) != getattr(row, name)]
    waits = parent is None or (parent.kind == Territory.Kind.REGION and not placed.undecided)
    if waits and parent != placed.parent:
        fields.append("parent")
    return fields


class _Slugs:
    """Addresses: the name alone where it is alone, else with the code; never one already given."""

    def __init__(self, rows: Sequence[Municipality]) -> None:
        self.taken = set(Territory.objects.values_list("slug", flat=True)) | RESERVED
        self.times = Counter(self._slug(row.name) for row in rows)

    @staticmethod
    def _slug(name: str) -> str:
        return slugify(fold(name).replace("'", "-").replace("–", "-"))[:100]

    def take(self, row: Municipality) -> str:
        slug = self._slug(row.name)
        if not slug or slug in self.taken or self.times[slug] > 1:
            slug = f"{slug}-{row.code[2:]}".strip("-")
        self.taken.add(slug)
        return slug
