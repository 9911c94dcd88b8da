"""Ties that alone join two parts of the network."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.methods.network.depth import Part, Parts
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class Bridge:
    """A tie without which its two ends would not be joined at all."""

    one: str
    other: str
    """In the order of ids."""
    cut: Part
    """The smaller of the two sides (that of ``other`` where they are equal)."""
    kept: int
    """Actors on the larger side."""


def bridges(network: Network) -> tuple[Bridge, ...]:
    """Bridges (Hopcroft and Tarjan 1973), those that hold the most actors first, then by ids.

    Several ties of one pair are one tie: it is then a bridge between two actors even where they declared it twice.
    """
    graph = network.graph
    walked, parts = network.walk, Parts(network)
    found = []
    for child, up in enumerate(walked.above):
        if up < 0 or walked.lowest[child] <= walked.met[up]:
            continue
        below, rest = parts.hanging(child), parts.without(None, [child])
        smaller = below if (below.size, up > child) < (rest.size, child > up) else rest
        one, other = sorted((child, up))
        found.append(Bridge(graph.ids[one], graph.ids[other], smaller, below.size + rest.size - smaller.size))
    return tuple(sorted(found, key=lambda bridge: (-bridge.cut.size, bridge.one, bridge.other)))
