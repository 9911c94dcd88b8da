"""Statements that say the same: proposed to whoever moderates, never decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from maillage.participation.opinions.models import Statement
from maillage.participation.reading import folded

ALIKE = 78.0
"""Of 100: measured on words in any order, without accents nor capitals."""
MOST = 3


@dataclass(frozen=True)
class Alike:
    statement: Statement
    score: int
    """Of 100."""


def alike(statement: Statement, others: Sequence[Statement]) -> list[Alike]:
    """The nearest of ``others``, nearest first; none below ``ALIKE``."""
    found = process.extract(
        folded(statement.text), [_folded(one) for one in others], scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE,
        limit=MOST + 1,
    )  # fmt: skip
    near = [Alike(others[place], round(score)) for _text, score, place in found if others[place].pk != statement.pk]
    return near[:MOST]


def _folded(one: Statement) -> str:
    """Kept on the row: each of a page is compared with the same ones."""
    if "_folded" not in one.__dict__:
        one.__dict__["_folded"] = folded(one.text)
    return str(one.__dict__["_folded"])
