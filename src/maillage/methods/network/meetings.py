"""Which groups of actors have ties with which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from maillage.methods.network.graph import By
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class Meeting:
    """What ties two groups together, or one with itself."""

    one: str
    other: str
    ties: int
    possible: int
    """Pairs of actors that could have a tie."""

    @property
    def inside(self) -> bool:
        return self.one == self.other


@dataclass(frozen=True)
class Meetings:
    by: By
    actors: Mapping[str, int]
    """Groups in alphabetical order, and how many actors each has."""
    pairs: tuple[Meeting, ...]
    """Every pair of groups, each with itself first."""
    unknown: int
    """Ties of an actor whose group is not known: counted nowhere else."""

    @property
    def ties(self) -> int:
        """Ties whose two groups are known."""
        return sum(pair.ties for pair in self.pairs)

    @property
    def across(self) -> int:
        return sum(pair.ties for pair in self.pairs if not pair.inside)

    @property
    def share_across(self) -> Fraction | None:
        """Share of the ties that join two groups; ``None`` without tie."""
        return Fraction(self.across, self.ties) if self.ties else None

    @property
    def apart(self) -> tuple[Meeting, ...]:
        """Pairs of groups without any tie."""
        return tuple(pair for pair in self.pairs if not pair.inside and not pair.ties)


def meetings(network: Network, by: By = "sector") -> Meetings:
    """Ties inside each group and between every two, with the pairs of actors that there are."""
    graph = network.graph
    groups = graph.groups(by)
    count, sizes = len(groups.names), groups.sizes.tolist()
    pairs = groups.of[graph.ends]
    known = np.sort(pairs[(pairs >= 0).all(axis=1)], axis=1)
    ties = np.bincount(known[:, 0] * count + known[:, 1], minlength=count * count).reshape(count, count)
    found = tuple(
        Meeting(
            groups.names[a],
            groups.names[b],
            int(ties[a, b]),
            sizes[a] * sizes[b] if a != b else sizes[a] * (sizes[a] - 1) // 2,
        )
        for a in range(count)
        for b in range(a, count)
    )
    return Meetings(by, dict(zip(groups.names, sizes, strict=True)), found, len(pairs) - len(known))
