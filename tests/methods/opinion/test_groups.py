"""Groups: the silhouette against scikit-learn, planted groups, any order."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from maillage.methods.opinion import adjusted_rand, group_people, map_opinions
from maillage.methods.opinion.groups import _base, _silhouettes
from tests.methods.opinion.made import from_table, planted, structureless, to_table, turned


@pytest.mark.parametrize("seed", range(5))
def test_the_silhouette_is_that_of_scikit_learn(seed):
    """Up to 100 distinct people each is a small cluster of their own: nothing is lost."""
    votes, _ = planted(60, 20, 3, seed, loyalty=0.7)
    opinion_map = map_opinions(votes)
    for count in (2, 3, 4, 5):
        groups = group_people(opinion_map, count=count)
        kept = groups.group > 0
        assert groups.silhouette == pytest.approx(silhouette_score(opinion_map.people[kept], groups.group[kept]))


def test_small_clusters_weigh_their_people():
    """Silhouettes of weighted points are those of the points repeated."""
    rng = np.random.default_rng(0)
    points, weights = rng.normal(size=(12, 2)), rng.integers(1, 5, 12)
    labels = np.arange(12) % 3
    distances = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    found = _silhouettes(labels[None], weights.astype(float), distances, 3)[0]
    assert found == pytest.approx(silhouette_score(np.repeat(points, weights, axis=0), np.repeat(labels, weights)))


def test_an_empty_group_is_no_solution_and_one_person_alone_has_0():
    distances = np.array([[0, 1, 9], [1, 0, 9], [9, 9, 0.0]])
    found = _silhouettes(np.array([[0, 0, 0], [0, 0, 1]]), np.ones(3), distances, 2)
    assert found == pytest.approx([-1, (8 / 9 + 8 / 9 + 0) / 3])


@pytest.mark.parametrize(("people", "groups"), [(40, 2), (90, 3), (400, 2), (600, 3)])
def test_planted_groups_are_found(people, groups):
    votes, truth = planted(people, 60, groups, 1)
    found = group_people(map_opinions(votes))
    assert found.count == groups
    kept = found.group > 0
    assert adjusted_rand(found.group[kept], truth[kept]) > 0.95


def test_groups_are_numbered_by_size_and_the_evidence_for_their_number_is_kept():
    votes, _ = planted(120, 60, 3, 2, loyalty=0.95)
    table = to_table(votes)
    few = from_table(np.concatenate([table[0::3], table[1:60:3], table[2:30:3]]))
    found = group_people(map_opinions(few))
    assert found.sizes == (40, 20, 10)
    assert [int((found.group == number).sum()) for number in (1, 2, 3)] == [40, 20, 10]
    assert [split.count for split in found.tried] == [2, 3, 4, 5]
    assert max(split.silhouette for split in found.tried) == found.silhouette
    assert all(sum(split.sizes) == 70 for split in found.tried)
    assert found.centres.shape == (3, 2)


def test_who_voted_too_little_is_not_grouped():
    table = np.sign(np.random.default_rng(0).normal(size=(30, 20)))
    table[0, 7:], table[1, 6:] = np.nan, np.nan
    votes = from_table(table)
    groups = group_people(map_opinions(votes))
    assert groups.group[0] > 0
    assert groups.group[1] == 0
    assert sum(groups.sizes) == 29
    # With fewer than 7 statements, who answered all of them is grouped.
    short = group_people(map_opinions(from_table(table[:, :5])))
    assert sum(short.sizes) == 30


def test_the_number_of_groups_can_be_set():
    votes, _ = planted(50, 20, 2, 0)
    opinion_map = map_opinions(votes)
    assert [group_people(opinion_map, count=k).count for k in (1, 2, 3, 4, 7)] == [1, 2, 3, 4, 7]
    with pytest.raises(ValueError, match="at least 1"):
        group_people(opinion_map, count=0)


def test_too_few_positions_make_one_group_or_none():
    same = group_people(map_opinions(from_table([[1, 1]] * 5)))
    assert (same.count, same.sizes, same.silhouette, same.tried) == (1, (5,), None, ())
    nobody = group_people(map_opinions(from_table([[np.nan, np.nan]])))
    assert (nobody.count, nobody.group.tolist()) == (0, [0])
    more = group_people(map_opinions(from_table([[1, 1], [-1, -1]])), count=5)
    assert more.count == 1


@pytest.mark.parametrize("people", [60, 300])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_people_and_statements_changes_nothing(people, seed):
    votes = structureless(people, 25, seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(people), rng.permutation(25)
    one = group_people(map_opinions(votes))
    other = group_people(map_opinions(turned(votes, rows, columns)))
    assert other.group.tolist() == one.group[rows].tolist()
    assert other.silhouette == pytest.approx(one.silhouette)


def test_small_clusters_are_100_and_everyone_is_in_one():
    points = np.random.default_rng(0).normal(size=(1000, 2))
    centres, weights, base = _base(points, 100)
    assert len(centres) == 100
    assert weights.sum() == 1000
    assert np.bincount(base).tolist() == weights.tolist()
    # Each person stands nearest to their own, or k-means had not settled: a handful at most.
    nearest = np.argmin(np.square(points[:, None] - centres[None]).sum(axis=2), axis=1)
    assert (nearest != base).sum() < 30


@pytest.mark.parametrize("seed", range(20))
def test_the_adjusted_rand_index_is_that_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, rng.integers(1, 6), 40), rng.integers(0, rng.integers(1, 6), 40)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
    assert adjusted_rand(one, one) == 1


def test_the_adjusted_rand_index_by_hand():
    """Pairs together: 2 in common, 6 and 4 of 15: (2 − 1.6) / (5 − 1.6)."""
    assert adjusted_rand([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2]) == pytest.approx(
        (2 - 6 * 3 / 15) / ((6 + 3) / 2 - 6 * 3 / 15)
    )
    assert adjusted_rand([], []) == 1
    assert adjusted_rand([1, 1], ["a", "b"]) == 0
    with pytest.raises(ValueError, match="same length"):
        adjusted_rand([1], [1, 2])
