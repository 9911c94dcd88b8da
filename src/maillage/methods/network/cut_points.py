"""Actors without whom others would be cut off."""

from __future__ import annotations

from dataclasses import dataclass

from maillage.methods.network.depth import Part, Parts
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class CutPoint:
    """An actor that alone holds together parts of the network."""

    actor: str
    kept: Part
    """The largest of the parts that would be left."""
    cut: tuple[Part, ...]
    """The others, the largest first."""

    @property
    def cut_actors(self) -> int:
        return sum(part.size for part in self.cut)


def cut_points(network: Network) -> tuple[CutPoint, ...]:
    """Articulation points (Hopcroft and Tarjan 1973), those that would cut off the most actors first, then by id."""
    graph = network.graph
    walked, parts = network.walk, Parts(network)
    below: dict[int, list[int]] = {}
    for child, up in enumerate(walked.above):
        # Nothing that hangs from the child reaches higher than the actor above it.
        if up >= 0 and walked.lowest[child] >= walked.met[up]:
            below.setdefault(up, []).append(child)
    found = []
    for actor, children in below.items():
        at_root = walked.root[actor] == actor
        if at_root and len(children) == 1:
            continue
        left = [parts.hanging(child) for child in children]
        if not at_root:
            left.append(parts.without(actor, children))
        left.sort(key=_largest_first)
        found.append(CutPoint(graph.ids[actor], left[0], tuple(left[1:])))
    return tuple(sorted(found, key=lambda point: (-point.cut_actors, point.actor)))


def _largest_first(part: Part) -> tuple[int, tuple[tuple[str, int], ...], tuple[str, ...]]:
    return -part.size, part.sectors, part.actors
