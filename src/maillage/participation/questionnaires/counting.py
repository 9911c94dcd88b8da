"""Counts of a questionnaire, from which nobody can be deduced.

For each question, everyone who sent a ballot is in one category: an answer, none, or not asked. The total is published.
``maillage.methods.disclosure`` withholds small counts and what would give them back. A question that depends on another
is shown only where the answers it depends on are: its size would tell what is hidden there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median, quantiles
from typing import Any

import numpy as np

from maillage.methods.disclosure.protect import protect
from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable
from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Sheet
from maillage.participation.questionnaires import structure
from maillage.participation.questionnaires.models import Question
from maillage.participation.questionnaires.sheet import answers_in

K = Question.Kind
NONE, NOT_ASKED, SAID = "none", "not asked", "said"
SECONDS = 1.0
SPREAD_TIMES = 2
"""Quartiles are shown from twice the threshold: under it, each would nearly be somebody's own number."""


def count(step: Step, sheets: Iterable[Sheet]) -> dict[str, Any]:
    """The aggregates of a step, ready to be kept as JSON; what is withheld is not in them at all."""
    everyone = [answers_in(sheet.content) for sheet in sheets]
    questions = structure.questions_of(step)
    told: dict[str, Any] = {}
    for question in questions:
        told[structure.key_of(question)] = _count_one(step, question, questions, everyone, told)
    return {"ballots": len(everyone), "blank": sum(not one for one in everyone), "questions": told}


def _count_one(
    step: Step, question: Question, questions: Sequence[Question], everyone: Sequence[Mapping[str, Any]],
    told: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    by_id = {one.pk: one for one in questions}
    key, threshold = structure.key_of(question), step.consultation.threshold
    inside = [one for one in everyone if structure.is_asked(question, by_id, one)]
    away = len(everyone) - len(inside)
    withheld = {"kind": question.kind, "withheld": True}
    parent = by_id.get(question.depends_on_id) if question.depends_on_id else None
    if parent is not None:
        shown = told[structure.key_of(parent)].get("counts") or {}
        if any(shown.get(code) is None for code in question.depends_in):
            return withheld
        if parent.kind == K.SEVERAL and _parts_are_small(parent, question, everyone, threshold):
            return withheld
    if question.kind == K.SEVERAL:
        return _several(question, inside, away, threshold) or withheld
    values = [one.get(key) for one in inside]
    codes = structure.codes_of(question) if question.kind in structure.CLOSED else [SAID]
    cells = dict.fromkeys([*codes, NONE], 0)
    for value in values:
        place = SAID if value is not None and question.kind not in structure.CLOSED else value
        cells[place if place in cells else NONE] += 1
    shown_cells = _protected(cells, away, threshold, known=parent is not None)
    if shown_cells is None:
        return withheld
    if parent is not None and question.kind in structure.CLOSED and len(inside) in [cells[code] for code in codes]:
        # All answered alike: of whoever is known to have been asked, the answer would be known.
        return withheld
    if question.kind in structure.CLOSED:
        return {"kind": question.kind, "counts": shown_cells, "asked": len(inside)}
    size = shown_cells[SAID]
    if not size:
        return withheld if size is None else {"kind": question.kind, "n": 0}
    found: dict[str, Any] = {"kind": question.kind, "n": size, "asked": len(inside)}
    if question.kind == K.NUMBER:
        numbers = [int(value) for value in values if isinstance(value, int)]
        found["median"] = median(numbers)
        if len(numbers) >= SPREAD_TIMES * threshold:
            low, _middle, high = quantiles(numbers, n=4, method="inclusive")
            found["quartiles"] = [low, high]
    return found


def _parts_are_small(
    parent: Question, question: Question, everyone: Sequence[Mapping[str, Any]], threshold: int
) -> bool:
    """Several choices of the parent open the question: how many were asked, less how many ticked each choice, gives how
    many ticked one without the other."""
    opening, key = set(question.depends_in), structure.key_of(parent)
    parts = Counter(frozenset(opening.intersection(structure.chosen(one.get(key)))) for one in everyone)
    return any(size < threshold for size in parts.values())


def _protected(cells: Mapping[str, int], away: int, threshold: int, *, known: bool) -> dict[str, int | None] | None:
    """The counts with None where one is withheld; None where there is no safe way.

    ``away``: how many were not asked, that anyone computes from the question it depends on (``known``).
    """
    counts = {**cells, NOT_ASKED: away} if known else dict(cells)
    published = [Cell(), *([Cell((("answer", NOT_ASKED),))] if known else [])]
    table = CountTable(("answer",), (tuple(counts),), np.array(list(counts.values()), dtype=np.int64))
    try:
        found = protect([table], threshold, published=published, seconds=SECONDS)
    except CannotProtect:
        return None
    return {code: found.of[Cell((("answer", code),))].shown for code in cells}


def _several(
    question: Question, inside: Sequence[Mapping[str, Any]], away: int, threshold: int
) -> dict[str, Any] | None:
    """Each choice on its own: ticked or not, among those who were asked."""
    key = structure.key_of(question)
    if away and away < threshold:
        return None
    counts: dict[str, int | None] = {}
    for code in structure.codes_of(question):
        ticked = sum(code in structure.chosen(one.get(key)) for one in inside)
        shown = _protected({code: ticked, NONE: len(inside) - ticked}, away, threshold, known=bool(away))
        counts[code] = None if shown is None or (away and ticked == len(inside)) else shown[code]
    if inside and len(inside) < threshold:
        return None
    return {"kind": question.kind, "counts": counts, "asked": len(inside)}
