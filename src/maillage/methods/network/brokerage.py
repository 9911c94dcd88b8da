"""Who stands between two actors that have no tie, and between which groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.graph import By, Graph, Groups
from maillage.methods.network.network import Network

_COORDINATOR, _ITINERANT, _GATEKEEPER, _LIAISON = range(4)
_CHUNK = 1 << 21


@dataclass(frozen=True)
class Broker:
    """Pairs of actors tied to this one and not to each other, by where the three stand."""

    actor: str
    coordinator: int
    """All three in one group."""
    itinerant: int
    """The two others in one group, this actor in another (a consultant)."""
    gatekeeper: int
    """This actor in the group of one of the two. Without direction, gatekeeper and representative are one role."""
    liaison: int
    """Three groups."""
    reached: int
    """Other groups in which this actor has a tie."""

    @property
    def between(self) -> int:
        """Pairs of two different groups."""
        return self.gatekeeper + self.liaison

    @property
    def total(self) -> int:
        return self.coordinator + self.itinerant + self.gatekeeper + self.liaison


def brokerage(network: Network, by: By = "sector") -> tuple[Broker, ...]:
    """The roles of Gould and Fernandez (1989) for undirected ties, counted exactly, in the order of ids.

    A pair ``(a, b)`` counts for ``v`` where ``a – v – b`` are tied and ``a – b`` are not; each unordered pair once.
    Actors whose group is not known, and their ties, are left out: they have zeros.
    """
    graph = network.graph
    groups = graph.groups(by)
    roles, reached = _neighbour_pairs(graph, groups)
    for corners in _triangles(graph, groups.of >= 0):
        # A triangle takes away the pair that faces each of its three actors.
        for v, a, b in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
            role = _role(groups.of[corners[:, v]], groups.of[corners[:, a]], groups.of[corners[:, b]])
            roles -= np.bincount(corners[:, v] * 4 + role, minlength=graph.size * 4).reshape(-1, 4)
    rows = zip(graph.ids, *roles.T.tolist(), reached.tolist(), strict=True)
    return tuple(Broker(*row) for row in rows)


def _neighbour_pairs(graph: Graph, groups: Groups) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Roles of every pair of neighbours, tied or not, ``(n, 4)``; other groups reached, ``(n,)``."""
    n, count = graph.size, max(len(groups.names), 1)
    source = np.repeat(np.arange(n), graph.degrees)
    own, theirs = groups.of[source], groups.of[graph.neighbours]
    known = (own >= 0) & (theirs >= 0)
    cells, tied = np.unique(source[known] * count + theirs[known], return_counts=True)
    at, group = cells // count, cells % count
    mine = group == groups.of[at]
    inner = np.zeros(n, dtype=np.int64)
    inner[at[mine]] = tied[mine]
    outer = np.zeros(n, dtype=np.int64)
    np.add.at(outer, at[~mine], tied[~mine])
    itinerant = np.zeros(n, dtype=np.int64)
    np.add.at(itinerant, at[~mine], tied[~mine] * (tied[~mine] - 1) // 2)
    roles = np.empty((n, 4), dtype=np.int64)
    roles[:, _COORDINATOR] = inner * (inner - 1) // 2
    roles[:, _ITINERANT] = itinerant
    roles[:, _GATEKEEPER] = inner * outer
    roles[:, _LIAISON] = outer * (outer - 1) // 2 - itinerant
    return roles, np.bincount(at[~mine], minlength=n)


def _role(v: NDArray[np.int32], a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int64]:
    found = np.full(len(v), _LIAISON, dtype=np.int64)
    found[(v == a) | (v == b)] = _GATEKEEPER
    found[a == b] = _ITINERANT
    found[(v == a) & (v == b)] = _COORDINATOR
    return found


def _triangles(graph: Graph, kept: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Every triangle of the kept actors once, ``(t, 3)``, in several parts.

    Each tie is directed to its end of higher degree; a triangle is then two ties out of one actor, closed by a third.
    An actor has fewer than ``√(2 m)`` ties out, which bounds the pairs to look at (Chiba and Nishizeki 1985).
    """
    ends = graph.ends[kept[graph.ends].all(axis=1)]
    if not len(ends):
        return []
    rank = np.empty(graph.size, dtype=np.int64)
    rank[np.lexsort((np.arange(graph.size), graph.degrees))] = np.arange(graph.size)
    back = np.argsort(rank)
    low, high = np.sort(rank[ends], axis=1).T
    order = np.lexsort((high, low))
    low, high = low[order], high[order]
    keys = low * graph.size + high
    # Each tie out of an actor is paired with those after it, out of the same actor.
    after = np.searchsorted(low, low, side="right") - np.arange(len(low)) - 1
    parts = []
    cuts = np.searchsorted(np.cumsum(after), np.arange(_CHUNK, int(after.sum()) + _CHUNK, _CHUNK)).tolist()
    begin = 0
    for end in [*cuts, len(low)]:
        first = np.repeat(np.arange(begin, end), after[begin:end])
        second = (
            first
            + 1
            + np.arange(len(first))
            - np.repeat(np.cumsum(after[begin:end]) - after[begin:end], after[begin:end])
        )
        wanted = high[first] * graph.size + high[second]
        place = np.searchsorted(keys, wanted)
        place[place == len(keys)] = 0
        closed = keys[place] == wanted
        parts.append(back[np.stack([low[first[closed]], high[first[closed]], high[second[closed]]], axis=1)])
        begin = end
    return parts
