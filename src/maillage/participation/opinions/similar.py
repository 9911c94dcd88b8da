"""Statements that say the same: proposed to whoever moderates, never decided here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from maillage.core.text import fold
from maillage.participation.opinions.models import Statement

WORDS = re.compile(r"\w+")
ALIKE = 78.0
"""Of 100: measured on words in any order, without accents nor capitals."""
MOST = 3


@dataclass(frozen=True)
class Alike:
    statement: Statement
    score: int
    """Of 100."""


def folded(text: str) -> str:
    """By which two texts are the same but for capitals, accents, punctuation and spaces."""
    return " ".join(WORDS.findall(fold(text)))


def alike(statement: Statement, others: Sequence[Statement]) -> list[Alike]:
    """The nearest of ``others``, nearest first; none below ``ALIKE``."""
    pool = {place: folded(one.text) for place, one in enumerate(others) if one.pk != statement.pk}
    found = process.extract(folded(statement.text), pool, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=MOST)
    return [Alike(others[place], round(score)) for _text, score, place in found]
