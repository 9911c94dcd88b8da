from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.budgeting.election import Ballots, Election, Project, Ties
from maillage.methods.budgeting.read import read_pabulib
from maillage.methods.budgeting.supporters import supporters
from maillage.methods.budgeting.ties import order

from .files import pabulib

FILE = pabulib("a;9,10\nb;9\nc;é,10\nd;", projects="9;5\n10;5\né;4\nz;1")


def ranked(ties: Ties, seed: int = 0, data: bytes = FILE) -> list[str]:
    election = read_pabulib(data)
    rank = order(election, ties, seed)
    return [
        project.id for _rank, project in sorted(zip(rank, election.projects, strict=True), key=lambda pair: pair[0])
    ]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (Ties.COST, ["z", "é", "10", "9"]),
        (Ties.VOTES, ["10", "9", "é", "z"]),
        (Ties.NAME, ["10", "9", "z", "é"]),
    ],
)
def test_each_way_by_hand(ties, expected):
    assert ranked(ties) == expected


def test_a_lot_is_seeded_and_does_not_know_the_order_of_the_file():
    turned = pabulib("a;9", projects="z;1\né;4\n9;5\n10;5")
    assert {tuple(ranked(Ties.LOT, seed)) == tuple(ranked(Ties.LOT, seed, turned)) for seed in range(20)} == {True}
    # Written once: a lot drawn today is the same lot in ten years.
    assert ranked(Ties.LOT, 1) == ["é", "z", "10", "9"]
    firsts = [ranked(Ties.LOT, seed)[0] for seed in range(400)]
    assert all(70 < firsts.count(name) < 130 for name in ("9", "10", "é", "z"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), max_size=8))
def test_supporters_are_the_ballots_turned_over(named: list[list[int]]):
    starts = np.cumsum([0, *map(len, named)])
    chosen = np.array([place for ballot in named for place in ballot], dtype=np.int32)
    projects = tuple(Project(str(place), Fraction(1)) for place in range(6))
    election = Election(projects, Fraction(3), Ballots(starts, chosen))
    found = supporters(election)
    for place in range(6):
        assert found.of(place).tolist() == [i for i, ballot in enumerate(named) if place in ballot]
    assert found.votes().tolist() == np.bincount(chosen, minlength=6).tolist()
    assert (chosen[found.entries] == np.repeat(np.arange(6), found.votes())).all()
