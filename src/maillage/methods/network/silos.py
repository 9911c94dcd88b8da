"""Groups whose ties stay inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.network.communities import Communities
from maillage.methods.network.external import External
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class Silo:
    """A sector (its code), or a community (its place, from 0) whose ties mostly stay inside."""

    group: str | int
    actors: int
    inside: int
    outside: int

    @property
    def share(self) -> Fraction:
        """Of its ties, those that stay inside."""
        return Fraction(self.inside, self.inside + self.outside)


def silos(
    network: Network,
    index: External,
    found: Communities | None = None,
    *,
    sector_share: Fraction = Fraction(2, 3),
    community_share: Fraction = Fraction(9, 10),
    least: int = 3,
) -> tuple[Silo, ...]:
    """Sectors and communities of at least ``least`` actors where at least this share of the ties stays inside.

    A sector must also keep more ties inside than chance alone would (its expected E-I index): one sector that has
    nearly every actor is no silo. A community is made of ties that stay inside, so more is asked of it; one that is all
    the tied actors is no silo. Sectors first, the most closed first; without ``found``, sectors alone.
    """
    sectors = [
        Silo(group.group, group.actors, group.inside, group.outside)
        for group in index.groups
        if group.index is not None and group.expected is not None and group.index < group.expected
    ]
    kept = [silo for silo in sectors if silo.actors >= least and silo.share >= sector_share]
    circles = _of_communities(network, found) if found is not None and len(found.members) > 1 else []
    closed = [silo for silo in circles if silo.actors >= least]
    return (*_most_closed(kept), *_most_closed(silo for silo in closed if silo.share >= community_share))


def _of_communities(network: Network, found: Communities) -> list[Silo]:
    place = {id: i for i, members in enumerate(found.members) for id in members}
    inside, outside = [0] * len(found.members), [0] * len(found.members)
    ids = network.graph.ids
    for one, other in network.graph.ends.tolist():
        a, b = place[ids[one]], place[ids[other]]
        if a == b:
            inside[a] += 1
        else:
            outside[a] += 1
            outside[b] += 1
    return [Silo(i, len(members), inside[i], outside[i]) for i, members in enumerate(found.members)]


def _most_closed(found: Iterable[Silo]) -> list[Silo]:
    return sorted(found, key=lambda silo: (-silo.share, -silo.actors, silo.group))
