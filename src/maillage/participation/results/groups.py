"""Who took part, and what groups say, as tables from which nobody under the threshold can be deduced.

Answers « about you » and channels are counted together with « nothing said », so that the tables of a step have the
same total, which is published. Paper asks nothing « about you »: its ballots are a category of their own in each table,
the same in all, since a few people on line who said nothing would be given away by the difference of two tables.
``maillage.methods.disclosure`` withholds small counts and what gives them back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.methods.disclosure.protect import Protection, protect
from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable
from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Sheet
from maillage.participation.vocabulary import Channel

NOT_SAID = ""
ON_PAPER = "(paper)"
"""Of a question « about you »: ballots that do not ask it. No choice has this code."""
CHANNEL = "channel"
SECONDS = 1.0
"""Time to look for the fewest cells to hide, for each question; what is found before is safe in any case."""
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


def who(step: Step, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """How many ballots by channel and by answer: ``{variable: [[category, count or None], …]}``; None is withheld."""
    return _who(step, variables(step, sheets))


def _who(step: Step, answers: Mapping[str, tuple[list[str], NDArray[np.int64]]]) -> dict[str, Any]:
    threshold = step.consultation.threshold
    found: dict[str, Any] = {}
    for name, (categories, codes) in answers.items():
        counts = np.bincount(codes, minlength=len(categories))
        table = CountTable((name,), (tuple(categories),), counts)
        same = [Cell(((name, ON_PAPER),))] if ON_PAPER in categories else []
        if dict(found.get(CHANNEL, [])).get(Channel.PAPER) is None:
            shown = _shown([table], threshold, withheld=same)
        else:
            shown = _shown([table], threshold, published=same)
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
    here, and what it shows counts as known to everyone, as do the totals of each option.
    """
    threshold, total = step.consultation.threshold, len(sheets)
    sums = for_it.sum(axis=0)
    order = sorted(range(len(numbers)), key=lambda place: -int(sums[place]))
    kept = [place for place in order if threshold <= int(sums[place]) <= total - threshold][:OPTIONS_MOST]
    if not kept:
        return {}
    found: dict[str, Any] = {}
    answers = variables(step, sheets)
    paper: list[bool] = []
    first = _who(step, answers)
    for name, (categories, codes) in answers.items():
        if name not in first or len(categories) < 2:
            continue
        table = _of_variable(name, categories, codes, for_it[:, kept], first[name], threshold, paper)
        if name == CHANNEL and Channel.PAPER in categories:
            told = {} if table is None else dict(zip(table["groups"], table["shares"], strict=True))
            paper = [share is not None for share in told.get(Channel.PAPER, [None] * len(kept))]
        if table is not None:
            found[name] = {"options": [numbers[place] for place in kept], **table}
    return found


def _of_variable(
    name: str,
    categories: Sequence[str],
    codes: NDArray[np.int64],
    for_it: NDArray[np.bool_],
    shown: Sequence[Sequence[Any]],
    threshold: int,
    paper: Sequence[bool],
) -> dict[str, Any] | None:
    """Each option apart: with every margin known, what is said of one option tells nothing more of another.

    Margins are all known once the groups that :func:`who` hides, and whoever said nothing, are one group: everyone
    knows its size by subtraction. It is protected as the others are, and not shown. Nor are ballots on paper, a group
    of the table of channels: what that one shows of them (``paper``, an option each) is known here too.
    """
    kept = [
        place
        for place, (category, count) in enumerate(shown)
        if count is not None and category not in {NOT_SAID, ON_PAPER}
    ]
    if len(kept) < 2:
        return None
    rest = len(kept)
    merged = np.full(len(categories), rest)
    merged[kept] = np.arange(rest)
    if ON_PAPER in categories:
        merged[categories.index(ON_PAPER)] = rest + 1
    everyone = np.bincount(merged[codes], minlength=rest + 2)
    names = [*(categories[place] for place in kept), REST, ON_PAPER]
    there = [place for place in range(rest + 2) if place < rest or everyone[place]]
    groups = tuple(names[place] for place in there)
    rows: list[list[int | None]] = [[] for _group in kept]
    for column in range(for_it.shape[1]):
        favourable = np.bincount(merged[codes[for_it[:, column]]], minlength=rest + 2)
        counts = np.stack([favourable, everyone - favourable], axis=1)[there]
        table = CountTable((name, OPTION), (groups, (FOR, NOT_FOR)), counts)
        known = [Cell(((name, group),)) for group in groups] + [Cell(((OPTION, side),)) for side in (FOR, NOT_FOR)]
        same = [Cell(((name, ON_PAPER), (OPTION, side))) for side in (FOR, NOT_FOR)] if ON_PAPER in groups else []
        if same and paper[column]:
            protection = _shown([table], threshold, published=[*known, *same])
        else:
            protection = _shown([table], threshold, published=known, withheld=same)
        for place in range(rest):
            cell = None
            if protection is not None:
                cell = protection.of[Cell(((name, names[place]), (OPTION, FOR)))].shown
            rows[place].append(None if cell is None else round(100 * cell / int(everyone[place])))
    return {"groups": names[:rest], "shares": rows}
