"""The rules that rank: by hand, by properties, and beside pref_voting."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.errors import Unreadable
from maillage.methods.ranking import ranked_pairs as module
from maillage.methods.ranking.approval import approval
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.borda import Remaining, borda
from maillage.methods.ranking.explain import explain_ranking
from maillage.methods.ranking.instant_runoff import Overvotes, RunoffTies, instant_runoff
from maillage.methods.ranking.pairwise import Strength, Unranked, pairwise
from maillage.methods.ranking.ranked_pairs import PairTies, ranked_pairs
from maillage.methods.ranking.read import read_ballots
from maillage.methods.ranking.schulze import schulze
from maillage.methods.ranking.score import Measure, score
from tests.methods.ranking.made import ballots_of, drawn
from tests.methods.ranking.peers import grade_profiles, grades, iterative, margins, profiles, scoring, tied_profiles

MANY = 1000
RULES = (approval, score, borda, schulze, ranked_pairs, instant_runoff)


def profile_of(ballots, unranked=Unranked.LAST):
    """The same ballots for pref_voting: a rank for each option that is not blank."""
    rows = [
        {place: -value for place, value in enumerate(row) if value != ballots.blank} for row in ballots.values.tolist()
    ]
    profile = tied_profiles.ProfileWithTies(rows, candidates=list(range(len(ballots.options))))
    if unranked is Unranked.LAST:
        profile.use_extended_strict_preference()
    return profile


def first(result):
    return list(result.groups[0])


# By hand


def test_scores_and_approvals_by_hand():
    ballots = ballots_of([3, 1, None], [2, 2, None], [0, 3, None])
    assert approval(ballots).ranking == [["A", "B"], ["C"]]
    assert approval(ballots, at_least=2).votes == (2, 2, 0)
    assert approval(ballots, at_least=Fraction(5, 2)).votes == (1, 1, 0)
    assert approval(ballots, at_least=10**6).votes == (0, 0, 0)
    assert approval(ballots, at_least=-(10**6)).votes == (3, 3, 0)
    assert score(ballots).scores == (5, 6, 0)
    means = score(ballots_of([3, None], [0, 2]), measure=Measure.MEAN)
    assert means.scores == (Fraction(3, 2), 2)
    assert means.ranking == [["B"], ["A"]]
    assert score(ballots_of([3, None], [0, 2]), measure=Measure.MEAN_OF_ALL).scores == (Fraction(3, 2), 1)
    assert score(ballots, measure=Measure.MEAN).ranking == [["B"], ["A"], ["C"]]
    assert score(ballots, measure=Measure.MEAN).scores[2] is None


def test_decimals_and_counts_are_exact():
    ballots = read_ballots(b"A;B\n0,1;0,3\n0,2;0\n")
    assert score(ballots).ranking == [["A", "B"]]
    assert approval(ballots, at_least=Fraction(1, 5)).votes == (1, 1)
    counted = read_ballots(b"count,vote\n3,A>B\n2,B\n")
    assert borda(counted).points == (3, 2)
    assert instant_runoff(counted).rounds[0].votes == (3, 2)


def test_borda_by_hand():
    # A alone ranked: 2 points, and B and C share 1 and 0. Then B > A = C: 2, and A and C share 1.
    ballots = ballots_of([3, None, None], [1, 2, 1])
    assert borda(ballots).points == (Fraction(5, 2), Fraction(5, 2), 1)
    assert borda(ballots, remaining=Remaining.LOST).points == (Fraction(5, 2), 2, Fraction(1, 2))


SCHULZE_2011 = (
    b"count,vote\n5,A>C>B>E>D\n5,A>D>E>C>B\n8,B>E>D>A>C\n3,C>A>B>E>D\n7,C>A>E>B>D\n2,C>B>A>D>E\n7,D>C>E>B>A\n"
    b"8,E>B>A>D>C\n"
)


@pytest.mark.parametrize("strength", Strength)
def test_the_example_of_schulze_s_paper(strength):
    result = schulze(read_ballots(SCHULZE_2011), strength=strength)
    assert result.ranking == [["E"], ["A"], ["C"], ["B"], ["D"]]
    if strength is Strength.WINNING_VOTES:
        order = [result.options.index(name) for name in "ABCDE"]
        assert result.paths[np.ix_(order, order)].tolist() == [
            [0, 28, 28, 30, 24],
            [25, 0, 28, 33, 24],
            [25, 29, 0, 29, 24],
            [25, 28, 28, 0, 24],
            [25, 28, 28, 31, 0],
        ]


TENNESSEE = b"count,vote\n42,M>N>C>K\n26,N>C>K>M\n15,C>K>N>M\n17,K>C>N>M\n"


def test_the_capital_of_tennessee():
    ballots = read_ballots(TENNESSEE)
    assert ranked_pairs(ballots).ranking == [["N"], ["C"], ["K"], ["M"]]
    assert schulze(ballots).ranking == [["N"], ["C"], ["K"], ["M"]]
    assert borda(ballots).points == (126, 194, 173, 107)
    runoff = instant_runoff(ballots)
    assert runoff.ranking == [["K"], ["M"], ["N"], ["C"]]
    assert [turn.votes for turn in runoff.rounds[:3]] == [(42, 26, 15, 17), (42, 26, 32), (42, 58)]
    assert runoff.rounds[2].majority == runoff.options.index("K")


def test_a_circle_gives_up_its_weakest_victory_and_equal_circles_are_ties():
    circle = read_ballots(b"count,vote\n5,A>B>C\n4,B>C>A\n3,C>A>B\n")
    result = ranked_pairs(circle)
    assert result.ranking == [["A"], ["B"], ["C"]]
    assert result.skipped == ((2, 0),)
    even = read_ballots(b"vote\nA>B>C\nB>C>A\nC>A>B\n")
    for ties in (PairTies.PARALLEL, PairTies.TOGETHER):
        assert ranked_pairs(even, ties=ties).ranking == [["A", "B", "C"]]
        assert len(ranked_pairs(even, ties=ties).undecided) == 3
    drawn_order = {tuple(map(tuple, ranked_pairs(even, ties=PairTies.LOT, seed=seed).ranking)) for seed in range(30)}
    assert len(drawn_order) == 3
    assert (
        ranked_pairs(even, ties=PairTies.LOT, seed=4).ranking == ranked_pairs(even, ties=PairTies.LOT, seed=4).ranking
    )


def test_too_many_orders_are_not_followed_and_the_result_says_so(monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    result = ranked_pairs(read_ballots(b"vote\nA>B>C\nB>C>A\nC>A>B\n"))
    assert result.ties is PairTies.TOGETHER
    assert result.asked is PairTies.PARALLEL
    assert result.ranking == [["A", "B", "C"]]
    assert "taken all together" in explain_ranking(result, 0)[-2].said()
    assert "prises toutes ensemble" in explain_ranking(result)[-2].said("fr")


@pytest.mark.parametrize("size", [12, 40])
def test_too_many_orders_are_given_up_in_time_whatever_the_order_of_the_options(size):
    """Three blocks of options in a circle of equals: every victory between blocks may be locked first, or not."""
    third = size // 3
    rows = [[(place + block * third) % size for place in range(size)] for block in range(3)]
    given, turned = (
        ranked_pairs(ballots_of(*ballots, options=names))
        for ballots, names in (
            (rows, [f"n{place}" for place in range(size)]),
            ([row[::-1] for row in rows], [f"n{place}" for place in reversed(range(size))]),
        )
    )
    assert given.given_up
    assert turned.given_up
    assert [set(group) for group in given.ranking] == [set(group) for group in turned.ranking]


def test_equal_last_options_leave_together_or_in_turn():
    ballots = read_ballots(b"count,vote\n3,A>B>C\n2,B>C>A\n2,C>B>A\n")
    assert instant_runoff(ballots).ranking == [["A"], ["B", "C"]]
    assert instant_runoff(ballots, ties=RunoffTies.PARALLEL).ranking == [["B", "C"], ["A"]]


def test_equal_first_ranks_are_shared_or_refused():
    ballots = read_ballots(b"vote\nA=B>C\nC\nC>A\n")
    turn = instant_runoff(ballots).rounds[0]
    assert turn.votes == (Fraction(1, 2), Fraction(1, 2), 2)
    with pytest.raises(Unreadable, match="Line 2: this ballot puts several options first"):
        instant_runoff(ballots, overvotes=Overvotes.REFUSED)


@pytest.mark.parametrize("rule", RULES)
def test_no_voter_or_one_option_is_no_trouble(rule):
    nobody = RatingBallots(("A", "B"), np.empty((0, 2), dtype=np.int8))
    assert rule(nobody).ranking == [["A", "B"]]
    assert rule(ballots_of([None, None], [None, None])).ranking == [["A", "B"]]
    assert rule(ballots_of([3])).ranking == [["A"]]
    assert rule(ballots_of([None])).ranking == [["A"]]


# In words


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("source", [TENNESSEE, SCHULZE_2011, b"vote\nA>B>C\nB>C>A\nC>A>B\n", b"A,B\n,\n1,\n"])
def test_every_result_says_why_in_both_languages(rule, source):
    ballots = read_ballots(source)
    if rule is score and ballots.ordinal:
        with pytest.raises(Unreadable, match="These ballots rank options"):
            score(ballots)
        return
    result = rule(ballots)
    whole = explain_ranking(result)
    assert whole
    for place in range(len(result.options)):
        lines = explain_ranking(result, place)
        assert lines
        assert all(line in whole or rule is ranked_pairs for line in lines)
        assert all("%(" not in line.said(language) for line in lines for language in ("en", "fr"))


def test_words_of_a_path_and_of_a_round():
    said = [line.said() for line in explain_ranking(schulze(read_ballots(SCHULZE_2011)))]
    assert "Nothing is above E." in said
    assert any("by a path of victories: A, D, E, B" in line or "by a path of victories" in line for line in said)
    said = [line.said("fr") for line in explain_ranking(instant_runoff(read_ballots(TENNESSEE)))]
    assert said[0] == "Tour 1\N{NO-BREAK SPACE}: M 42, N 26, K 17, C 15."
    assert said[1] == "C est éliminé, avec 15."
    assert "K a plus de la moitié des bulletins qui comptent encore, et gagne." in said


# By properties


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_names_and_order_of_ballots_change_nothing(seed, random):
    ballots = drawn(seed)
    order = list(range(len(ballots.options)))
    random.shuffle(order)
    rows = list(range(len(ballots.values)))
    random.shuffle(rows)
    moved = RatingBallots(tuple(ballots.options[place] for place in order), ballots.values[rows][:, order])
    counted = RatingBallots(ballots.options, ballots.values, np.full(len(rows), 3, dtype=np.int64))
    for rule in RULES:
        expected = [set(group) for group in rule(ballots).ranking]
        assert [set(group) for group in rule(moved).ranking] == expected
        if rule is not score:
            assert [set(group) for group in rule(counted).ranking] == expected
    assert sorted(place for group in schulze(ballots).groups for place in group) == sorted(order)


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_an_option_that_beats_every_other_wins_and_one_that_loses_to_all_is_last(seed):
    ballots = drawn(seed)
    counts = pairwise(ballots)
    beats = (counts > counts.T).sum(axis=1)
    loses = (counts < counts.T).sum(axis=1)
    for rule in (schulze, ranked_pairs):
        result = rule(ballots)
        for place in np.flatnonzero(beats == len(counts) - 1):
            assert result.groups[0] == (place,)
        for place in np.flatnonzero(loses == len(counts) - 1):
            assert result.groups[-1] == (place,)


@pytest.mark.parametrize("unranked", Unranked)
def test_fast_pair_counts_are_those_of_a_plain_loop(unranked):
    for seed in range(100):
        ballots = drawn(seed)
        size = len(ballots.options)
        plain = np.zeros((size, size), dtype=int)
        for row in ballots.values.tolist():
            for a in range(size):
                for b in range(size):
                    known = ballots.blank not in (row[a], row[b]) or unranked is Unranked.LAST
                    plain[a, b] += known and row[a] > row[b]
        assert (pairwise(ballots, unranked=unranked) == plain).all()


def plain_ranked_pairs(ballots):
    """Every order of locking, one by one: the best level of each option."""
    counts = pairwise(ballots)
    size = len(counts)
    by_margin = {}
    for a, b in permutations(range(size), 2):
        if counts[a, b] > counts[b, a]:
            by_margin.setdefault(counts[a, b] - counts[b, a], []).append((a, b))
    classes = [by_margin[margin] for margin in sorted(by_margin, reverse=True)]
    best = [size] * size
    for order in product(*(permutations(pairs) for pairs in classes)):
        locked = set()
        for a, b in (pair for pairs in order for pair in pairs):
            if not reaches(locked, b, a):
                locked.add((a, b))
        for place in range(size):
            best[place] = min(best[place], longest_above(locked, place))
    return [tuple(place for place in range(size) if best[place] == level) for level in sorted(set(best))]


def reaches(locked, start, end):
    return start == end or any(reaches(locked, b, end) for a, b in locked if a == start)


def longest_above(locked, place):
    return max((1 + longest_above(locked, a) for a, b in locked if b == place), default=0)


def test_orders_of_locking_followed_together_are_those_followed_one_by_one():
    several = 0
    for seed in range(600):
        ballots = drawn(seed, most=4, voters=5, strict=True, complete=seed % 2 == 0)
        result = ranked_pairs(ballots)
        if max(Counter(strength for _pair, strength in result.victories).values(), default=0) <= 5:
            assert list(result.groups) == plain_ranked_pairs(ballots), seed
            several += bool(result.undecided)
    assert several > 10


# Beside pref_voting


@pytest.mark.parametrize("unranked", Unranked)
def test_schulze_beside_pref_voting(unranked):
    for seed in range(MANY):
        ballots = drawn(seed)
        profile = profile_of(ballots, unranked)
        assert first(schulze(ballots, unranked=unranked)) == margins.beat_path_Floyd_Warshall(profile), seed
        if seed % 5 == 0:
            found = schulze(ballots, unranked=unranked, strength=Strength.WINNING_VOTES)
            assert first(found) == margins.beat_path_Floyd_Warshall(profile, strength_function=profile.support), seed


@pytest.mark.parametrize("unranked", Unranked)
def test_ranked_pairs_beside_pref_voting(unranked):
    compared = 0
    for seed in range(2 * MANY):
        ballots = drawn(seed, most=4)
        counts = pairwise(ballots, unranked=unranked)
        found = (counts - counts.T)[counts >= counts.T].tolist()
        # pref_voting goes through every permutation of equal victories, two for each pair without one, and of options
        # with themselves: beyond a few it does not end.
        if max(found.count(margin) - (margin == 0) * len(counts) for margin in found) > 5:
            continue
        compared += 1
        theirs = margins.ranked_pairs(profile_of(ballots, unranked))
        assert first(ranked_pairs(ballots, unranked=unranked)) == theirs, seed
    assert compared >= MANY


def test_a_lot_beside_pref_voting():
    for seed in range(300):
        ballots = drawn(seed)
        result = ranked_pairs(ballots, ties=PairTies.LOT, seed=seed)
        assert all(len(group) == 1 for group in result.groups)
        names = sorted(ballots.options, key=lambda name: sha256(f"{seed}:{name}".encode()).hexdigest())
        lot = [ballots.options.index(name) for name in names]
        if len(lot) > 1:
            assert first(result) == margins.ranked_pairs_tb(profile_of(ballots), tie_breaker=lot), seed


def test_borda_beside_pref_voting():
    for seed in range(MANY):
        ballots = drawn(seed)
        profile = profile_of(ballots)
        result = borda(ballots)
        assert first(result) == scoring.borda_for_profile_with_ties(profile), seed
        theirs = scoring.symmetric_borda_scores(profile)
        middle = Fraction((len(ballots.options) - 1) * ballots.total, 2)
        assert [int(2 * (points - middle)) for points in result.points] == list(theirs.values())


def test_instant_runoff_beside_pref_voting():
    for seed in range(MANY):
        ballots = drawn(seed, strict=True, complete=True)
        profile = profiles.Profile([np.argsort(-row).tolist() for row in ballots.values])
        assert first(instant_runoff(ballots)) == iterative.instant_runoff(profile), seed
        assert first(instant_runoff(ballots, ties=RunoffTies.PARALLEL)) == iterative.instant_runoff_put(profile), seed


def test_instant_runoff_of_short_ballots_beside_pref_voting():
    for seed in range(MANY):
        ballots = drawn(seed, strict=True)
        if (ballots.values == ballots.blank).all():
            continue
        assert first(instant_runoff(ballots)) == iterative.instant_runoff_for_truncated_linear_orders(
            profile_of(ballots)
        ), seed


def test_scores_beside_pref_voting():
    for seed in range(MANY):
        ballots = drawn(seed)
        rows = [
            {place: value for place, value in enumerate(row) if value != ballots.blank}
            for row in ballots.values.tolist()
        ]
        theirs = grade_profiles.GradeProfile(rows, list(range(7)), candidates=list(range(len(ballots.options))))
        if all(theirs.has_grade(place) for place in range(len(ballots.options))):
            assert first(score(ballots)) == grades.score_voting(theirs), seed
