"""How close answers are on an ordered scale: Tastle and Wierman's consensus."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def consensus(counts: ArrayLike) -> NDArray[np.float64]:
    """``1 + Σ pᵢ log₂(1 − |i − μ| / width)``: 1 where all gave one level, 0 where half chose each end.

    ``counts``: ``(…, levels)``, at least two levels and one answer in each row; gives ``(…)``. Levels are taken as
    equally apart. Error: ``ValueError``. Source: Tastle and Wierman, « Consensus and dissention: A measure of ordinal
    dispersion », *International Journal of Approximate Reasoning* 45(3), 2007.
    """
    found = np.asarray(counts, dtype=np.float64)
    if found.ndim < 1 or found.shape[-1] < 2 or (found < 0).any() or not (found.sum(axis=-1) > 0).all():
        raise ValueError("Consensus needs at least two levels, and one answer.")
    parts = found / found.sum(axis=-1, keepdims=True)
    places = np.arange(found.shape[-1])
    mean = parts @ places
    near = 1 - np.abs(places - mean[..., None]) / (found.shape[-1] - 1)
    # A level that nobody chose counts for nothing, at whatever distance.
    terms = parts * np.log2(np.where(parts > 0, near, 1.0))
    return np.clip(1 + terms.sum(axis=-1), 0.0, 1.0)
