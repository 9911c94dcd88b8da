"""The map: by hand, against a singular value decomposition, in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.methods.opinion import Votes, map_opinions
from maillage.methods.opinion._axes import Entries, _searched, _whole, leading_axes
from tests.methods.opinion.made import from_table, planted, structureless, to_table, turned

NAN = np.nan


def plain_map(votes):
    """The definition as it is written: fill with column means, centre, decompose, project, scale."""
    table = to_table(votes)
    asked = ~np.isnan(table).all(axis=0)
    table = table[:, asked]
    table[:, votes.left_out[asked]] = 0
    filled = np.where(np.isnan(table), np.nanmean(table, axis=0), table)
    centred = filled - filled.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    away = np.sqrt(table.shape[1] / np.maximum((~np.isnan(table)).sum(axis=1), 1))
    return centred @ axes[:2].T * away[:, None], sizes[:2] ** 2 / (sizes**2).sum()


def test_four_people_two_statements_by_hand():
    """Means 0; sums of squares and products [[4, 2], [2, 2]]: 3 ± √5; first axis along (2, √5 − 1)."""
    found = map_opinions(from_table([[1, 1], [-1, -1], [1, NAN], [-1, NAN]]))
    assert found.spread == pytest.approx(((3 + 5**0.5) / 6, (3 - 5**0.5) / 6))
    assert found.axes[0] == pytest.approx([0.85065, 0.52573], abs=1e-5)
    # Who voted twice stays; who voted once is moved away by √(2 / 1).
    assert found.people[:, 0] == pytest.approx([1.37638, -1.37638, 1.20300, -1.20300], abs=1e-5)
    assert found.extremity == pytest.approx([2**0.5, 2**0.5])
    assert found.cast.tolist() == [2, 2, 1, 1]


def test_a_statement_left_out_weighs_nothing_but_counts_as_everyones_vote():
    table = [[1, 1, 1], [-1, -1, 1], [1, NAN, -1], [-1, NAN, -1]]
    found = map_opinions(from_table(table, left_out={2}))
    assert found.axes[:, 2].tolist() == [0, 0]
    assert found.statements[2].tolist() == [0, 0]
    # √(3 / 3) and √(3 / 2) instead of 1 and √2.
    assert found.people[:, 0] == pytest.approx([1.37638, -1.37638, 0.85065 * 1.5**0.5, -0.85065 * 1.5**0.5], abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("people", "statements"), [(9, 5), (60, 30), (50, 120), (200, 90)])
def test_as_the_definition_written_out(people, statements, seed):
    for votes in (structureless(people, statements, seed), planted(people, statements, 3, seed)[0]):
        found = map_opinions(votes)
        wanted, spread = plain_map(votes)
        assert found.spread == pytest.approx(tuple(spread))
        signs = np.sign((found.people * wanted).sum(axis=0))
        assert found.people == pytest.approx(wanted * signs, abs=1e-5)


def test_searching_finds_what_solving_whole_finds():
    rng = np.random.default_rng(0)
    row, column = np.nonzero(rng.random((300, 150)) < 0.3)
    table = Entries(row, column, rng.normal(size=len(row)), (300, 150))
    squares, vectors = _whole(table)
    searched, found = _searched(table, 2, 1e-9)
    assert searched == pytest.approx(squares[-2:])
    assert np.abs((found * vectors[:, -2:]).sum(axis=0)) == pytest.approx(1)


def test_two_axes_that_tie_are_both_found_by_searching():
    """Two blocks of statements that are each other's copy: the first two axes carry the same."""
    rng = np.random.default_rng(1)
    block = rng.normal(size=(20, 50))
    full = np.zeros((40, 100))
    full[:20, :50], full[20:, 50:] = block, block
    row, column = np.nonzero(full)
    axes, squares = leading_axes(Entries(row, column, full[row, column], full.shape))
    assert squares[0] == pytest.approx(squares[1])
    assert axes @ axes.T == pytest.approx(np.eye(2), abs=1e-9)


def test_nothing_to_map():
    for table in ([[NAN, NAN]], [[1, 1], [1, 1]], [[NAN]], [[1.0]]):
        found = map_opinions(from_table(table))
        assert found.people.tolist() == [[0, 0]] * len(table)
        assert found.spread == (0, 0)
    nobody = map_opinions(Votes.of((), (), [], [], []))
    assert nobody.people.shape == (0, 2)


def test_one_direction_alone_has_no_second():
    found = map_opinions(from_table([[1, 1], [-1, -1], [0, 0]]))
    assert found.axes[1].tolist() == [0, 0]
    assert found.people[:, 1].tolist() == [0, 0, 0]


@pytest.mark.parametrize("statements", [20, 90])
def test_the_order_of_people_and_statements_changes_nothing(statements):
    votes, _ = planted(70, statements, 2, 5)
    rng = np.random.default_rng(3)
    people, columns = rng.permutation(70), rng.permutation(statements)
    one, other = map_opinions(votes), map_opinions(turned(votes, people, columns))
    assert other.people == pytest.approx(one.people[people], abs=1e-6)
    assert other.axes == pytest.approx(one.axes[:, columns], abs=1e-6)


@given(st.lists(st.lists(st.sampled_from([1, 0, -1, None]), min_size=4, max_size=4), min_size=1, max_size=8))
def test_whatever_the_votes_the_axes_are_unit_vectors_and_the_shares_are_shares(rows):
    found = map_opinions(from_table([[NAN if cell is None else cell for cell in row] for row in rows]))
    assert np.isfinite(found.people).all()
    assert 0 <= found.spread[1] <= found.spread[0] + 1e-9 <= 1 + 2e-9
    for axis in found.axes:
        assert np.linalg.norm(axis) == pytest.approx(1) or not axis.any()


def test_the_last_of_two_votes_counts():
    votes = from_table([[1, NAN], [1, 1]])
    again = Votes.of(votes.people, votes.statements, [0, 0, 1], [0, 0, 1], [1, -1, 1])
    assert again.value.tolist() == [-1, 1]
