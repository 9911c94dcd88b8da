"""What several parts of a reading use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT = 1.2816
"""One-sided 90 %: the z above which a proportion counts as more than chance."""
MOST = 5
"""Statements that are shown, for a group or for a side."""


def natural(name: str) -> tuple[int, int, str]:
    """Ids in the order people read: 2 before 10, numbers before words."""
    return (0, int(name), name) if name.isascii() and name.isdigit() and len(name) < 19 else (1, 0, name)


def z_half(took: NDArray[np.int64], of: NDArray[np.int64]) -> NDArray[np.float64]:
    """One-sided test that a proportion is more than half, 1 added to both counts: 2 √(n + 1) ((k + 1)/(n + 1) − ½)."""
    z: NDArray[np.float64] = 2 * np.sqrt(of + 1) * ((took + 1) / (of + 1) - 0.5)
    return z
