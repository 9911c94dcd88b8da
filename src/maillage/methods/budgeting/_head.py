"""The parts META and PROJECTS of a Pabulib file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from maillage.methods.budgeting._cells import rows, short
from maillage.methods.budgeting.election import Project, VoteType
from maillage.methods.errors import Unreadable
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _

AMOUNT = re.compile(r"([0-9]{1,15})(?:[.]([0-9]{1,12})|,([0-9]{1,2}))?")
NEEDED = {"projects": ("project_id", "cost"), "votes": ("voter_id", "vote")}
TITLES = ("meta", "projects", "votes")


@dataclass
class Head:
    """What comes before the ballots."""

    meta: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each key of META."""
    projects: list[Project] = field(default_factory=list)
    vote_type: VoteType = VoteType.APPROVAL
    budget: Fraction = Fraction(0)
    votes: list[str] = field(default_factory=list)
    """The header of VOTES."""
    votes_line: int = 0
    start: int = 0
    """The byte where the ballots begin."""
    warnings: list[Sentence] = field(default_factory=list)


def read_head(data: bytes) -> Head:
    """Everything up to the header of VOTES. Errors: ``Unreadable``."""
    head = Head()
    done: list[str] = []
    places: dict[str, int] = {}
    columns: list[str] = []
    found = rows(data)
    for line, _after, cells in found:
        if not any(cell.strip() for cell in cells):
            continue
        title = cells[0].strip().lower()
        # A spreadsheet leaves separators after the title.
        if title in TITLES and not any(cell.strip() for cell in cells[1:]):
            _check_order(title, done, line)
            done.append(title)
            columns, head.start, head.votes_line = _header(found, title, line)
            if title == "votes":
                head.votes = columns
                _read_settings(head)
                return head
        elif not done:
            raise Unreadable(_("a Pabulib file begins with a line that says META."), line)
        elif done[-1] == "meta":
            _meta_row(cells, line, head)
        else:
            head.projects.append(_project(cells, columns, line, places, head.warnings))
    missing = next(title for title in TITLES if title not in done)
    raise Unreadable(_("This file has no part %(title)s.", title=missing.upper()))


def _check_order(title: str, done: list[str], line: int) -> None:
    if title in done:
        raise Unreadable(_("the part %(title)s begins for the second time.", title=title.upper()), line)
    expected = TITLES[len(done)]
    if title != expected:
        raise Unreadable(
            _("the part %(title)s comes before %(expected)s.", title=title.upper(), expected=expected.upper()), line
        )


def _header(found: Iterator[tuple[int, int, list[str]]], part: str, line: int) -> tuple[list[str], int, int]:
    """The names of the columns, the byte after them, their line."""
    for first, after, cells in found:
        header = [cell.strip() for cell in cells]
        while header and not header[-1]:
            header.pop()
        if not header:
            continue
        lowered = [name.lower() for name in header]
        if part == "meta" and lowered[:2] != ["key", "value"]:
            raise Unreadable(_("after META, the line “key;value” is expected."), first)
        for name in NEEDED.get(part, ()):
            if name not in lowered:
                raise Unreadable(_("the header of %(title)s has no “%(name)s”.", title=part.upper(), name=name), first)
        twice = next((name for name, times in Counter(lowered).items() if name and times > 1), None)
        if twice:
            raise Unreadable(_("the header of %(title)s has “%(name)s” twice.", title=part.upper(), name=twice), first)
        return header, after, first
    raise Unreadable(_("the part %(title)s has no header.", title=part.upper()), line)


def _meta_row(cells: list[str], line: int, head: Head) -> None:
    key, values = cells[0].strip(), cells[1:]
    while values and not values[-1].strip():
        values.pop()
    # A comment whose ``;`` was not put in quotes is a single value all the same.
    value = ";".join(values).strip()
    if not key:
        raise Unreadable(_("a value without its key."), line)
    if head.meta.get(key, value) != value:
        raise Unreadable(_("“%(key)s” is given twice, with two values.", key=key), line)
    head.meta[key], head.lines[key] = value, line


def _read_settings(head: Head) -> None:
    """The envelope and the type of vote."""
    for key in ("budget", "vote_type"):
        if not head.meta.get(key):
            raise Unreadable(_("META does not give “%(key)s”.", key=key))
    head.budget = _amount(head.meta["budget"], head.lines["budget"], "budget", head.warnings)
    written = head.meta["vote_type"]
    if written.lower() not in tuple(VoteType):
        known = ", ".join(VoteType)
        reason = _("“%(written)s” is no type of vote; known: %(known)s.", written=short(written), known=known)
        raise Unreadable(reason, head.lines["vote_type"])
    head.vote_type = VoteType(written.lower())


def _project(
    cells: list[str], header: list[str], line: int, places: dict[str, int], warnings: list[Sentence]
) -> Project:
    """One row of PROJECTS; ``places`` are the lines of those before."""
    width = len(header)
    if any(cell.strip() for cell in cells[width:]):
        raise Unreadable(
            _("the number of cells is %(found)s; the header has %(wanted)s.", found=len(cells), wanted=width), line
        )
    if len(cells) < width:
        marks = {"found": len(cells), "wanted": width}
        reason = _(
            "the number of cells is %(found)s; the header has %(wanted)s. The others are read as empty.", **marks
        )
        warnings.append(_("Line %(line)s: %(reason)s", line=str(line), reason=reason))
    columns = dict(zip(header, [cell.strip() for cell in cells] + [""] * width, strict=False))
    known = {name.lower(): value for name, value in columns.items()}
    name = known["project_id"]
    if not name:
        raise Unreadable(_("a project without id."), line)
    if "," in name:
        raise Unreadable(_("the id “%(id)s” has a comma: no ballot could name it.", id=short(name)), line)
    if name in places:
        first = str(places[name])
        raise Unreadable(_("the project “%(id)s” is already on line %(first)s.", id=short(name), first=first), line)
    places[name] = line
    return Project(name, _amount(known["cost"], line, "cost", warnings), known.get("name", ""), columns)


def _amount(text: str, line: int, key: str, warnings: list[Sentence]) -> Fraction:
    """An amount of money, exact: ``4000``, ``4000.50``; ``4000,50`` is accepted and said."""
    match = AMOUNT.fullmatch(text)
    if match:
        if match[3]:
            reason = _("“%(written)s” is read with a decimal comma.", written=text)
            warnings.append(_("Line %(line)s: %(reason)s", line=str(line), reason=reason))
        decimals = match[2] or match[3] or ""
        return Fraction(int(match[1] + decimals), 10 ** len(decimals))
    if not text:
        raise Unreadable(_("“%(key)s” is empty.", key=key), line)
    if text.startswith("-") and AMOUNT.fullmatch(text[1:]):
        raise Unreadable(_("“%(key)s” is negative: %(written)s.", key=key, written=text), line)
    raise Unreadable(
        _("“%(written)s” is not an amount for “%(key)s”; write it as 4000 or 4000.50.", written=short(text), key=key),
        line,
    )
