"""Agreement around one level, or division between two: van der Eijk's A."""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_LEVELS = 60


def agreement(counts: ArrayLike) -> NDArray[np.float64]:
    """1: one level for all; 0: every level as often; -1: half at each end.

    ``counts``: ``(…, levels)``, 3 to 60 levels and one answer in each row; gives ``(…)``. The distribution is cut in
    layers: what all the levels of a set have in common. Each layer is a pattern of full and empty levels whose A is
    known (:func:`_pattern`); A is their mean, weighted by the answers in each. Sorting the counts gives the layers of
    all rows at once: the layer ``j`` is what the levels after the ``j`` least chosen have above the one before. (The
    plain version, which takes layers off one by one in fractions, is in the tests.) Error: ``ValueError``.
    Source: van der Eijk, « Measuring agreement in ordered rating scales », *Quality and Quantity* 35(3), 2001.
    """
    found = np.asarray(counts, dtype=np.float64)
    if found.ndim < 1 or not 3 <= found.shape[-1] <= MOST_LEVELS or (found < 0).any() or not found.any(axis=-1).all():
        raise ValueError("Agreement needs 3 to 60 levels, and one answer.")
    levels = found.shape[-1]
    order = np.argsort(found, axis=-1, kind="stable")
    heights = np.diff(np.take_along_axis(found, order, axis=-1), axis=-1, prepend=0.0)
    # Which levels each layer fills, as bits: those that come after it in the order.
    masks = np.cumsum((np.int64(1) << order)[..., ::-1], axis=-1)[..., ::-1]
    different, which = np.unique(masks, return_inverse=True)
    known = np.array([_pattern(int(mask), levels) for mask in different])[which].reshape(masks.shape)
    weights = heights * np.arange(levels, 0, -1)
    return (weights * known).sum(axis=-1) / found.sum(axis=-1)


@cache
def _pattern(mask: int, levels: int) -> float:
    """A of a layer. Triples of two full levels and an empty one tell a single peak (110, 011) from two (101)."""
    filled = [bool(mask >> place & 1) for place in range(levels)]
    count = sum(filled)
    if count in (1, levels):
        return 1.0 if count == 1 else 0.0
    one_peak = two_peaks = before = 0
    for full in filled:
        before += full
        if not full:
            after = count - before
            two_peaks += before * after
            one_peak += comb(before, 2) + comb(after, 2)
    unimodal = ((levels - 2) * one_peak - (levels - 1) * two_peaks) / ((levels - 2) * (one_peak + two_peaks))
    return unimodal * (1 - (count - 1) / (levels - 1))
