"""Reading a network, beside igraph and networkx in the same run. The networks are made up, with a seed."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from machine import Table
from maillage.methods.network.betweenness import SOURCES, betweenness
from maillage.methods.network.bridges import bridges
from maillage.methods.network.brokerage import brokerage
from maillage.methods.network.chapters import chapters
from maillage.methods.network.communities import communities
from maillage.methods.network.components import components
from maillage.methods.network.cut_points import cut_points
from maillage.methods.network.external import external
from maillage.methods.network.layout import layout
from maillage.methods.network.network import Actor, Network, Tie
from maillage.methods.network.reading import reading

ACTORS, TIES = 10_000, 50_000
FEW = 25
"""Sources given to networkx, which follows ways in Python."""


def made(actors: int, ties: int, seed: int = 1) -> tuple[tuple[Actor, ...], tuple[Tie, ...]]:
    """Eight sectors of unequal size; two ties in three stay in a sector; some actors have many."""
    lot = random.Random(seed)
    types = ["community", "institution", "municipality", "foundation", "business", "citizens"]
    scales = ["quartier", "ville", "MRC", "région"]
    people = tuple(
        Actor(f"a{i:06}", f"s{int(8 * lot.random() ** 1.4)}", lot.choice(types), lot.choice(scales))
        for i in range(actors)
    )
    within: dict[str, list[int]] = {}
    for i, actor in enumerate(people):
        within.setdefault(actor.sector, []).append(i)
    found: set[tuple[int, int]] = set()
    while len(found) < ties:
        one = int(actors * lot.random() ** 2)
        pool = range(actors) if lot.random() < 1 / 3 else within[people[one].sector]
        other = pool[int(len(pool) * lot.random() ** 1.5)]
        if one != other:
            found.add((min(one, other), max(one, other)))
    return people, tuple(Tie(people[a].id, people[b].id) for a, b in sorted(found))


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Median of the wall time. The first call may load a library: it counts only where there is no other."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def touched(actors: tuple[Actor, ...], ties: tuple[Tie, ...]) -> float:
    """The floor: every actor and every tie looked at once."""

    def work() -> int:
        found = {actor.id: 0 for actor in actors}
        for tie in ties:
            found[tie.one] += 1
            found[tie.other] += 1
        return len(found)

    return seconds(work, 9)


def whole() -> Table:
    """The full reading, from the objects to the words, at several sizes."""
    table = Table(
        "Reading a network",
        ["Actors", "Ties", "Seconds", "< 5 s", "of processor", "× the floor", "Floor (ms)", "Ways followed from"],
        notes=["From the objects to the words: density, meetings, E-I index by sector and by type with 499 draws each, "
               "brokerage, betweenness, cut points, bridges, components, communities, silos, coverage. "
               "The floor looks at every actor and every tie once. Medians of 3."],
    )  # fmt: skip
    for actors, ties in ((30, 70), (200, 500), (1500, 5000), (2000, 10_000), (ACTORS, TIES), (30_000, 150_000)):
        people, links = made(actors, ties)
        floor = touched(people, links)
        sources = reading(Network(people, links)).betweenness.sources
        start = time.process_time()
        taken = seconds(lambda people=people, links=links: chapters(reading(Network(people, links))))
        used = (time.process_time() - start) / 3
        aimed = table.target("Reading of 10,000 actors", taken, 5, " s") if actors == ACTORS else ""
        table.add(f"{actors:,}", f"{ties:,}", f"{taken:.3f}", aimed, f"{used:.3f}",
                  f"{taken / floor:,.0f}", f"{floor * 1000:.2f}", "all" if sources == actors else sources)  # fmt: skip
    return table


def parts() -> Table:
    """Each measure beside its peers, on the same network."""
    import igraph
    import networkx as nx

    people, links = made(ACTORS, TIES)
    network = Network(people, links)
    pairs = network.graph.ends.tolist()
    drawn = random.Random(0).sample(range(ACTORS), SOURCES)
    one, other = igraph.Graph(n=ACTORS, edges=pairs), nx.Graph(pairs)
    other.add_nodes_from(range(ACTORS))
    table = Table(
        f"Reading {ACTORS:,} actors and {TIES:,} ties, part by part (seconds)",
        ["Measure", "Maillage", "igraph", "networkx"],
        notes=[f"Betweenness: from {SOURCES} sources here and in igraph; from {FEW} in networkx, whose time is shown "
               f"for {SOURCES} by proportion. Communities: the best of 2 runs of 3 Leiden cycles here, one run of 3 in "
               "igraph, Louvain in networkx (it has no Leiden of its own). E-I index: 499 draws, no peer; "
               "networkx and igraph have no brokerage roles. Medians of 3, one run for networkx."],
    )  # fmt: skip

    def igraphs_leiden() -> object:
        random.seed(0)
        return one.community_leiden(objective_function="modularity", n_iterations=3)

    rows: list[tuple[str, Callable[[], object], Callable[[], object] | None, Callable[[], object] | None, float]] = [
        ("Arrays", lambda: Network(people, links).graph.neighbours,
         lambda: igraph.Graph(n=ACTORS, edges=pairs), lambda: nx.Graph(pairs), 1),
        ("Betweenness", lambda: betweenness(network), lambda: one.betweenness(sources=drawn),
         lambda: nx.betweenness_centrality(other, k=FEW, seed=0), SOURCES / FEW),
        ("Cut points, with what is cut off", lambda: cut_points(network), lambda: one.articulation_points(),
         lambda: list(nx.articulation_points(other)), 1),
        ("Bridges", lambda: bridges(network), lambda: one.bridges(), lambda: list(nx.bridges(other)), 1),
        ("Components", lambda: components(network), lambda: list(one.connected_components()),
         lambda: list(nx.connected_components(other)), 1),
        ("Communities", lambda: communities(network), igraphs_leiden,
         lambda: nx.community.louvain_communities(other, seed=0), 1),
        ("Brokerage", lambda: brokerage(network), None, None, 1),
        ("E-I index by sector", lambda: external(network), None, None, 1),
    ]  # fmt: skip
    together = [0.0, 0.0, 0.0]
    for name, ours, igraphs, networkxs, times in rows:
        ours()
        taken = [seconds(ours)]
        if igraphs and networkxs:
            taken += [seconds(igraphs), seconds(networkxs, 1) * times]
            together = [sum(pair) for pair in zip(together, taken, strict=True)]
        cells = [f"{value:.3f}" for value in taken]
        table.add(name, *cells, *["—"] * (3 - len(cells)))
    table.add("What the three have, together", *(f"{value:.2f}" for value in together))
    found = communities(network)
    theirs = igraphs_leiden()
    table.notes.append(f"Modularity: {found.modularity:.4f} here, {theirs.modularity:.4f} for igraph.")
    return table


def drawings() -> Table:
    """The layout at the sizes of an alliance, a region and a large city."""
    table = Table("Drawing a network", ["Actors", "Ties", "Seconds", "Mark, of a drawing 850 wide (pixels)"])
    for actors, ties in ((30, 60), (200, 500), (1500, 5000)):
        network = Network(*made(actors, ties))
        drawing = layout(network)
        table.add(
            f"{actors:,}", f"{ties:,}", f"{seconds(lambda net=network: layout(net)):.3f}", f"{drawing.mark * 850:.0f}"
        )
    return table


def tables() -> list[Table]:
    return [whole(), parts(), drawings()]


if __name__ == "__main__":
    for table in tables():
        print(table.markdown())
