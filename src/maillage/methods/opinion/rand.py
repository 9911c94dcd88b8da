"""How alike two groupings of the same people are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    """The adjusted Rand index of two labellings ``(n,)``: 1 the same groups, about 0 no more alike than by chance.

    Counted on pairs of people, with whole numbers until the last division (Hubert and Arabie 1985). 1 where both put
    everybody together, or everybody apart. Errors: ``ValueError`` where they have not the same length.
    """
    first, second = (np.unique(np.asarray(labels), return_inverse=True)[1].reshape(-1) for labels in (one, other))
    if len(first) != len(second):
        raise ValueError("Two labellings of the same people have the same length.")
    together = _pairs(np.bincount(first * (int(second.max(initial=0)) + 1) + second))
    in_first, in_second = _pairs(np.bincount(first)), _pairs(np.bincount(second))
    every = len(first) * (len(first) - 1) // 2
    # (together − a·b/every) / ((a + b)/2 − a·b/every), times 2·every above and below.
    below = (in_first + in_second) * every - 2 * in_first * in_second
    return 1.0 if below == 0 else 2 * (together * every - in_first * in_second) / below


def _pairs(sizes: np.ndarray) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.tolist())
