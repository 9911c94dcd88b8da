"""Who stands between the others: betweenness, cut points, bridges, components; against networkx, igraph, rustworkx."""

import math
from itertools import pairwise

import igraph
import networkx as nx
import numpy as np
import pytest

from maillage.methods.network.betweenness import _dependencies, _dependencies_in_whole_numbers, betweenness
from maillage.methods.network.bridges import bridges
from maillage.methods.network.communities import communities
from maillage.methods.network.components import components
from maillage.methods.network.cut_points import cut_points
from maillage.methods.network.density import density
from maillage.methods.network.external import external
from maillage.methods.network.network import Actor, Network, Tie
from maillage.methods.network.silos import silos
from tests.methods.network.made import KITE, for_any_network, made, named, shuffled


def of_networkx(network: Network) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(network.graph.ids)
    graph.add_edges_from(tie.pair for tie in network.ties)
    return graph


def of_igraph(network: Network) -> igraph.Graph:
    return igraph.Graph(n=network.graph.size, edges=network.graph.ends.tolist())


def karate() -> Network:
    """Zachary's club, as networkx has it; sectors are the two sides it split into."""
    graph = nx.karate_club_graph()
    return Network(
        tuple(Actor(f"{i:02}", graph.nodes[i]["club"]) for i in graph),
        tuple(Tie(f"{a:02}", f"{b:02}", weight=data["weight"]) for a, b, data in graph.edges(data=True)),
    )


def test_the_kite():
    found = betweenness(named(KITE))
    scores = dict(zip(found.actors, found.scores, strict=True))
    # Krackhardt's own figures: Heather 14, Fernando and Garth 8.33, Ike 8, Diane 3.67; Carol, Ed and Jane none.
    assert scores["H"] == pytest.approx(14)
    assert scores["F"] == scores["G"] == pytest.approx(25 / 3)
    assert scores["I"] == pytest.approx(8)
    assert scores["D"] == pytest.approx(11 / 3)
    assert scores["C"] == scores["E"] == scores["J"] == 0
    assert [found.actors[i] for i in found.ranked()][:4] == ["H", "F", "G", "I"]
    assert found.exact


def test_a_chain_has_known_scores():
    # In a chain of five, the actor in the middle stands between 2 × 2 pairs.
    assert betweenness(named("ab bc cd de")).scores == pytest.approx((0, 3, 4, 3, 0))


@for_any_network
def test_betweenness_is_that_of_networkx_and_adds_up_to_the_lengths_of_the_ways(network):
    found = betweenness(network)
    graph = of_networkx(network)
    expected = nx.betweenness_centrality(graph, normalized=False)
    assert found.scores == pytest.approx([expected[id] for id in found.actors])
    ways = dict(nx.all_pairs_shortest_path_length(graph))
    total = sum(length - 1 for start, row in ways.items() for end, length in row.items() if start < end)
    assert sum(found.scores) == pytest.approx(total)
    assert betweenness(shuffled(network, 1)) == found


@pytest.mark.parametrize("network", [made(300, 900), made(300, 320, across=0.02), karate()])
def test_betweenness_of_larger_networks_against_three_libraries(network):
    import rustworkx as rx

    scores = betweenness(network).scores
    assert scores == pytest.approx(of_igraph(network).betweenness())
    assert scores == pytest.approx(list(nx.betweenness_centrality(of_networkx(network), normalized=False).values()))
    peer = rx.PyGraph()
    peer.add_nodes_from(network.graph.ids)
    peer.add_edges_from_no_data([tuple(pair) for pair in network.graph.ends.tolist()])
    assert scores == pytest.approx(list(rx.graph_betweenness_centrality(peer, normalized=False).values()))


def test_a_long_chain_is_followed_without_large_matrices():
    chain = Network(
        tuple(Actor(f"{i:05}") for i in range(600)), tuple(Tie(f"{i:05}", f"{i + 1:05}") for i in range(599))
    )
    scores = betweenness(chain).scores
    assert scores == pytest.approx([i * (599 - i) for i in range(600)])
    points = cut_points(chain)
    assert (len(points), points[0].actor, points[0].cut_actors) == (598, "00299", 299)
    assert len(bridges(chain)) == 599


def test_more_shortest_ways_than_a_float_can_hold():
    """Rows of three, each tied to all of the next: 3 ** 669 ways (beyond 10 ** 308) from one end to the other."""
    rows = [[f"{row:03}{letter}" for letter in "abc"] for row in range(671)]
    network = Network(
        tuple(Actor(id) for row in rows for id in row),
        tuple(Tie(one, other) for row, following in pairwise(rows) for one in row for other in following),
    )
    found = _dependencies(network.graph, network.graph.matrix(), np.array([0]))[:, 0]
    # Each of a row carries a third of the ways to the rows beyond; the second also joins the source to its own row.
    expected = [0.0] * 3 + [670 - row + (2 / 3 if row == 1 else 0) for row in range(1, 671) for _ in "abc"]
    assert found == pytest.approx(expected)
    assert all(map(math.isfinite, betweenness(network, exact_up_to=100, sources=2).scores))


@for_any_network
def test_whole_numbers_give_the_same_as_floats(network):
    every = np.arange(network.graph.size)
    if len(every):
        floats = _dependencies(network.graph, network.graph.matrix(), every)
        assert _dependencies_in_whole_numbers(network.graph, every) == pytest.approx(floats)


def test_from_some_sources_the_score_is_near_and_its_error_is_told():
    network = made(600, 2400)
    exact = np.array(betweenness(network).scores)
    squares, variances, leaning = [], [], []
    for seed in range(12):
        found = betweenness(network, exact_up_to=100, sources=150, seed=seed)
        assert (found.sources, found.exact) == (150, False)
        squares.append((np.array(found.scores) - exact) ** 2)
        variances.append(np.array(found.errors) ** 2)
        leaning.append((np.array(found.scores).sum() - exact.sum()) / exact.sum())
    # The standard error is the right size over all actors, and the estimate leans to no side.
    assert 0.8 < np.mean(squares) / np.mean(variances) < 1.25
    assert abs(np.mean(leaning)) < 0.01
    again = betweenness(network, exact_up_to=100, sources=150, seed=11)
    assert again == found == betweenness(shuffled(network, 2), exact_up_to=100, sources=150, seed=11)
    with pytest.raises(ValueError, match="1"):
        betweenness(network, sources=1)


def test_cut_points_tell_what_would_be_cut_off():
    network = named("ab bc ca cd de ef fd cg", {"x": "abcg", "y": "de"})
    c, d = cut_points(network)
    assert (c.actor, c.kept.actors, c.cut_actors) == ("c", ("d", "e", "f"), 3)
    assert [(part.actors, part.sectors) for part in c.cut] == [(("a", "b"), (("x", 2),)), (("g",), (("x", 1),))]
    assert (d.actor, [part.actors for part in d.cut], d.kept.sectors) == ("d", [("e", "f")], (("x", 4),))
    assert d.cut[0].sectors == (("", 1), ("y", 1))
    found = bridges(network)
    assert [(row.one, row.other, row.cut.actors, row.kept) for row in found] == [
        ("c", "d", ("d", "e", "f"), 4),
        ("c", "g", ("g",), 6),
    ]
    # Two equal sides: that of the second end.
    assert bridges(named("ab"))[0].cut.actors == ("b",)


@for_any_network
def test_cut_points_and_bridges_are_those_of_removal_and_of_networkx(network):
    graph = of_networkx(network)
    points = cut_points(network)
    assert {point.actor for point in points} == set(nx.articulation_points(graph))
    for point in points:
        around = nx.node_connected_component(graph, point.actor)
        left = [sorted(part) for part in nx.connected_components(graph.subgraph(around - {point.actor}))]
        told = [list(part.actors) for part in (point.kept, *point.cut)]
        assert sorted(told) == sorted(left)
        assert [len(part) for part in told] == sorted(map(len, left), reverse=True)
        for part in (point.kept, *point.cut):
            assert sum(count for _sector, count in part.sectors) == part.size
    found = bridges(network)
    assert {(row.one, row.other) for row in found} == {tuple(sorted(pair)) for pair in nx.bridges(graph)}
    for row in found:
        cut = graph.copy()
        cut.remove_edge(row.one, row.other)
        sides = [sorted(nx.node_connected_component(cut, end)) for end in (row.one, row.other)]
        assert list(row.cut.actors) in sides
        assert sorted(map(len, sides)) == [row.cut.size, row.kept]
    assert cut_points(shuffled(network, 4)) == points
    assert bridges(shuffled(network, 4)) == found


@for_any_network
def test_components_and_density_are_those_of_networkx(network):
    graph = of_networkx(network)
    expected = sorted((tuple(sorted(part)) for part in nx.connected_components(graph)), key=lambda p: (-len(p), p))
    assert list(components(network)) == expected
    if network.graph.size > 1:
        assert float(density(network)) == pytest.approx(nx.density(graph))


@for_any_network
def test_communities_share_the_tied_actors_and_tell_their_modularity(network):
    found = communities(network)
    placed = [id for members in found.members for id in members]
    tied = [id for id, degree in zip(network.graph.ids, network.graph.degrees, strict=True) if degree]
    assert sorted(placed) == tied
    assert [len(members) for members in found.members] == sorted(map(len, found.members), reverse=True)
    assert communities(network) == found == communities(shuffled(network, 6))
    if tied:
        graph = nx.Graph()
        for tie in network.ties:
            graph.add_edge(*tie.pair, weight=graph.get_edge_data(*tie.pair, {"weight": 0})["weight"] + tie.weight)
        assert found.modularity == pytest.approx(nx.community.modularity(graph, [set(m) for m in found.members]))


@pytest.mark.parametrize("network", [karate(), named(KITE), made(120, 400), made(400, 1600), made(800, 1500)])
def test_communities_are_as_good_as_igraphs(network):
    import random

    random.seed(7)
    found = communities(network)
    peer = of_igraph(network)
    best = peer.community_leiden(
        objective_function="modularity", weights=network.graph.weights.tolist(), n_iterations=-1
    )
    assert found.modularity > peer.modularity(best, weights=network.graph.weights.tolist()) - 0.01


def test_the_club_of_zachary():
    # The best modularity known for it, without weights, is 0.4198 with four communities.
    unweighted = Network(karate().actors, tuple(Tie(tie.one, tie.other) for tie in karate().ties))
    found = communities(unweighted)
    assert (round(found.modularity, 4), len(found.members)) == (0.4198, 4)
    assert len(communities(unweighted, resolution=0.2).members) < 4 < len(communities(unweighted, resolution=3).members)
    with pytest.raises(ValueError, match="0"):
        communities(unweighted, resolution=0)


def test_silos_are_groups_whose_ties_stay_inside():
    closed = named("ab bc ca ad de ef fd eg", {"x": "abc", "y": "de", "z": "fg"})
    found = silos(closed, external(closed), communities(closed))
    assert [(silo.group, silo.inside, silo.outside, float(silo.share)) for silo in found] == [("x", 3, 1, 0.75)]
    apart = named("ab bc ca de ef fd", {"x": "ad", "y": "be", "z": "cf"})
    assert [silo.group for silo in silos(apart, external(apart), communities(apart))] == [0, 1]
    # One sector that has everybody is no silo; neither is a network of one community.
    one = named("ab bc ca", {"x": "abc"})
    assert not silos(one, external(one), communities(one))
