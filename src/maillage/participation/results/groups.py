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
OPTIONS_MOST = 8
"""The options compared by group: those that most ballots are for."""
FOR, NOT_FOR = "for", "not"


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
    size = len(categories)
    everyone = np.bincount(codes, minlength=size)
    tables, known = [], [Cell(((name, category),)) for category, count in shown if count is not None]
    hidden = [Cell(((name, category),)) for category, count in shown if count is None]
    for column in range(for_it.shape[1]):
        favourable = np.bincount(codes[for_it[:, column]], minlength=size)
        counts = np.stack([favourable, everyone - favourable], axis=1)
        option = f"option {column}"
        tables.append(CountTable((name, option), (tuple(categories), (FOR, NOT_FOR)), counts))
        known += [Cell(((option, FOR),)), Cell(((option, NOT_FOR),))]
    protection = _shown(tables, threshold, published=known, withheld=hidden)
    if protection is None:
        return None
    rows, kept = [], []
    for place, category in enumerate(categories):
        if protection.of[Cell(((name, category),))].shown is None or category == NOT_SAID:
            continue
        cells = [
            protection.of[Cell(((name, category), (f"option {column}", FOR)))].shown for column in range(len(tables))
        ]
        kept.append(category)
        rows.append([None if cell is None else round(100 * cell / int(everyone[place])) for cell in cells])
    if len(kept) < 2:
        return None
    return {"groups": kept, "shares": rows}
