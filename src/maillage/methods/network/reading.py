"""Everything there is to say about a network, put together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from maillage.methods.network.between import Between, between
from maillage.methods.network.betweenness import Betweenness, betweenness
from maillage.methods.network.bridges import Bridge, bridges
from maillage.methods.network.brokerage import Broker, brokerage
from maillage.methods.network.change import Change, change
from maillage.methods.network.communities import Communities, communities
from maillage.methods.network.components import components
from maillage.methods.network.coverage import Cell, Coverage, coverage
from maillage.methods.network.cut_points import CutPoint, cut_points
from maillage.methods.network.density import density
from maillage.methods.network.external import External, external
from maillage.methods.network.meetings import Meetings, meetings
from maillage.methods.network.network import Network
from maillage.methods.network.silos import Silo, silos


@dataclass(frozen=True, eq=False)
class Reading:
    """One network, measured. Each part is described where it is computed."""

    network: Network
    """As it was on the day that was asked."""
    ties: int
    """Different pairs of actors that are tied."""
    density: Fraction | None
    components: tuple[tuple[str, ...], ...]
    meetings: Meetings
    by_sector: External
    by_type: External
    brokers: tuple[Broker, ...]
    betweenness: Betweenness
    cut_points: tuple[CutPoint, ...]
    bridges: tuple[Bridge, ...]
    communities: Communities
    silos: tuple[Silo, ...]
    coverage: Coverage
    between: Between
    """Elected and community."""
    change: Change | None
    """Since the day that was asked, if one was."""

    @property
    def to_reach(self) -> tuple[str, ...]:
        """Ids of the actors without a known tie: « à rejoindre »."""
        return self._with(0)

    @property
    def by_one_tie(self) -> tuple[str, ...]:
        """Ids of the actors with a single tie."""
        return self._with(1)

    @property
    def connectors(self) -> tuple[Broker, ...]:
        """Actors that reach at least two other sectors and stand between two, by the number of sectors reached, then
        by the pairs of actors of different sectors they stand between, then by id."""
        found = [broker for broker in self.brokers if broker.reached > 1 and broker.between]
        return tuple(sorted(found, key=lambda broker: (-broker.reached, -broker.between, broker.actor)))

    def _with(self, ties: int) -> tuple[str, ...]:
        graph = self.network.graph
        return tuple(id for id, count in zip(graph.ids, graph.degrees.tolist(), strict=True) if count == ties)


def reading(
    network: Network,
    *,
    day: date | None = None,
    since: date | None = None,
    wanted: Mapping[Cell, int] | None = None,
    elected: Collection[str] = ("municipality",),
    community: Collection[str] = ("community",),
    resolution: float = 1.0,
    draws: int = 499,
    seed: int = 0,
) -> Reading:
    """Measure a network as it was on ``day`` (``None``: with all it holds), and what changed since another day.

    ``wanted``: see :func:`coverage`. ``elected``, ``community``: codes of types, see :func:`between`. Nothing depends
    on the order of the input; ``seed`` draws what is drawn. Errors: ``ValueError`` where ``since`` has no ``day``, or
    comes after it.
    """
    if since is not None and day is None:
        raise ValueError("since, without a day")
    then = network.at(day) if day is not None else network
    sectors = external(then, "sector", draws=draws, seed=seed)
    grouped = communities(then, resolution=resolution, seed=seed)
    return Reading(
        network=then,
        ties=len(then.graph.ends),
        density=density(then),
        components=components(then),
        meetings=meetings(then, "sector"),
        by_sector=sectors,
        by_type=external(then, "type", draws=draws, seed=seed),
        brokers=brokerage(then, "sector"),
        betweenness=betweenness(then, seed=seed),
        cut_points=cut_points(then),
        bridges=bridges(then),
        communities=grouped,
        silos=silos(then, sectors, grouped),
        coverage=coverage(then, wanted),
        between=between(then, elected, community),
        change=change(network, since, day) if since is not None and day is not None else None,
    )
