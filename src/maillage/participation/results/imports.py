"""Votes held elsewhere, brought in from their files of ballots: closed, published, counted and recountable.

Nothing of who voted is read: no identifier, age or district of the file is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maillage.alliances.models import Alliance
from maillage.core import audit
from maillage.core.access import require
from maillage.core.locks import lock
from maillage.methods.budgeting.election import Election, VoteType
from maillage.methods.budgeting.read import read_pabulib
from maillage.methods.errors import Unreadable
from maillage.methods.ranking.read import read_ballots
from maillage.participation.consultations.models import Consultation, Option, Step
from maillage.participation.results import counting
from maillage.participation.urn import opening, seal
from maillage.participation.vocabulary import COUNTINGS, Access, Channel, Counting, Grade, Kind, Method

Told = Callable[[int, int, str], None]
"""``progress(done, total, note)``."""
RULES = {
    "greedy": Counting.GREEDY,
    "equalshares": Counting.EQUAL_SHARES,
    "equalshares/add1": Counting.EQUAL_SHARES,
    "equalshares/add1-comparison": Counting.EQUAL_SHARES,
    "phragmen": Counting.PHRAGMEN,
    "sequential_phragmen": Counting.PHRAGMEN,
}
"""The ``rule`` of a Pabulib file that the product counts by, near enough for the outcome to be compared with it."""
OPTIONS_MOST = 2000
DIGEST = 16


class ImportRefused(ValueError):
    """The file cannot serve; the message says why in one sentence, with the line where there is one."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        said = reason if line is None else _("Line %(line)s: %(reason)s") % {"line": line, "reason": reason}
        super().__init__(said)


@dataclass(frozen=True)
class Read:
    """What a file holds, ready to be written."""

    title: str
    method: str
    counting: str
    options: list[dict[str, Any]]
    contents: list[str]
    envelope_cents: int | None = None
    score_most: int = 5
    language: str = "fr"
    begins: dt.date | None = None
    ends: dt.date | None = None
    notes: list[str] = field(default_factory=list)
    """What the importer is told: what is doubtful, what was read as something else."""
    selected: frozenset[int] | None = None
    """Numbers of the projects that the file itself says are chosen."""


@dataclass(frozen=True)
class Imported:
    consultation: Consultation
    made: bool
    """False: this very file was there already, and nothing changed."""
    notes: Sequence[str] = ()


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGEST]


def import_ballots(
    *,
    alliance: Alliance,
    data: bytes,
    name: str,
    by: Any,
    now: dt.datetime,
    method: str = "",
    progress: Told = lambda done, total, note: None,
    via: str = "cli",
) -> Imported:
    """Open a closed and published consultation from a Pabulib file, or from a table of grades or scores.

    ``method``: of a table, ``grades`` (the default) or ``score``. The same file twice changes nothing.
    Errors: :class:`ImportRefused`, with the line, for a file that cannot serve; ``PermissionDenied``.
    """
    require(by, "participation.run", alliance)
    digest = digest_of(data)
    found = Consultation.objects.filter(alliance=alliance, imported_from__endswith=digest).first()
    if found is not None:
        return Imported(found, made=False)
    progress(0, 0, _("Reading"))
    try:
        read = of_budget(data, name) if _is_budget(data, name) else of_table(data, name, method or Method.GRADES)
    except Unreadable as error:
        raise ImportRefused(error.said(_language())) from None
    if len(read.options) > OPTIONS_MOST:
        raise ImportRefused(_("This file has more than %(most)s options.") % {"most": OPTIONS_MOST})
    with transaction.atomic():
        lock(alliance)
        found = Consultation.objects.filter(alliance=alliance, imported_from__endswith=digest).first()
        if found is not None:
            return Imported(found, made=False)
        consultation, step = _write(alliance, read, f"{name[:170]} {digest}", now)
        done = 0
        for part in _parts(read.contents):
            opening.put_ballots(step, [seal.Sealed(content, "", str(Channel.FILE)) for content in part])
            done += len(part)
            progress(done, len(read.contents), _("Ballots"))
        audit.record(
            "participation.ballots_imported", consultation, by=by, alliance=alliance, via=via,
            after={"ballots": len(read.contents), "options": len(read.options), "file": digest},
        )  # fmt: skip
    progress(0, 0, _("Counting"))
    result = counting.count(step, now=now)
    notes = list(read.notes)
    if read.selected is not None and "winners" in result.data and set(result.data["winners"]) != read.selected:
        notes.append(_("The file says that other projects were chosen: its rule is not quite the one counted here."))
    return Imported(consultation, made=True, notes=notes)


def _parts(contents: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(contents), 5000):
        yield contents[start : start + 5000]


def _write(alliance: Alliance, read: Read, origin: str, now: dt.datetime) -> tuple[Consultation, Step]:
    """The rows of the consultation, its step and its options."""
    ends = _noon(alliance, read.ends) if read.ends else now
    begins = _noon(alliance, read.begins) if read.begins else None
    ends = min(ends, now)
    begins = begins if begins is not None and begins < ends else None
    consultation = Consultation.objects.create(
        alliance=alliance, title=read.title[:200], access=Access.LIST, state=Consultation.State.PUBLISHED,
        is_vote=True, language=read.language, opens_at=begins, closes_at=ends, opened_at=begins, closed_at=ends,
        published_at=now, imported_from=origin, created_at=ends,
    )  # fmt: skip
    step = Step.objects.create(
        consultation=consultation, kind=Kind.PRIORITIES, method=read.method, counting=read.counting,
        envelope_cents=read.envelope_cents, score_most=read.score_most, state=Step.State.CLOSED, closed_at=ends,
    )  # fmt: skip
    Option.objects.bulk_create([Option(step=step, **one) for one in read.options])
    return consultation, step


def _noon(alliance: Alliance, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=alliance.zone)


def _is_budget(data: bytes, name: str) -> bool:
    first = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().split(b"\n")[0]
    return name.lower().endswith(".pb") or first.strip(b' \t\r;,"').upper() == b"META"


# Participatory budgets


def of_budget(data: bytes, name: str) -> Read:
    """A Pabulib file: its envelope, its projects, its rule where the product has it."""
    election = read_pabulib(data)
    meta = {key.lower(): value.strip() for key, value in election.meta.items()}
    notes = [warning.said(_language()) for warning in election.warnings]
    rule = meta.get("rule", "").lower()
    counting_by = RULES.get(rule)
    if counting_by is None:
        counting_by = Counting(COUNTINGS[Method.BUDGET][0])
        notes.append(
            _("The file names no rule that is known here (“%(rule)s”): counted by equal shares.")
            % {"rule": rule[:40] or "—"}
        )
    if election.vote_type not in (VoteType.APPROVAL, VoteType.CHOOSE_ONE):
        notes.append(_("Its ranks or points are not kept: a ballot names projects, as the rule counts it."))
    return Read(
        title=_title(meta, name), method=Method.BUDGET, counting=counting_by, options=_projects(election),
        contents=_named(election), envelope_cents=_cents(election.budget, "budget"),
        language=_language_of(meta.get("language", "")), begins=_day(meta.get("date_begin", ""), first=True),
        ends=_day(meta.get("date_end", ""), first=False), notes=notes, selected=_selected(election),
    )  # fmt: skip


def _language() -> str:
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def _title(meta: dict[str, str], name: str) -> str:
    parts = [meta.get("description", ""), meta.get("subunit", ""), meta.get("district", "")]
    said = ", ".join(dict.fromkeys(part for part in parts if part))
    year = meta.get("instance", "")
    if year and year not in said:
        said = f"{said} {year}".strip()
    return said or name


def _projects(election: Election) -> list[dict[str, Any]]:
    options = []
    for number, project in enumerate(election.projects, start=1):
        label = " ".join(project.name.split()) or _("Project %(id)s") % {"id": project.id}
        columns = {key.lower(): value for key, value in project.columns.items()}
        options.append(
            {
                "number": number, "label": label[:200], "text": columns.get("description", "")[:2000],
                "cost_cents": _cents(project.cost, project.id), "source": project.id[:120],
            }
        )  # fmt: skip
    return options


def _cents(amount: Fraction, what: str) -> int:
    cents = amount * 100
    if cents.denominator != 1:
        raise ImportRefused(_("The amount of “%(what)s” has parts of a cent.") % {"what": what[:60]})
    return int(cents)


def _named(election: Election) -> list[str]:
    """The content of each ballot: numbers of options, sorted."""
    ballots = election.ballots
    numbers = (ballots.chosen + 1).tolist()
    starts = ballots.starts.tolist()
    return [
        json.dumps(sorted(set(numbers[first:last])), separators=(",", ":"))
        for first, last in itertools.pairwise(starts)
    ]


def _selected(election: Election) -> frozenset[int] | None:
    if not any("selected" in project.columns for project in election.projects):
        return None
    chosen = (n for n, one in enumerate(election.projects, start=1) if one.columns.get("selected", "") == "1")
    return frozenset(chosen)


def _language_of(code: str) -> str:
    return code.lower()[:8] if re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z]{2})?", code) else "fr"


def _day(text: str, *, first: bool) -> dt.date | None:
    """``31.03.2024`` or ``2018``, as Pabulib writes days."""
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    with suppress(ValueError):
        if found:
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        if re.fullmatch(r"\d{4}", text):
            return dt.date(int(text), 1, 1) if first else dt.date(int(text), 12, 31)
    return None


# Grades and scores


def of_table(data: bytes, name: str, method: str) -> Read:
    """A table with a column an option: grades from 1 to 6, blank or 0 where nothing is said; or scores."""
    ballots = read_ballots(data, zero_is_blank=method == Method.GRADES)
    notes = [warning.said(_language()) for warning in ballots.warnings]
    given = ballots.values != ballots.blank
    low = int(ballots.values[given].min()) if given.any() else 0
    high = int(ballots.values[given].max()) if given.any() else 1
    most = len(Grade) if method == Method.GRADES else 100
    least = 1 if method == Method.GRADES else 0
    if ballots.per_unit != 1 or low < least or high > most:
        wrong = (given & ((ballots.values < least) | (ballots.values > most))).any(axis=1)
        row = int(np.argmax(wrong)) if wrong.any() else 0
        line = int(ballots.lines[row]) if ballots.lines is not None else None
        raise ImportRefused(
            _("an answer is a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}, line
        )
    table = np.where(given, ballots.values, 0 if method == Method.GRADES else -1).tolist()
    counts = [1] * len(table) if ballots.counts is None else ballots.counts.tolist()
    contents = [
        json.dumps([None if cell < 0 else cell for cell in row], separators=(",", ":"))
        for row, count in zip(table, counts, strict=True)
        for _copy in range(count)
    ]
    options = [{"number": n, "label": label[:200]} for n, label in enumerate(ballots.options, start=1)]
    if method == Method.GRADES:
        notes.append(_("The grades are shown by the names that the product gives them, the best being 6."))
    title = re.sub(r"[-_]+", " ", name.rsplit(".", 1)[0]).strip()
    return Read(
        title=title[:1].upper() + title[1:], method=method, counting=COUNTINGS[method][0], options=options,
        contents=contents, score_most=max(high, 1) if method == Method.SCORE else 5, notes=notes,
    )  # fmt: skip
