"""Two readings of the same texts with the same codes, compared text by text."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def by_text(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """For each text: how many codes differ, how many are put by the two together; then how many codes there are."""
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if one.shape != two.shape or one.ndim != 2 or not one.size:
        raise ValueError("Two readings of the same texts with the same codes are needed.")
    return (one != two).sum(axis=1), one.sum(axis=1) + two.sum(axis=1), one.shape[1]


def alpha_of(apart: NDArray[np.int64], ones: NDArray[np.int64], units: int) -> NDArray[np.float64]:
    """Alpha of each draw, from how many codes differ, are put, and units; not a number where all agree."""
    values = 2 * units
    seen = apart / units
    chance = 2.0 * ones * (values - ones) / (values * (values - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance > 0, 1 - seen / chance, np.nan)
