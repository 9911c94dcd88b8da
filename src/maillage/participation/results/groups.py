"""Who took part, and what groups say, as tables from which nobody under the threshold can be deduced.

Answers « about you » and channels are counted together with « nothing said », so that the tables of a step have the
same total, which is published. Paper asks nothing « about you »: its ballots are a category of their own in each table,
the same in all, since a few people on line who said nothing would be given away by the difference of two tables.
``maillage.methods.disclosure`` withholds small counts and what gives them back.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from maillage.methods.disclosure.ballots import Publication, ties_ballots
from maillage.methods.disclosure.protect import Protection, protect
from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.kinds import Sheet
from maillage.participation.results.models import Result
from maillage.participation.vocabulary import Channel

NOT_SAID = ""
ON_PAPER = "(paper)"
"""Of a question « about you »: ballots that do not ask it. No choice has this code."""
CHANNEL = "channel"
SECONDS = 1.0
"""Time to look for the fewest cells to hide, for each question; what is found before is safe in any case."""
UNTYING = 8.0
"""The same, to look for what options tell together: what is not proven safe by then is hidden."""
OPTIONS_MOST = 6
"""The options compared by group: those that most ballots are for."""
OPTION, FOR, NOT_FOR = "option", "for", "not"
REST = "\N{HORIZONTAL ELLIPSIS}"
"""The groups that are not shown, gathered."""


def variables(step: Step, sheets: Sequence[Sheet]) -> dict[str, tuple[list[str], NDArray[np.int64]]]:
    """By variable: its categories, and the place of each ballot's category. ``channel`` first."""
    found = {CHANNEL: _coded([sheet.channel for sheet in sheets])}
    texts, place = _coded(
        [ON_PAPER if sheet.channel == Channel.PAPER and not sheet.about else sheet.about for sheet in sheets]
    )
    answers = [_answers(text) for text in texts]
    for kind in sorted({name for answer in answers for name in answer}):
        said = [
            ON_PAPER if text == ON_PAPER else str(answer.get(kind, NOT_SAID))
            for text, answer in zip(texts, answers, strict=True)
        ]
        found[kind] = _through(said, place)
    return found


def _answers(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text) if text else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _coded(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    names: dict[str, int] = {name: place for place, name in enumerate(sorted(set(texts)))}
    return list(names), np.fromiter((names[text] for text in texts), dtype=np.int64, count=len(texts))


def _through(said: Sequence[str], place: NDArray[np.int64]) -> tuple[list[str], NDArray[np.int64]]:
    """Categories of texts that several ballots share, given to each ballot."""
    names, codes = _coded(said)
    return names, codes[place]


@dataclass(frozen=True)
class Former:
    """What was already told of the same ballots: shown again, and hidden again. Two choices of what to hide, each safe,
    give back together what each of them hides."""

    who: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Any] = field(default_factory=dict)
    there: bool = False

    def cells_of(self, name: str) -> tuple[list[Cell], list[Cell]]:
        """``(published, withheld)`` of the table of who took part."""
        rows = self.who.get(name, [])
        return tuple([Cell(((name, code),)) for code, n in rows if (n is None) == hidden] for hidden in (False, True))  # type: ignore[return-value]

    def share(self, name: str, group: str, option: int) -> bool | None:
        """Whether this share was shown; None where it was not told of at all."""
        table = self.groups.get(name)
        if table is None or group not in table["groups"] or option not in table["options"]:
            return None
        return table["shares"][table["groups"].index(group)][table["options"].index(option)] is not None


def former_of(step: Step, ballots: int) -> Former:
    """The count that everyone has read, where results are published; else one of the very same ballots."""
    told = Q(step__consultation__state=Consultation.State.PUBLISHED) | Q(ballots=ballots)
    found = Result.objects.filter(told, step=step, withheld=False, computed_at__isnull=False)
    row = found.values_list("who", "data").first()
    return Former() if row is None else Former(row[0], row[1].get("groups", {}), True)


def who(step: Step, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """How many ballots by channel and by answer: ``{variable: [[category, count or None], …]}``; None is withheld."""
    return _who(step, variables(step, sheets), former_of(step, len(sheets)))


def _who(
    step: Step, answers: Mapping[str, tuple[list[str], NDArray[np.int64]]], former: Former
) -> dict[str, Any]:  # fmt: skip
    threshold = step.consultation.threshold
    found: dict[str, Any] = {}
    for name, (categories, codes) in answers.items():
        counts = np.bincount(codes, minlength=len(categories))
        table = CountTable((name,), (tuple(categories),), counts)
        same = [Cell(((name, ON_PAPER),))] if ON_PAPER in categories else []
        there = {Cell(((name, category),)) for category in categories}
        told, untold = ([cell for cell in cells if cell in there] for cells in former.cells_of(name))
        if dict(found.get(CHANNEL, [])).get(Channel.PAPER) is None:
            shown = _shown([table], threshold, published=told, withheld=[*untold, *same])
        else:
            shown = _shown([table], threshold, published=[*told, *same], withheld=untold)
        if shown is not None:
            found[name] = [
                [category, shown.of[Cell(((name, category),))].shown] for category in categories
            ]  # fmt: skip
    return found


def _shown(
    tables: Sequence[CountTable],
    threshold: int,
    *,
    published: Sequence[Cell] = (),
    withheld: Sequence[Cell] = (),
) -> Protection | None:
    """The tables protected, the total being published; None where there is no safe way."""
    try:
        return protect(
            tables, threshold, hide_unanimous=True, published=[Cell(), *published], withheld=withheld, seconds=SECONDS
        )
    except CannotProtect:
        return None


def by_group(step: Step, sheets: Sequence[Sheet], for_it: NDArray[np.bool_], numbers: Sequence[int]) -> dict[str, Any]:
    """The share of each group that is for each option: ``{variable: {"groups": […], "options": […], "shares": …}}``.

    ``shares[group][option]``: a whole percentage, None where it is withheld. What :func:`who` withholds is withheld
    here, and what it shows counts as known to everyone, as do the totals of each option. So are the ballots: options
    are left out, the last first, until nothing shown says of a few ballots which group they are of.
    """
    threshold, total = step.consultation.threshold, len(sheets)
    sums = for_it.sum(axis=0)
    order = sorted(range(len(numbers)), key=lambda place: -int(sums[place]))
    kept = [place for place in order if threshold <= int(sums[place]) <= total - threshold][:OPTIONS_MOST]
    former = former_of(step, total)
    if former.there:
        told = {number for table in former.groups.values() for number in table["options"]}
        kept = [place for place in kept if numbers[place] in told]
    if not kept:
        return {}
    found: dict[str, Any] = {}
    answers = variables(step, sheets)
    paper: list[bool] = []
    first = _who(step, answers, former)
    for name, (categories, codes) in answers.items():
        if name not in first or len(categories) < 2:
            continue
        options = [numbers[place] for place in kept]
        variable = _Variable(name, categories, codes, for_it[:, kept], first[name], options)
        table = _of_variable(variable, threshold, paper, former)
        if name == CHANNEL and Channel.PAPER in categories:
            shares = {} if table is None else dict(zip(table["groups"], table["shares"], strict=True))
            paper = [share is not None for share in shares.get(Channel.PAPER, [None] * len(kept))]
        if table is not None:
            found[name] = {"options": options, **table}
    return found


@dataclass(frozen=True)
class _Variable:
    """What is asked of a table by group: the place of each ballot's category, and which options it is for."""

    name: str
    categories: Sequence[str]
    codes: NDArray[np.int64]
    for_it: NDArray[np.bool_]
    shown: Sequence[Sequence[Any]]
    """What :func:`who` tells of the categories."""
    options: Sequence[int]


def _of_variable(
    variable: _Variable, threshold: int, paper: Sequence[bool], former: Former
) -> dict[str, Any] | None:  # fmt: skip
    """Each option apart, with every margin known; then all of them together, beside the published ballots.

    Margins are all known once the groups that :func:`who` hides, and whoever said nothing, are one group: everyone
    knows its size by subtraction. It is protected as the others are, and not shown. Nor are ballots on paper, a group
    of the table of channels: what that one shows of them (``paper``, an option each) is known here too.
    """
    name, categories, codes, for_it = variable.name, variable.categories, variable.codes, variable.for_it
    before = former.groups.get(name)
    if former.there and before is None:
        return None
    kept = [
        place
        for place, (category, count) in enumerate(variable.shown)
        if count is not None and category not in {NOT_SAID, ON_PAPER}
        and (before is None or category in before["groups"])
    ]  # fmt: skip
    if len(kept) < 2:
        return None
    rest = len(kept)
    merged = np.full(len(categories), rest)
    merged[kept] = np.arange(rest)
    if any(category == ON_PAPER and count is not None for category, count in variable.shown):
        merged[categories.index(ON_PAPER)] = rest + 1
    everyone = np.bincount(merged[codes], minlength=rest + 2)
    names = [*(categories[place] for place in kept), REST, ON_PAPER]
    there = [place for place in range(rest + 2) if place < rest or everyone[place]]
    groups = tuple(names[place] for place in there)
    counts: list[list[int | None]] = [[] for _group in names]
    for column in range(for_it.shape[1]):
        favourable = np.bincount(merged[codes[for_it[:, column]]], minlength=rest + 2)
        table = CountTable(
            (name, OPTION), (groups, (FOR, NOT_FOR)), np.stack([favourable, everyone - favourable], axis=1)[there]
        )
        published = [Cell(((name, group),)) for group in groups] + [Cell(((OPTION, side),)) for side in (FOR, NOT_FOR)]
        withheld: list[Cell] = []
        for group in groups:
            was = former.share(name, group, variable.options[column])
            if group == ON_PAPER:
                was = bool(paper) and paper[column]
            if was is not None:
                cells = [Cell(((name, group), (OPTION, side))) for side in (FOR, NOT_FOR)]
                (published if was else withheld).extend(cells)
        protection = _shown([table], threshold, published=published, withheld=withheld)
        for place, group in enumerate(names):
            cell = Cell(((name, group), (OPTION, FOR)))
            counts[place].append(None if protection is None or group not in groups else protection.of[cell].shown)
    _untie(counts, merged[codes], for_it, threshold)
    shares = [
        [None if count is None else round(100 * count / int(everyone[place])) for count in counts[place]]
        for place in range(rest)
    ]
    return {"groups": names[:rest], "shares": shares}


def _untie(
    counts: list[list[int | None]], group_of: NDArray[np.int64], for_it: NDArray[np.bool_], threshold: int
) -> None:
    """Hide whole options, the last first, until what is left ties no ballot to a group."""
    bits = 1 << np.arange(for_it.shape[1])
    kinds, kind_of = np.unique(for_it @ bits, return_inverse=True)
    truth = np.zeros((len(counts), len(kinds)), dtype=np.int64)
    np.add.at(truth, (group_of, kind_of), 1)
    end = time.monotonic() + UNTYING
    for last in range(for_it.shape[1] - 1, -1, -1):
        shown = {
            (group, option): count
            for group, row in enumerate(counts) for option, count in enumerate(row) if count is not None
        }  # fmt: skip
        publication = Publication(kinds[:, None] & bits > 0, truth, shown)
        if not shown or not ties_ballots(publication, threshold, seconds=end - time.monotonic()):
            return
        for row in counts:
            row[last] = None
