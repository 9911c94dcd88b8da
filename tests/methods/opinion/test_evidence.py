"""Are there groups? The rate of false alarms, what is found, what is not, and the words."""

from functools import partial

import numpy as np
import pytest

from maillage.methods.opinion import Verdict, explain, group_people, map_opinions, reading, weigh_groups
from maillage.methods.opinion.evidence import _Dealer
from tests.methods.opinion.made import from_table, gradient, planted, structureless, to_table

# The level of the tests, 1 in 5, is told by few redraws; the benchmark counts at 5 % on many more.
quick = partial(weigh_groups, redraws=9, halves=0, level=0.2)


def verdict(votes, seed, weigh=quick):
    opinion_map = map_opinions(votes)
    regroup = partial(group_people, starts=12)
    return weigh(votes, opinion_map, regroup(opinion_map), seed=seed, regroup=regroup)


def test_votes_without_structure_have_no_clear_groups_at_the_rate_said():
    """The first question alone is an exact test: p ≤ 0.2 in 1 of 5 conversations. 60 of them: 12 ± 3.1."""
    found = [verdict(structureless(30, 12, seed), seed) for seed in range(60)]
    alarms = sum(one.p_structure <= 0.2 for one in found)
    assert 3 <= alarms <= 22
    # The verdict asks for a gap besides: it errs less often.
    assert sum(one.clear for one in found) <= 8


def test_the_p_value_is_spread_evenly_without_structure():
    values = [verdict(structureless(25, 10, 1000 + seed, share=0.1), seed).p_structure for seed in range(40)]
    assert 0.35 < np.mean(values) < 0.75


@pytest.mark.parametrize("seed", range(3))
def test_two_planted_groups_are_clear(seed):
    found = verdict(planted(60, 30, 2, seed)[0], seed, partial(weigh_groups, redraws=19, halves=5))
    assert found.verdict is Verdict.CLEAR
    assert found.p_structure == found.p_gap == 1 / 20
    assert found.stability > 0.9
    assert found.silhouette > found.silhouette_in_one_cloud > 0


def test_a_gradient_is_structure_without_groups():
    found = [verdict(gradient(80, 25, seed), seed, partial(weigh_groups, redraws=19, halves=0)) for seed in range(5)]
    assert all(one.p_structure == 1 / 20 for one in found)
    assert sum(one.verdict is Verdict.ONE_CLOUD for one in found) >= 4


def test_groups_that_half_of_the_people_do_not_find_are_not_clear():
    votes, _ = planted(60, 30, 2, 0)
    opinion_map = map_opinions(votes)
    groups = group_people(opinion_map)
    rng = np.random.default_rng(0)

    def anything(opinion_map, count=None):
        """Groups as if drawn anew each time for the halves; as they are for the redraws."""
        found = group_people(opinion_map)
        if count is not None:
            found.group[found.group > 0] = rng.integers(1, 3, (found.group > 0).sum())
        return found

    found = weigh_groups(votes, opinion_map, groups, redraws=19, halves=5, regroup=anything)
    assert found.verdict is Verdict.UNSTABLE
    assert found.stability < 0.65


def test_dealing_again_keeps_the_holes_and_the_totals():
    votes = structureless(30, 8, 3)
    again = _Dealer(votes).dealt(np.random.default_rng(0).random(len(votes.value)))
    before, after = to_table(votes), to_table(again)
    assert np.isnan(before).tolist() == np.isnan(after).tolist()
    for vote in (1, 0, -1):
        assert (before == vote).sum(axis=0).tolist() == (after == vote).sum(axis=0).tolist()
    assert (before[~np.isnan(before)] != after[~np.isnan(after)]).any()


def test_the_same_seed_gives_the_same_evidence():
    votes = planted(40, 20, 2, 0)[0]
    one, other = (reading(votes, redraws=19, seed=5).evidence for _ in range(2))
    assert one == other


def test_too_little_to_test():
    assert verdict(structureless(9, 12, 0), 0).verdict is Verdict.TOO_FEW
    assert verdict(from_table([[1, 1]] * 30), 0).verdict is Verdict.TOO_FEW
    votes = planted(40, 20, 2, 0)[0]
    assert reading(votes, redraws=0).evidence.verdict is Verdict.UNTESTED
    with pytest.raises(ValueError, match="so few"):
        reading(votes, redraws=18)


def test_progress_ends_at_its_end():
    told = []
    reading(planted(40, 20, 2, 0)[0], redraws=19, progress=lambda done, of: told.append((done, of)))
    assert told[0] == (1, 58)
    assert told[-1] == (58, 58)


def test_the_words_of_each_verdict():
    votes, _ = planted(60, 30, 2, 0)
    said = explain(reading(votes, redraws=19))
    assert str(said.verdict) == "There are 2 clear groups."
    assert said.verdict.said("fr") == "Il y a 2 groupes clairs."
    assert len(said.evidence) == 4 + 3
    assert "0 of 19 random deals" in str(said.evidence[4])
    nothing = explain(reading(structureless(40, 12, 1), redraws=19))
    assert str(nothing.verdict).startswith("There are no clear groups: as far as")
    assert nothing.verdict.said("fr").startswith("Il n’y a pas de groupes clairs\xa0: d’après")
