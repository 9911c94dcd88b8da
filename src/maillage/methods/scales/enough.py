"""Too few answers: a result, not a number."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentences as ngettext

THRESHOLD = 5
"""Fewer answers than this give no figure: it would say little, and could point at someone."""


@dataclass(frozen=True)
class NotEnough:
    """Given in place of figures. It does not hold the number of answers, which could point at someone."""

    threshold: int = THRESHOLD

    @property
    def words(self) -> Sentence:
        return ngettext(
            "Not enough answers: at least %(count)s is needed.",
            "Not enough answers: at least %(count)s are needed.",
            self.threshold,
        )
