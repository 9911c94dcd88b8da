"""How answers fall on an ordered scale, those who did not answer kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Distribution:
    levels: tuple[str, ...]
    """From the lowest to the highest."""
    counts: tuple[int, ...]
    missing: int = 0
    """Asked, and no answer: in no figure."""

    @property
    def answers(self) -> int:
        return sum(self.counts)


def ordinal_distribution(answers: Sequence[str | None] | NDArray[np.integer], levels: Sequence[str]) -> Distribution:
    """Count answers by level. ``None`` (or -1 in an array of places in ``levels``) is missing.

    Errors: ``ValueError`` for fewer than two levels, a level named twice, or an answer that is no level.
    """
    if len(levels) < 2 or len(set(levels)) < len(levels):
        raise ValueError("A scale has at least two levels, each with its own name.")
    if isinstance(answers, np.ndarray):
        if answers.size and not (answers.min() >= -1 and answers.max() < len(levels)):
            raise ValueError("An answer is no level of the scale.")
        found = np.bincount(answers.astype(np.int64) + 1, minlength=len(levels) + 1)
        return Distribution(tuple(levels), tuple(int(count) for count in found[1:]), int(found[0]))
    counted = Counter(answers)
    missing = counted.pop(None, 0)
    if not set(counted) <= set(levels):
        raise ValueError("An answer is no level of the scale.")
    return Distribution(tuple(levels), tuple(counted[level] for level in levels), missing)
