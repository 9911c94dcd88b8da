"""One walk in depth, from which cut points and bridges are both read (Hopcroft and Tarjan 1973)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.graph import Graph

if TYPE_CHECKING:
    from maillage.methods.network.network import Network

LISTED = 12
"""A part of at most so many actors names them. A long chain would otherwise list itself at every link."""


@dataclass(frozen=True)
class Part:
    """Actors that hold together and would be cut off from the rest."""

    size: int
    sectors: tuple[tuple[str, int], ...]
    """Sector and its actors there, the most first, then by code; ``""`` where it is not known."""
    actors: tuple[str, ...]
    """Ids in order, where there are at most ``LISTED``; else none."""


@dataclass(frozen=True, eq=False)
class Walk:
    """The order in which a walk in depth meets the actors. What hangs from an actor follows it in that order."""

    order: list[int]
    """Actors as they are met."""
    met: list[int]
    """``(n,)``: when each is met."""
    lowest: list[int]
    """``(n,)``: the earliest moment reached from the actor and what hangs from it, by one tie out of the tree."""
    hanging: list[int]
    """``(n,)``: how many actors hang from it, itself included."""
    above: list[int]
    """``(n,)``: the actor from which it was met, −1 at the root."""
    root: list[int]
    """``(n,)``: the first actor of its part."""


def walk(graph: Graph) -> Walk:
    """The walk from the first actor of each part, neighbours in order. Without recursion: a network may be long."""
    n = graph.size
    neighbours, starts = graph.neighbours.tolist(), graph.starts.tolist()
    order: list[int] = []
    met, above, root = [-1] * n, [-1] * n, [-1] * n
    following = starts[:n]
    for first in range(n):
        if met[first] >= 0:
            continue
        stack = [first]
        while stack:
            here = stack[-1]
            if met[here] < 0:
                met[here], root[here] = len(order), first
                order.append(here)
            if following[here] == starts[here + 1]:
                stack.pop()
                continue
            there = neighbours[following[here]]
            following[here] += 1
            if met[there] < 0:
                above[there] = here
                stack.append(there)
    lowest, hanging = _lowest(neighbours, starts, order, met, above)
    return Walk(order, met, lowest, hanging, above, root)


def _lowest(
    neighbours: list[int], starts: list[int], order: list[int], met: list[int], above: list[int]
) -> tuple[list[int], list[int]]:
    lowest, hanging = met.copy(), [1] * len(met)
    for here in reversed(order):
        up = above[here]
        for there in neighbours[starts[here] : starts[here + 1]]:
            if there != up and met[there] < lowest[here]:
                lowest[here] = met[there]
        if up >= 0:
            lowest[up] = min(lowest[up], lowest[here])
            hanging[up] += hanging[here]
    return lowest, hanging


class Parts:
    """Describes what hangs from an actor, without visiting it: counts of sectors are differences of running sums."""

    def __init__(self, network: Network) -> None:
        walked = network.walk
        groups = network.graph.groups("sector")
        self._ids = network.graph.ids
        self._walk = walked
        self._names = (*groups.names, "")
        # The last column, which −1 also means, counts the actors whose sector is not known.
        marks = np.zeros((len(walked.order) + 1, len(self._names)), dtype=np.int32)
        marks[np.arange(1, len(marks)), groups.of[walked.order]] = 1
        self._running: NDArray[np.int64] = marks.cumsum(axis=0)

    def hanging(self, root: int) -> Part:
        """This actor and what hangs from it."""
        return self._part([self._span(root)])

    def without(self, actor: int | None, roots: Sequence[int]) -> Part:
        """The rest of their part of the network: neither ``actor`` nor what hangs from ``roots``."""
        first, last = self._span(self._walk.root[roots[0]])
        holes = [self._span(root) for root in roots]
        if actor is not None:
            place = self._walk.met[actor]
            holes.append((place, place + 1))
        spans = []
        for begin, end in sorted(holes):
            if first < begin:
                spans.append((first, begin))
            first = max(first, end)
        if first < last:
            spans.append((first, last))
        return self._part(spans)

    def _span(self, root: int) -> tuple[int, int]:
        return self._walk.met[root], self._walk.met[root] + self._walk.hanging[root]

    def _part(self, spans: Sequence[tuple[int, int]]) -> Part:
        counts = sum((self._running[end] - self._running[begin] for begin, end in spans), self._running[0])
        sectors = [(name, count) for name, count in zip(self._names, counts.tolist(), strict=True) if count]
        size = sum(end - begin for begin, end in spans)
        named = sorted(i for begin, end in spans for i in self._walk.order[begin:end]) if size <= LISTED else []
        return Part(
            size, tuple(sorted(sectors, key=lambda pair: (-pair[1], pair[0]))), tuple(self._ids[i] for i in named)
        )
