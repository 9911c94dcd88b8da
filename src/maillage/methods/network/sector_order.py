"""In which order sectors stand around the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.network import Network

_ALL_TRIED_UP_TO = 8


def sector_order(network: Network, wished: Sequence[str] | None = None) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Sectors of the network in their order around the circle, and the place of each actor's, ``(n,)``.

    ``wished`` sectors come first, in that order; the others follow in alphabetical order. Without ``wished``, the sum
    over ties of the steps between their two sectors is the least (every order is tried up to 8 sectors; beyond, sectors
    are exchanged two by two until nothing is gained). Actors of an unknown sector come last, together.
    """
    groups = network.graph.groups("sector")
    unknown = bool((groups.of < 0).any())
    count = len(groups.names)
    if wished is not None:
        first = {name: i for i, name in reversed(list(enumerate(wished)))}
        order = sorted(range(count), key=lambda i: (first.get(groups.names[i], len(first)), groups.names[i]))
    else:
        order = _shortest(_ties(network.graph.ends, groups.of, count))
    place = np.empty(count + 1, dtype=np.int64)
    place[order] = np.arange(count)
    place[count] = count
    return (*(groups.names[i] for i in order), *([""] if unknown else [])), place[groups.of]


def _ties(ends: NDArray[np.int64], of: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Ties between every two sectors, ``(count, count)``, symmetric; none of a sector with itself."""
    pairs = of[ends].reshape(-1, 2)
    pairs = pairs[(pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])]
    ties = np.bincount(pairs[:, 0].astype(np.int64) * count + pairs[:, 1], minlength=count * count)
    square = ties.reshape(count, count)
    return square + square.T


def _shortest(ties: NDArray[np.int64]) -> list[int]:
    count = len(ties)
    if count < 4:
        return list(range(count))
    if count <= _ALL_TRIED_UP_TO:
        # The first sector stays first; an order and its mirror have one length, and the first of them is taken.
        tried = np.array([(0, *rest) for rest in permutations(range(1, count))])
        lengths = sum(
            ties[tried[:, i], tried[:, j]] * min(j - i, count - j + i)
            for i in range(count)
            for j in range(i + 1, count)
        )
        best: list[int] = tried[int(np.argmin(lengths))].tolist()
        return best
    steps = np.abs(np.arange(count)[:, None] - np.arange(count))
    steps = np.minimum(steps, count - steps)
    order = np.arange(count)
    while True:
        # What every exchange would add: whole numbers, so that equal gains are equal, and the first of them is taken.
        placed = ties[np.ix_(order, order)]
        product = steps @ placed
        own = np.diag(product)
        added = product + product.T - own[:, None] - own + 2 * placed * steps
        i, j = np.unravel_index(int(np.argmin(added)), added.shape)
        if added[i, j] >= 0:
            break
        order[i], order[j] = order[j], order[i]
    found: list[int] = order.tolist()
    return found
