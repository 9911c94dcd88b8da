from datetime import date
from fractions import Fraction

import pytest

from maillage.methods.network.change import change
from maillage.methods.network.density import density
from maillage.methods.network.network import Actor, Network, NetworkError, Tie
from tests.methods.network.made import for_any_network, named, shuffled

A, B, C = Actor("a", "food"), Actor("b", "food"), Actor("c", "housing")


@pytest.mark.parametrize(
    ("actors", "ties", "said"),
    [
        ((A, A), (), "same id: a"),
        ((A,), (Tie("a", "z"),), "not in the network: z"),
        ((A,), (Tie("a", "a"),), "to itself: a"),
        ((A, B), (Tie("a", "b", weight=0),), "not more than 0"),
        ((A, B), (Tie("a", "b", weight=float("nan")),), "not more than 0"),
        ((A, B), (Tie("a", "b", weight=float("inf")),), "not more than 0"),
        ((A, B), (Tie("a", "b", since=date(2026, 1, 1), until=date(2026, 1, 1)),), "ends before it begins: a – b"),
        ((Actor("a", since=date(2026, 1, 1), until=date(2025, 1, 1)),), (), "ends before it begins: a"),
    ],
)
def test_what_means_nothing_is_refused_with_a_reason(actors, ties, said):
    with pytest.raises(NetworkError, match=said) as caught:
        Network(actors, ties)
    assert caught.value.reason.said("fr") != str(caught.value)


def test_ties_of_one_pair_are_one_tie_with_their_weights_together():
    network = Network((A, B, C), (Tie("b", "a", "project", 2), Tie("a", "b", "referral"), Tie("b", "c")))
    assert network.graph.ends.tolist() == [[0, 1], [1, 2]]
    assert network.graph.weights.tolist() == [3, 1]
    assert density(network) == Fraction(2, 3)
    assert network.only(["project"]).graph.ends.tolist() == [[0, 1]]


def test_density_needs_a_pair():
    assert density(Network(())) is None
    assert density(Network((A,))) is None
    assert density(Network((A, B))) == 0


@for_any_network
def test_arrays_do_not_depend_on_the_order_of_the_input(network):
    again = shuffled(network, 3)
    for name in ("ends", "weights", "starts", "neighbours", "degrees"):
        assert getattr(again.graph, name).tolist() == getattr(network.graph, name).tolist()


def test_intervals_include_their_first_day_and_not_their_last():
    network = Network(
        (A, B, Actor("c", "housing", until=date(2026, 6, 1))),
        (Tie("a", "b", since=date(2026, 1, 1), until=date(2026, 3, 1)), Tie("b", "c", since=date(2025, 1, 1))),
    )
    assert [tie.pair for tie in network.at(date(2026, 1, 1)).ties] == [("a", "b"), ("b", "c")]
    assert [tie.pair for tie in network.at(date(2026, 3, 1)).ties] == [("b", "c")]
    # The tie of an actor who left is no longer there, even where nobody wrote its end.
    assert not network.at(date(2026, 6, 1)).ties
    assert [actor.id for actor in network.at(date(2026, 6, 1)).actors] == ["a", "b"]


def test_change_tells_what_came_ended_and_stayed_in_each_sector():
    then, now = date(2025, 1, 1), date(2026, 1, 1)
    network = Network(
        (A, B, Actor("c", "housing", since=date(2025, 5, 1)), Actor("d", "housing", until=date(2025, 5, 1))),
        (
            Tie("a", "b", "project", until=date(2025, 6, 1)),
            Tie("b", "a", "referral", since=date(2025, 3, 1)),
            Tie("a", "d"),
            Tie("c", "a"),
        ),
    )
    found = change(network, then, now)
    assert (found.actors_came, found.actors_ended, found.actors_stayed) == (("c",), ("d",), ("a", "b"))
    # One tie of the pair ended and another came: the pair stayed tied.
    assert (found.ties_came, found.ties_ended, found.ties_stayed) == ((("a", "c"),), (("a", "d"),), (("a", "b"),))
    food, housing = found.sectors
    assert (food.sector, food.actors_stayed, food.ties_came, food.ties_ended, food.ties_stayed) == ("food", 2, 1, 1, 1)
    assert (housing.actors_came, housing.actors_ended, housing.ties_came, housing.ties_ended) == (1, 1, 1, 1)
    with pytest.raises(ValueError, match="2025-01-01"):
        change(network, now, then)


@for_any_network
def test_nothing_changes_from_a_day_to_itself(network):
    found = change(network, date(2026, 1, 1), date(2026, 1, 1))
    assert (found.actors_came, found.actors_ended, found.ties_came, found.ties_ended) == ((), (), (), ())
    assert len(found.ties_stayed) == len(network.graph.ends)


def test_a_network_written_in_letters():
    assert named("ab", {"x": "a"}, alone="c").actors == (Actor("a", "x"), Actor("b"), Actor("c"))
