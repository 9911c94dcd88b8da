"""Ties inside groups and across: meetings, E-I index, brokerage, coverage, ties between two kinds of actors."""

from fractions import Fraction
from itertools import combinations, permutations

import pytest

from maillage.methods.network.between import between
from maillage.methods.network.brokerage import brokerage
from maillage.methods.network.coverage import coverage
from maillage.methods.network.external import external
from maillage.methods.network.meetings import meetings
from maillage.methods.network.network import Actor, Network, Tie
from tests.methods.network.made import for_any_network, made, named

SMALL = named("ab bc cd de ae ac", {"x": "abc", "y": "de"})
"""Inside: ab, bc, ac, de. Across: cd, ae."""


def test_meetings_by_hand():
    found = meetings(SMALL)
    assert [(pair.one, pair.other, pair.ties, pair.possible) for pair in found.pairs] == [
        ("x", "x", 3, 3),
        ("x", "y", 2, 6),
        ("y", "y", 1, 1),
    ]
    assert found.share_across == Fraction(2, 6)
    assert not found.apart
    apart = meetings(named("ab", {"x": "a", "y": "b", "z": "c"}, alone="c")).apart
    assert [(pair.one, pair.other) for pair in apart] == [("x", "z"), ("y", "z")]


def test_the_index_by_hand():
    found = external(SMALL)
    assert (found.inside, found.outside, found.index) == (4, 2, Fraction(-1, 3))
    # (3 × 2 + 2 × 1) / (5 × 4) = 2/5 of the pairs are inside.
    assert found.expected == Fraction(1, 5)
    x, y = found.groups
    assert (x.index, y.index) == (Fraction(-1, 5), Fraction(1, 3))
    # From x: 2 × 2 pairs out for 2 inside; from y: 2 × 3 for 1.
    assert (x.expected, y.expected) == (Fraction(2, 6), Fraction(5, 7))


def test_what_chance_gives_is_the_mean_over_every_way_to_give_the_groups():
    total, ways = Fraction(0), 0
    far = 0
    real = external(SMALL, draws=1)
    for letters in permutations("abcde"):
        index = external(named("ab bc cd de ae ac", {"x": letters[:3], "y": letters[3:]}), draws=1).index
        total, ways = total + index, ways + 1
        far += abs(index - real.expected) >= abs(real.index - real.expected)
    assert total / ways == real.expected
    drawn = external(SMALL, draws=4000, seed=2).chance
    assert abs(float(drawn) - far / ways) < 0.03


def test_chance_tells_sectors_from_labels_given_at_random():
    assert external(made(80, 300, across=0.2), draws=199).chance == Fraction(1, 200)
    assert external(made(80, 300, across=1.0), draws=199).chance > Fraction(1, 20)
    assert external(made(80, 300), seed=5) == external(made(80, 300), seed=5)


@for_any_network
def test_the_index_is_between_minus_one_and_one(network):
    for by in ("sector", "type", "scale"):
        found = external(network, by, draws=9)
        assert found.index is None or -1 <= found.index <= 1
        assert found.inside + found.outside + found.unknown == len(network.graph.ends)
        assert sum(group.inside for group in found.groups) == found.inside
        assert sum(group.outside for group in found.groups) == 2 * found.outside
        met = meetings(network, by)
        assert (met.ties, met.across, met.unknown) == (found.inside + found.outside, found.outside, found.unknown)


def test_the_roles_by_hand():
    # v in x is tied to a, b in x, c, d in y, e in z; only a – b are tied among them.
    network = named("va vb vc vd ve ab", {"x": "vab", "y": "cd", "z": "e"})
    found = {broker.actor: broker for broker in brokerage(network)}
    v = found["v"]
    assert (v.coordinator, v.itinerant, v.gatekeeper, v.liaison, v.reached) == (0, 1, 6, 2, 2)
    assert (v.between, v.total) == (8, 9)
    assert found["a"].total == 0
    assert found["c"].reached == 1


def roles_by_the_definition(network: Network) -> list[tuple[int, int, int, int]]:
    """Every pair of neighbours, one by one: the plain version."""
    sector = {actor.id: actor.sector for actor in network.actors}
    tied = {tie.pair for tie in network.ties}
    rows = []
    for v in sorted(sector):
        near = sorted({b if a == v else a for a, b in tied if v in (a, b)})
        counts = [0, 0, 0, 0]
        for a, b in combinations(near, 2):
            of = (sector[a], sector[v], sector[b])
            if (a, b) in tied or "" in of:
                continue
            role = 0 if len(set(of)) == 1 else 1 if of[0] == of[2] else 2 if of[1] in (of[0], of[2]) else 3
            counts[role] += 1
        rows.append(tuple(counts))
    return rows


@for_any_network
def test_the_roles_are_those_of_the_definition(network):
    found = [(row.coordinator, row.itinerant, row.gatekeeper, row.liaison) for row in brokerage(network)]
    assert found == roles_by_the_definition(network)


def test_the_roles_of_a_larger_network_where_triangles_come_in_several_parts(monkeypatch):
    monkeypatch.setattr("maillage.methods.network.brokerage._CHUNK", 50)
    larger = made(120, 700)
    found = [(row.coordinator, row.itinerant, row.gatekeeper, row.liaison) for row in brokerage(larger)]
    assert found == roles_by_the_definition(larger)


def test_coverage_tells_what_is_there_wanted_and_missing():
    network = Network(
        (
            Actor("a", "food", "community", "ville"),
            Actor("b", "food", "community", "ville"),
            Actor("c", "housing", "municipality", "MRC"),
            Actor("d", "", "citizens", ""),
        )
    )
    found = coverage(network, {("", "citizens", ""): 2, ("food", "", ""): 1, ("housing", "", "ville"): 1})
    assert found.present[("food", "community", "ville")] == 2
    assert [(row.cell, row.lacking) for row in found.missing] == [
        (("", "citizens", ""), 1),
        (("housing", "", "ville"), 1),
    ]
    # 2 sectors × 3 types × 2 scales known, 2 of these crossings have someone.
    assert (found.cells, len(found.empty)) == (12, 10)
    assert coverage(Network(())).cells == 0


def test_ties_between_elected_people_and_community_organisations():
    network = Network(
        (
            Actor("m", type="municipality", scale="MRC"),
            Actor("v", type="municipality", scale="ville"),
            Actor("w", type="municipality", scale="ville"),
            Actor("c", type="community", scale="quartier"),
            Actor("d", type="community", scale="ville"),
        ),
        (Tie("m", "c"), Tie("v", "c"), Tie("d", "v"), Tie("m", "v"), Tie("c", "d")),
    )
    found = between(network, {"municipality"}, {"community"})
    assert (found.actors, found.ties) == ((3, 2), 3)
    assert [(row.scale, row.actors, row.tied, row.ties) for row in found.first] == [
        ("MRC", 1, 1, 1),
        ("ville", 2, 1, 2),
    ]
    assert [(row.scale, row.tied, row.ties) for row in found.second] == [("quartier", 1, 2), ("ville", 1, 1)]
    with pytest.raises(ValueError, match="x"):
        between(network, {"x"}, {"x"})
