"""Ties between two kinds of actors, scale by scale: personnes élues and community organisations, for instance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from maillage.methods.network.network import Network


@dataclass(frozen=True)
class ScaleTies:
    """The actors of one kind at one scale, and their ties with the other kind at every scale."""

    scale: str
    """``""`` where it is not known."""
    actors: int
    tied: int
    """Of these actors, those who have such a tie."""
    ties: int


@dataclass(frozen=True)
class Between:
    actors: tuple[int, int]
    """How many there are of each kind."""
    ties: int
    first: tuple[ScaleTies, ...]
    """By the scale of the first kind of actors, in alphabetical order."""
    second: tuple[ScaleTies, ...]
    """The same ties, by the scale of the second."""


def between(network: Network, first: Collection[str], second: Collection[str]) -> Between:
    """Ties that join an actor whose type is in ``first`` to one whose type is in ``second``.

    Errors: ``ValueError`` where a type is in both.
    """
    if set(first) & set(second):
        raise ValueError(sorted(set(first) & set(second)))
    graph = network.graph
    side = [1 if actor.type in first else 2 if actor.type in second else 0 for actor in graph.actors]
    ties = [0] * graph.size
    total = 0
    for one, other in graph.ends.tolist():
        if side[one] + side[other] == 3:
            total += 1
            ties[one] += 1
            ties[other] += 1
    rows = [_by_scale(network, [i for i in range(graph.size) if side[i] == kind], ties) for kind in (1, 2)]
    return Between((side.count(1), side.count(2)), total, rows[0], rows[1])


def _by_scale(network: Network, places: list[int], ties: list[int]) -> tuple[ScaleTies, ...]:
    actors = network.graph.actors
    scales = sorted({actors[i].scale for i in places})
    rows = []
    for scale in scales:
        own = [ties[i] for i in places if actors[i].scale == scale]
        rows.append(ScaleTies(scale, len(own), sum(count > 0 for count in own), sum(own)))
    return tuple(rows)
