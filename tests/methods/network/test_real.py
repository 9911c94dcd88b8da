"""The members of the 32 tables de quartier of Montréal: two organisations are tied where they sit at one table."""

import csv
from itertools import combinations

import igraph
import networkx as nx
import pytest

from maillage.methods.network.layout import layout
from maillage.methods.network.network import Actor, Network, Tie
from maillage.methods.network.reading import reading
from maillage.methods.network.words import words
from tests.methods.network.test_layout import well_drawn


@pytest.fixture(scope="module")
def tables(real_data) -> Network:
    members: dict[str, list[str]] = {}
    first: dict[str, tuple[str, str]] = {}
    with (real_data / "actors" / "tables-de-quartier-montreal.csv").open(encoding="utf-8-sig") as handle:
        for row in csv.DictReader(handle):
            members.setdefault(row["ID-table"], []).append(row["ID-org"])
            first.setdefault(row["ID-org"], (row["ID-table"], row["organisme"]))
    actors = tuple(Actor(id, table, name=name) for id, (table, name) in first.items())
    ties = (Tie(a, b, table) for table, ids in members.items() for a, b in combinations(sorted(set(ids)), 2))
    return Network(actors, tuple(ties))


@pytest.mark.real_data
def test_fifteen_hundred_organisations_are_read_as_the_libraries_read_them(tables):
    found = reading(tables, draws=99)
    peer = igraph.Graph(n=len(tables.actors), edges=tables.graph.ends.tolist())
    assert (len(tables.actors), found.ties) == (1538, 53510)
    assert found.betweenness.scores == pytest.approx(peer.betweenness(), rel=1e-6, abs=1e-6)
    assert sorted(point.actor for point in found.cut_points) == sorted(
        tables.graph.ids[i] for i in peer.articulation_points()
    )
    assert [len(part) for part in found.components] == sorted(peer.connected_components().sizes(), reverse=True)
    assert float(found.density) == pytest.approx(peer.density())
    labels = {id: i for i, ids in enumerate(found.communities.members) for id in ids}
    graph = nx.Graph(tie.pair for tie in tables.ties)
    sectors = {actor.id: actor.sector for actor in tables.actors}
    nx.set_node_attributes(graph, sectors, "sector")
    assert found.by_sector.outside == sum(sectors[a] != sectors[b] for a, b in graph.edges)
    theirs = peer.community_leiden(
        objective_function="modularity", weights=tables.graph.weights.tolist(), n_iterations=3
    )
    assert len(labels) == len(tables.actors)
    assert found.communities.modularity > theirs.modularity - 0.01
    assert len(words(found)) > 15


@pytest.mark.real_data
def test_fifteen_hundred_organisations_are_well_drawn(tables):
    drawing = layout(tables)
    well_drawn(drawing)
    assert drawing.crowded
    assert drawing.mark > 0.014
