"""Who took part, and what groups say, as tables from which nobody under the threshold can be deduced.

Answers « about you » and channels are counted together with « nothing said », so that the tables of a step have the
same total, which is published. ``maillage.methods.disclosure`` withholds small counts and what gives them back.
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

NOT_SAID = ""
CHANNEL = "channel"
SECONDS = 1.0
"""Time to look for the fewest cells to hide, for each question; what is found before is safe in any case."""
OPTIONS_MOST = 6
"""The options compared by group: those that most ballots are for."""
OPTION, FOR, NOT_FOR = "option", "for", "not"
REST = "\N{HORIZONTAL ELLIPSIS}"
"""The groups that are not shown, gathered."""


def variables(step: Step, sheets: Sequence[Sheet]) -> dict[str, tuple[list[str], NDArray[np.int64]]]:
    """By variable: its categories, and the place of each ballot's category. ``channel`` first.

    A question with several answers gives one variable an answer: ``situation:parent``, yes or not said.
    """
    found = {CHANNEL: _coded([sheet.channel for sheet in sheets])}
    texts, place = _coded([sheet.about for sheet in sheets])
    answers = [_answers(text) for text in texts]
    for kind in sorted({name for answer in answers for name in answer}):
        values = [answer.get(kind, NOT_SAID) for answer in answers]
        if any(isinstance(value, list) for value in values):
            for choice in sorted({one for value in values if isinstance(value, list) for one in value}):
                said = [choice if isinstance(value, list) and choice in value else NOT_SAID for value in values]
                found[f"{kind}:{choice}"] = _through(said, place)
        else:
            found[kind] = _through([str(value) for value in values], place)
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
    threshold = step.consultation.threshold
    found: dict[str, Any] = {}
    for name, (categories, codes) in variables(step, sheets).items():
        if categories == [NOT_SAID]:
            continue
        counts = np.bincount(codes, minlength=len(categories))
        shown = _shown([CountTable((name,), (tuple(categories),), counts)], threshold)
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
    first = who(step, sheets)
    for name, (categories, codes) in variables(step, sheets).items():
        if name not in first or len(categories) < 2:
            continue
        table = _of_variable(name, categories, codes, for_it[:, kept], first[name], threshold)
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
) -> Mapping[str, Any] | None:
    """Each option apart: with every margin known, what is said of one option tells nothing more of another.

    Margins are all known once the groups that :func:`who` hides, and whoever said nothing, are one group: everyone
    knows its size by subtraction. It is protected as the others are, and not shown.
    """
    kept = [place for place, (category, count) in enumerate(shown) if count is not None and category != NOT_SAID]
    if len(kept) < 2:
        return None
    rest = len(kept)
    merged = np.full(len(categories), rest)
    merged[kept] = np.arange(rest)
    names = [categories[place] for place in kept]
    everyone = np.bincount(merged[codes], minlength=rest + 1)
    if everyone[rest]:
        names.append(REST)
    size = len(names)
    rows: list[list[int | None]] = [[] for _group in kept]
    for column in range(for_it.shape[1]):
        favourable = np.bincount(merged[codes[for_it[:, column]]], minlength=size)[:size]
        counts = np.stack([favourable, everyone[:size] - favourable], axis=1)
        table = CountTable((name, OPTION), (tuple(names), (FOR, NOT_FOR)), counts)
        known = [Cell(((name, group),)) for group in names] + [Cell(((OPTION, side),)) for side in (FOR, NOT_FOR)]
        protection = _shown([table], threshold, published=known)
        for place in range(rest):
            cell = None
            if protection is not None:
                cell = protection.of[Cell(((name, names[place]), (OPTION, FOR)))].shown
            rows[place].append(None if cell is None else round(100 * cell / int(everyone[place])))
    return {"groups": names[:rest], "shares": rows}
