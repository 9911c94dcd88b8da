"""Greedy, Phragmén and the comparison, by hand; their stories kept to their word by counting again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from maillage.methods.budgeting.election import Ballots, Election, Outcome, Ties, Utility, VoteType
from maillage.methods.budgeting.greedy import greedy
from maillage.methods.budgeting.greedy_stories import greedy_stories
from maillage.methods.budgeting.phragmen import phragmen
from maillage.methods.budgeting.phragmen_stories import phragmen_stories
from maillage.methods.budgeting.prefer import Preference, prefer

from .instances import election, instances, ties_of

NBSP = "\N{NO-BREAK SPACE}"

# Votes: p0 5, p1 4, p2 3, p3 1, p4 none.
SMALL = election(
    [60, 50, 20, 5, 10],
    [[0, 1], [0, 1], [0, 1, 2], [0, 2], [0], [1], [2, 3]],
    90,
)


def said(stories, place: int, language: str = "en") -> list[str]:
    return [line.said(language) for line in stories[place].lines]


def test_greedy_by_hand():
    # 60 of 90; p1 costs 50 and 30 is left: passed over; 20, then 5; 5 is left, and p4 costs 10.
    assert greedy(SMALL) == Outcome((0, 2, 3), Fraction(85))
    assert greedy(SMALL, skip=False) == Outcome((0,), Fraction(60))
    # Votes for each unit of cost: 0.2 (p3), 0.15 (p2), 0.083 (p0), 0.08 (p1), 0 (p4).
    assert greedy(SMALL, utility=Utility.CARDINALITY) == Outcome((3, 2, 0), Fraction(85))


def test_greedy_breaks_ties_as_asked():
    tied = election([7, 5, 5], [[0], [1], [2]], 5, ids=["a", "c", "b"])
    assert greedy(tied, ties=Ties.COST).winners == (2,)
    assert greedy(replace(tied, budget=Fraction(7)), ties=Ties.NAME).winners == (0,)
    assert {greedy(tied, ties=Ties.LOT, seed=seed).winners for seed in range(20)} == {(1,), (2,)}


def test_nobody_votes_and_money_is_left():
    assert greedy(election([3, 2], [], 4)).winners == (1,)
    assert phragmen(election([3, 2], [], 4)).winners == (1,)
    assert phragmen(election([3, 2], [], 5)).winners == (1, 0)
    assert greedy(election([], [], 5)) == Outcome((), Fraction(0))
    assert phragmen(election([], [], 5)) == Outcome((), Fraction(0))


def test_free_projects():
    free = election([0, 10, 0], [[1], [0, 1]], 9)
    assert set(greedy(free).winners) == {0, 2}
    assert greedy(free, utility=Utility.CARDINALITY).winners[0] == 0
    # p1 is too costly from the start; p2 is free, though nobody chose it.
    assert phragmen(free).winners == (0, 2)


def test_phragmen_by_hand():
    """p3 costs its one supporter 5. Then p2: (20 + 5) / 3 = 25 / 3 for each of its three.

    p0 would come at (60 + 2 × 25 / 3) / 5 = 46 / 3; p1 comes first, at (50 + 25 / 3) / 4 = 175 / 12; 15 is left.
    Then p0, at (60 + 3 × 175 / 12 + 25 / 3) / 5, which costs 60: the count stops.
    """
    assert phragmen(SMALL) == Outcome((3, 2, 1), Fraction(75))
    stories = phragmen_stories(SMALL)
    assert [stories[place].figures["load"] for place in (3, 2, 1)] == [5, Fraction(25, 3), Fraction(175, 12)]
    assert stories[0].figures["missing"] == 45


def test_phragmen_stops_where_one_of_the_tied_does_not_fit():
    tied = election([10, 10], [[0], [1]], 10)
    assert phragmen(tied).winners == (0,)
    # Once p2 is bought, p0 and p1 tie at 10: p1 would fit in what is left, p0 with its 20 does not.
    stopped = election([20, 10, 1], [[0], [0], [1], [2]], 20)
    assert phragmen(stopped).winners == (2,)
    assert said(phragmen_stories(stopped), 1)[1].startswith("Its turn came at the same moment as that of p0")


def test_prefer_by_hand():
    first, second = Outcome((0,), Fraction(60)), Outcome((1, 2), Fraction(70))
    # By cost: 60 against 50, 50, 70, 20, 0 for those who chose p0; 0 against 50 and 20 for the two others.
    assert prefer(SMALL, first, second) == Preference(4, 3)
    # By number: 1-1, 1-1, 1-2, 1-1, 1-0, 0-1, 0-1.
    assert prefer(SMALL, first, second, Utility.CARDINALITY) == Preference(1, 3)
    large = election([1 << 62, 1 << 62, 1], [[0, 1], [2]], 0)
    assert prefer(large, Outcome((0, 1), Fraction(0)), Outcome((2,), Fraction(0))) == Preference(1, 1)
    cents = election(["0.10", "0.20", "0.30"], [[0, 1, 2]], 1)
    assert prefer(cents, Outcome((0, 1), Fraction(0)), Outcome((2,), Fraction(0))) == Preference(0, 0)


def test_points_and_ranks_count_as_naming():
    pointed = election([5, 5], [[0], [0, 1], [1], [1]], 5, VoteType.CUMULATIVE, [[9], [9, 1], [0], [0]])
    assert greedy(pointed).winners == (1,)
    assert phragmen(pointed).winners == (1,)


def test_greedy_stories_in_words():
    stories = greedy_stories(SMALL)
    assert said(stories, 0) == [
        "5 people chose it.",
        "By number of votes, its place is 1 of 5.",
        "When its turn came, 90 of the envelope was left. It costs 60: it is funded.",
    ]
    assert said(stories, 1)[2:] == [
        "When its turn came, 30 of the envelope was left. It costs 50: 20 was missing.",
        "With 1 more vote, it would have been funded.",
    ]
    assert said(stories, 1, "fr")[2:] == [
        "Quand son tour est venu, il restait 30 dans l’enveloppe. Il coûte 50 : il manquait 20.".replace(
            " :", f"{NBSP}:"
        ),
        "Avec 1 vote de plus, il aurait été financé.",
    ]
    assert stories[1].figures == {
        "supporters": 4, "turn": 2, "cost": 50, "left": 30, "missing": 20, "more_votes": 1,
    }  # fmt: skip
    assert said(stories, 4)[0] == "Nobody chose it."
    stopped = greedy_stories(SMALL, skip=False)
    assert said(stopped, 2)[2].startswith("The count stopped before its turn")
    too_much = greedy_stories(replace(SMALL, budget=Fraction(55)))
    assert said(too_much, 0)[2:] == ["It costs 60, more than the whole envelope (55)."]


def test_phragmen_stories_in_words():
    stories = phragmen_stories(SMALL)
    assert said(stories, 2) == [
        "3 people chose it.",
        "It was funded in place 2 of 3.",
        "Those who chose it paid its cost (20) together, as soon as they had saved enough: 6.67 each on average.",
    ]
    assert said(stories, 0)[1] == "When its turn came, 15 of the envelope was left. It costs 60: 45 was missing."
    assert said(stories, 4)[1].startswith("The count stopped when the turn of p0 came")


def with_more(one: Election, project: int, people: int) -> Election:
    """The same election with more people who choose only this project."""
    starts = np.concatenate([one.ballots.starts, one.ballots.starts[-1] + 1 + np.arange(people)])
    chosen = np.concatenate([one.ballots.chosen, np.full(people, project, dtype=np.int32)])
    points = (
        None if one.ballots.points is None else np.concatenate([one.ballots.points, np.ones(people, dtype=np.int64)])
    )
    return replace(one, ballots=Ballots(starts, chosen, points))


RULES = {
    "greedy": (greedy, greedy_stories, "more_votes", {}),
    "cardinality": (greedy, greedy_stories, "more_votes", {"utility": Utility.CARDINALITY}),
    "stop": (greedy, greedy_stories, "more_votes", {"skip": False}),
    "cardinality, stop": (greedy, greedy_stories, "more_votes", {"utility": Utility.CARDINALITY, "skip": False}),
    "phragmen": (phragmen, phragmen_stories, "more_people", {}),
}


@pytest.mark.parametrize("name", RULES)
def test_what_a_story_says_was_missing_is_what_was_missing(name: str):
    """A loser wins with that many votes more, not with one less; where there is no number, no crowd helps."""
    rule, tell, missing, options = RULES[name]
    checked = 0
    for one, (ties, seed) in zip(instances(150, 11), ties_of(150, 12), strict=True):
        given = {**options, "ties": ties, "seed": seed}
        winners = set(rule(one, **given).winners)
        stories = tell(one, **given)
        assert [story.project for story in stories] == list(range(len(one.projects)))
        assert {story.project for story in stories if story.won} == winners
        for story in stories:
            assert story.figures["supporters"] == np.count_nonzero(one.ballots.chosen == story.project)
            if story.won:
                continue
            more = story.figures.get(missing)
            if more is None:
                assert one.projects[story.project].cost > one.budget
                assert story.project not in rule(with_more(one, story.project, 200), **given).winners
                continue
            assert story.project in rule(with_more(one, story.project, more), **given).winners, (one, story)
            assert story.project not in rule(with_more(one, story.project, more - 1), **given).winners, (one, story)
            checked += 1
    assert checked > 100


def test_the_lines_of_every_story_have_their_french():
    for one in instances(40, 21):
        for stories in (
            greedy_stories(one),
            greedy_stories(one, utility=Utility.CARDINALITY, skip=False),
            phragmen_stories(one),
        ):
            for story in stories:
                assert len(story.lines) >= 2
                assert all(line.said("fr") != line.said("en") for line in story.lines)


def plain_phragmen(one: Election, ties: Ties, seed: int) -> list[int]:
    """The definition, one fraction a voter: what the fast rounds are compared with."""
    from maillage.methods.budgeting.ties import order

    rank = order(one, ties, seed)
    starts, chosen = one.ballots.starts, one.ballots.chosen
    named = [set(chosen[starts[i] : starts[i + 1]].tolist()) for i in range(len(one.ballots))]
    loads, left, winners = [Fraction(0)] * len(named), one.budget, []
    still = [place for place, project in enumerate(one.projects) if project.cost <= left]
    while still:
        price = {}
        for place in still:
            who = [voter for voter, ballot in enumerate(named) if place in ballot]
            total = one.projects[place].cost + sum(loads[voter] for voter in who)
            price[place] = (0, total / len(who)) if who else (1, Fraction(0))
        tied = sorted((place for place in still if price[place] == min(price.values())), key=lambda place: rank[place])
        if any(one.projects[place].cost > left for place in tied):
            break
        left -= one.projects[tied[0]].cost
        loads = [price[tied[0]][1] if tied[0] in ballot else load for load, ballot in zip(loads, named, strict=True)]
        still.remove(tied[0])
        winners.append(tied[0])
    return winners


def test_the_rounds_follow_the_definition_in_order():
    for one, (ties, seed) in zip(instances(300, 31), ties_of(300, 32), strict=True):
        assert list(phragmen(one, ties=ties, seed=seed).winners) == plain_phragmen(one, ties, seed)


def test_the_order_of_the_file_changes_nothing():
    for one, (ties, seed) in zip(instances(200, 41), ties_of(200, 42), strict=True):
        size = len(one.projects)
        turned = replace(
            one, projects=one.projects[::-1], ballots=replace(one.ballots, chosen=(size - 1 - one.ballots.chosen))
        )
        for rule in (greedy, phragmen):
            mirrored = {size - 1 - place for place in rule(turned, ties=ties, seed=seed).winners}
            assert mirrored == set(rule(one, ties=ties, seed=seed).winners)


def test_greedy_leaves_nothing_that_would_fit():
    for one, (ties, seed) in zip(instances(200, 61), ties_of(200, 62), strict=True):
        for utility in Utility:
            outcome = greedy(one, utility=utility, ties=ties, seed=seed)
            left = one.budget - outcome.cost
            losers = set(range(len(one.projects))) - set(outcome.winners)
            assert left >= 0
            assert all(one.projects[place].cost > left for place in losers)
