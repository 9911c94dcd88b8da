"""What changes between two moments when the same question is asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.scales.bootstrap import Statistic
from maillage.methods.scales.enough import THRESHOLD, NotEnough
from maillage.methods.scales.interval import Interval
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


@dataclass(frozen=True)
class Change:
    before: float
    after: float
    difference: float
    """``after - before``."""
    between: Interval
    """Of the difference."""

    @property
    def words(self) -> Sentence:
        """What may be said: nothing where the interval holds 0."""
        if self.between.low > 0:
            return _("The figure went up, more than chance in who answered would explain.")
        if self.between.high < 0:
            return _("The figure went down, more than chance in who answered would explain.")
        return _("Nothing shows that the figure changed: the difference may come from who answered.")


def change_between(
    before: Sequence[int],
    after: Sequence[int],
    statistic: Statistic,
    *,
    seed: int,
    pairs: Sequence[Sequence[int]] | None = None,
    threshold: int = THRESHOLD,
    confidence: float = 0.95,
    resamples: int = 5_000,
) -> Change | NotEnough:
    """The difference of a figure between two sets of answers on one scale, with its bootstrap interval (percentile).

    Answers are taken as those of different people, which is what anonymous ones must be. Where the same people are
    followed, ``pairs[i][j]`` counts those who went from level ``i`` to ``j``: the interval is then narrower; ``before``
    and ``after`` must be its margins. Errors: ``ValueError`` for other margins or two lengths.
    """
    first, second = np.asarray(before, dtype=np.int64), np.asarray(after, dtype=np.int64)
    if first.shape != second.shape:
        raise ValueError("Both moments need the same scale.")
    if min(first.sum(), second.sum()) < max(threshold, 1):
        return NotEnough(threshold)
    draw = np.random.default_rng(seed)
    if pairs is None:
        drawn = [draw.multinomial(int(part.sum()), part / part.sum(), size=resamples) for part in (first, second)]
    else:
        drawn = _drawn_pairs(np.asarray(pairs, dtype=np.int64), first, second, draw, resamples)
    gaps = statistic(drawn[1].astype(np.float64)) - statistic(drawn[0].astype(np.float64))
    low, high = np.quantile(gaps, ((1 - confidence) / 2, (1 + confidence) / 2))
    here, there = (float(statistic(part[None, :].astype(np.float64))[0]) for part in (first, second))
    return Change(here, there, there - here, Interval(float(low), float(high), confidence))


def _drawn_pairs(
    table: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    draw: np.random.Generator,
    resamples: int,
) -> list[NDArray[np.int64]]:
    """People drawn again with both their answers: the margins of each drawn table."""
    if table.shape != first.shape * 2 or (table.sum(axis=1) != first).any() or (table.sum(axis=0) != second).any():
        raise ValueError("The pairs do not have these margins.")
    drawn = draw.multinomial(int(table.sum()), table.ravel() / table.sum(), size=resamples)
    drawn = drawn.reshape(resamples, *table.shape)
    return [drawn.sum(axis=2), drawn.sum(axis=1)]
