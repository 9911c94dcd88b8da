"""The method of equal shares: by hand, against plain fractions, by properties, against pabutools, as it happened."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pabutools.rules import exhaustion_by_budget_increase, greedy_utilitarian_welfare, method_of_equal_shares

from maillage.methods.budgeting import _share_rows
from maillage.methods.budgeting._exact_shares import ExactShares
from maillage.methods.budgeting.election import Election, Ties, Utility, VoteType
from maillage.methods.budgeting.equal_shares import Completion, Endowment, Stop, equal_shares
from maillage.methods.budgeting.equal_shares_stories import equal_shares_stories
from maillage.methods.budgeting.read import read_pabulib
from maillage.methods.budgeting.ties import order

from . import plain_shares
from .instances import election, instances, ties_of
from .peer import SATISFACTION, converted, ids, peer_ids, same_ties

VARIANTS = list(itertools.product(Utility, Endowment, (None, True, False)))
"""Utility, endowment, and no completion or Add1 with or without the exhaustive stop."""


def counted(one: Election, utility: Utility, endowment: Endowment, stop: bool | None, ties=Ties.COST, seed=0):
    completion = Completion.NONE if stop is None else Completion.ADD1
    return equal_shares(
        one, utility=utility, endowment=endowment, completion=completion, exhaustive_stop=bool(stop), ties=ties,
        seed=seed,
    )  # fmt: skip


PARK, BENCH, LAMP, SLIDE = range(4)
WORKED = election(
    [18, 12, 14, 20],
    [[PARK, BENCH, LAMP], [PARK, BENCH], [PARK, BENCH, SLIDE], [LAMP, SLIDE]],
    44,
    ids=["park", "bench", "lamp", "slide"],
)
"""The worked example of the page: Ana, Bo, Cy and Dee."""


def test_by_hand():
    """44 for four people: each receives 11."""
    found = equal_shares(WORKED)
    # Price by unit of cost: park 6/18, bench 4/12 (a tie: least cost first), lamp 7/14, slide 10/20.
    # Then Ana, Bo and Cy have 7 left, and pay 6 each for the park. For the lamp Ana has 1 and Dee 11: 2 are missing.
    assert found.winners == (BENCH, PARK)
    assert dict(found.prices) == {BENCH: 4, PARK: 6}
    assert (found.rho(PARK), found.cost, found.endowment, found.stop) == (Fraction(1, 3), 30, 11, Stop.SINGLE)


def test_completions_by_hand():
    # With 12 each, Ana puts in the 2 that she has left and Dee her 12: the lamp is paid, and nothing is left.
    more = equal_shares(WORKED, completion=Completion.ADD1)
    assert (more.winners, more.rounds, more.stop) == ((BENCH, PARK, LAMP), 1, Stop.EXHAUSTIVE)
    assert dict(more.prices) == {BENCH: 4, PARK: 6, LAMP: 12}
    paid = more.payments(LAMP)
    assert paid.ballots.tolist() == [0, 3]
    assert [paid.amounts[place] for place in paid.places] == [2, 12]
    # Without the stop: with e each, Cy has e - 10 for the slide and Dee 2e - 24 (the lamp costs her 24 - e): 18 and 18.
    longer = equal_shares(WORKED, completion=Completion.ADD1, exhaustive_stop=False)
    assert (longer.winners, longer.stop) == ((BENCH, PARK, LAMP), Stop.OVERSPENT)
    assert set(longer.beyond) == {BENCH, PARK, LAMP, SLIDE}


@pytest.mark.parametrize(("utility", "endowment", "stop"), VARIANTS)
def test_random_elections_against_plain_fractions(utility, endowment, stop):
    kinds = zip(instances(250, 11, tuple(VoteType)), ties_of(250, 12), strict=True)
    for one, (ties, seed) in kinds:
        people = len(one.ballots)
        if not people or (stop is not None and one.budget / people + 60 < max(p.cost for p in one.projects)):
            continue
        rank = order(one, ties, seed).tolist()
        start = one.budget / people if endowment is Endowment.EXACT else Fraction(one.budget // people)
        found = counted(one, utility, endowment, stop, ties, seed)
        rounds, prices = 0, {}
        if stop is None:
            prices = plain_shares.shares(one, utility, start, rank)
        else:
            rounds, prices = plain_shares.add_one(one, utility, start, rank, stop)
        assert (found.rounds, list(found.prices.items())) == (rounds, list(prices.items())), one


# Against pabutools

COUNT = 200
"""Elections for each variant."""


def peer_shares(one: Election, utility: Utility, endowment: Endowment, stop: bool | None, ties: Ties, seed: int):
    """The winners of pabutools, a set of ids, and its greedy completion of them."""
    instance, profile = converted(one)
    options = {"sat_class": SATISFACTION[utility], "tie_breaking": same_ties(one, ties, seed)}
    people = profile.num_ballots()
    # A whole endowment: the envelope is what the people receive together.
    excess = instance.budget_limit - people * (instance.budget_limit // people) if endowment == "integral" else 0
    if stop:
        found = add_one_with_stop(instance, profile, excess, options)
    else:
        # Its bound on the envelope, made for exact endowments, would end before the first round here.
        larger = {"budget_step": people, "budget_bound": instance.budget_limit + 250 * people}

        def rule(larger, profile, **more):
            smaller = larger.__class__(larger, budget_limit=larger.budget_limit - excess)
            return method_of_equal_shares(smaller, profile, **options, **more)

        found = (
            rule(instance, profile)
            if stop is None
            else exhaustion_by_budget_increase(instance, profile, rule, exhaustive_stop=False, **larger)
        )
    greedy = greedy_utilitarian_welfare(instance, profile, **options, initial_budget_allocation=found)
    return peer_ids(found), peer_ids(greedy)


def add_one_with_stop(instance, profile, excess, options):
    """pabutools' own Add1, from any first endowment."""
    from pabutools.election.profile import AbstractApprovalProfile
    from pabutools.rules.budgetallocation import BudgetAllocation
    from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme

    people = profile.num_ballots()
    return method_of_equal_shares_scheme(
        instance,
        profile,
        profile.as_sat_profile(sat_class=options["sat_class"]),
        (instance.budget_limit - excess) / people,
        BudgetAllocation(),
        options["tie_breaking"],
        voter_budget_increment=1,
        binary_sat=isinstance(profile, AbstractApprovalProfile),
    )


def comparable(one: Election, stop: bool | None) -> bool:
    """pabutools counts each round anew, never ends without voters, and takes an hour where costs are large."""
    return bool(len(one.ballots)) and (stop is None or max(p.cost for p in one.projects) < 110)


@pytest.mark.parametrize(("utility", "endowment", "stop"), VARIANTS)
def test_random_elections_against_pabutools(utility, endowment, stop):
    start = VARIANTS.index((utility, endowment, stop))
    kinds = zip(instances(COUNT, 100 + start, tuple(VoteType)), ties_of(COUNT, 200 + start), strict=True)
    for one, (ties, seed) in kinds:
        if not comparable(one, stop):
            continue
        found = counted(one, utility, endowment, stop, ties, seed)
        winners, completed = peer_shares(one, utility, endowment, stop, ties, seed)
        assert ids(one, found) == winners, (one, ties, seed)
        if stop is not None:
            greedy = equal_shares(
                one, utility=utility, endowment=endowment, completion=Completion.ADD1_GREEDY, exhaustive_stop=stop,
                ties=ties, seed=seed,
            )  # fmt: skip
            assert ids(one, greedy) == completed, (one, ties, seed)
            assert greedy.winners[: len(found.winners)] == found.winners


# What really happened


def written(one: Election) -> set[str]:
    return {project.id for project in one.projects if project.columns["selected"] == "1"}


@pytest.mark.real_data
def test_wieliczka_2023_as_it_happened(real_data: Path):
    """Thirty projects, by Add1 that does not stop at the first outcome where nothing more fits."""
    one = read_pabulib(real_data / "budgets" / "Poland_Wieliczka_2023_Green_Budget.pb")
    found = equal_shares(one, completion=Completion.ADD1, exhaustive_stop=False)
    assert len(found.winners) == 30
    assert ids(one, found) == written(one)
    assert ids(one, equal_shares(one, completion=Completion.ADD1)) != written(one)


@pytest.mark.real_data
@pytest.mark.parametrize("stop", [True, False])
def test_swiecie_2023_and_assen_2024_as_they_happened(real_data: Path, stop: bool):
    for name, completions in (
        ("Poland_Swiecie_2023.pb", (Completion.ADD1, Completion.ADD1_GREEDY)),
        ("Netherlands_Assen_2024.pb", (Completion.ADD1,)),
    ):
        one = read_pabulib(real_data / "budgets" / name)
        for completion in completions:
            found = equal_shares(one, completion=completion, exhaustive_stop=stop)
            assert ids(one, found) == written(one), (name, completion)


@pytest.mark.real_data
def test_real_elections_against_pabutools(real_data: Path):
    """Without completion, where pabutools takes seconds; ``benchmarks/methods_budgets.py`` compares Add1."""
    for path, ties in zip(sorted((real_data / "budgets").glob("*.pb")), itertools.cycle(Ties), strict=False):
        one = read_pabulib(path)
        if len(one.ballots) > 5000:
            continue
        for utility, endowment in zip(Utility, Endowment, strict=True):
            found = counted(one, utility, endowment, None, ties, 7)
            assert ids(one, found) == peer_shares(one, utility, endowment, None, ties, 7)[0], (path.name, utility)


# Exactness


def same_as_plain(one: Election, utility: Utility, endowment: Fraction | None = None) -> None:
    start = one.budget / len(one.ballots) if endowment is None else endowment
    prices = plain_shares.shares(one, utility, start, order(one, Ties.NAME, 0).tolist())
    assert list(equal_shares(one, utility=utility, ties=Ties.NAME).prices.items()) == list(prices.items())


@pytest.mark.parametrize("utility", Utility)
def test_costs_that_floats_cannot_tell_apart(utility):
    """A millionth on a thousand billions: 10⁻¹⁸ of the price, sixteen times less than what a float keeps."""
    near = Fraction(10**18 + 1, 10**6)
    named = [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2], [3], []]
    for costs in ([near, 10**12, near, 10**12 + 1], [10**12, near, 10**12, near], [10**12, 10**12, near, near]):
        for budget in (2 * 10**12, 2 * near, 2 * near + 1, 3 * near, Fraction(10**13, 7)):
            same_as_plain(election(costs, named, budget), utility)


@pytest.mark.parametrize("utility", Utility)
def test_what_can_just_be_paid(utility):
    """The supporters have exactly the cost, or a millionth of a cent less."""
    for cost in (Fraction(100, 3), Fraction(10**8 + 1, 3 * 10**6), Fraction(10**8 - 1, 3 * 10**6)):
        one = election([cost, 10, 5], [[0], [1], [2]], 100)
        same_as_plain(one, utility)
        assert (0 in equal_shares(one).winners) == (cost <= Fraction(100, 3))


@pytest.mark.parametrize(("utility", "endowment", "stop"), VARIANTS)
def test_the_exact_way_decides_alone(utility, endowment, stop, monkeypatch):
    """With floats that are told to be bad, every choice is made in fractions: the same outcome."""
    kinds = list(zip(instances(60, 31), ties_of(60, 32), strict=True))
    kinds = [(one, ties) for one, ties in kinds if comparable(one, stop)]
    before = [counted(one, utility, endowment, stop, *ties) for one, ties in kinds]
    asked = []
    best = _share_rows.ExactShares.best
    monkeypatch.setattr(_share_rows.ExactShares, "best", lambda self, some: asked.append(1) or best(self, some))
    monkeypatch.setattr(_share_rows, "UNIT", 0.02)
    monkeypatch.setattr(_share_rows, "_quotients", lambda electorate, whole: np.full(len(whole), np.nan))
    after = [counted(one, utility, endowment, stop, *ties) for one, ties in kinds]
    assert [(one.winners, one.rounds, one.stop) for one in after] == [
        (one.winners, one.rounds, one.stop) for one in before
    ]
    assert len(asked) > 5, "the floats did not decide"


def test_a_million_equal_ballots():
    starts = np.arange(0, 2_000_001, 2)
    one = election([10**6, 3 * 10**6, 5 * 10**6], [], 4 * 10**6)
    ballots = type(one.ballots)(starts, np.tile(np.array([0, 1], dtype=np.int32), 1_000_000))
    found = equal_shares(Election(one.projects, one.budget, ballots))
    assert (found.winners, dict(found.prices)) == ((0, 1), {0: 1, 1: 3})
    paid = found.payments(1)
    assert (len(paid.ballots), paid.amounts) == (1_000_000, (3,))


def test_what_is_left_together_is_the_sum_of_what_each_has_left():
    for one in instances(150, 41):
        if not len(one.ballots):
            continue
        found = equal_shares(one)
        exact = ExactShares(found.electorate, found.endowment)
        for project in (None, *found.bought):
            if project is not None:
                exact.buy(project)
            for place in range(len(one.projects)):
                assert exact.total(place) == sum(balance * people for balance, people in exact.holdings(place))


# Properties


@st.composite
def elections(draw) -> Election:
    size = draw(st.integers(1, 5))
    costs = draw(st.lists(st.fractions(0, 40, max_denominator=6), min_size=size, max_size=size))
    ballot = st.lists(st.integers(0, size - 1), max_size=size, unique=True)
    return election(costs, draw(st.lists(ballot, max_size=8)), draw(st.fractions(0, 90, max_denominator=7)))


@settings(max_examples=200, deadline=None)
@given(elections(), st.sampled_from(Utility), st.sampled_from(Completion), st.booleans())
def test_everybody_pays_their_part_and_no_more(one, utility, completion, stop):
    found = equal_shares(one, utility=utility, completion=completion, exhaustive_stop=stop)
    assert found.cost <= one.budget
    spent = [Fraction(0)] * len(one.ballots)
    for project in found.bought:
        paid = found.payments(project)
        amounts = [paid.amounts[place] for place in paid.places]
        assert sum(amounts) == one.projects[project].cost
        assert max(amounts) == found.prices[project]
        for ballot, amount in zip(paid.ballots.tolist(), amounts, strict=True):
            # Less than the price: all that was left.
            spent[ballot] += amount
            assert amount == found.prices[project] or spent[ballot] == found.endowment
    assert all(amount <= found.endowment for amount in spent)
    stories = equal_shares_stories(one, found)
    assert [story.won for story in stories] == [place in found.winners for place in range(len(one.projects))]
    for story in stories:
        assert all(line.said("fr") and line.said("en") for line in story.lines)
        if "held" in story.figures and story.figures["supporters"]:
            assert story.figures["held"] + story.figures["missing"] == story.figures["cost"]


# Words and edges


def told(one: Election, place: int, language: str = "en", **options) -> str:
    story = equal_shares_stories(one, equal_shares(one, **options))[place]
    return " ".join(line.said(language) for line in story.lines).replace("\N{NO-BREAK SPACE}", " ")


def test_stories_in_words():
    assert told(WORKED, BENCH) == (
        "Each person who voted received 11 to share between projects. It was bought at step 1. "
        "The 3 people who name it paid its cost together, 12: at most 4 each. All of them paid that amount."
    )
    assert told(WORKED, LAMP) == (
        "Each person who voted received 11 to share between projects. "
        "The 2 people who name it had 12 left together at the end; it costs 14. 2 was missing. "
        "If one more person had named it, and kept a whole share of 11 for it, this would have been enough, "
        "everything else unchanged."
    )
    assert told(WORKED, LAMP, "fr", completion=Completion.ADD1) == (
        "Chaque personne qui a voté a reçu 12 à répartir entre des projets : 11 au départ, puis 1 de plus, une unité "
        "à la fois, parce qu’il restait de l’argent. Il a été acheté à l’étape 3. "
        "Les 2 personnes qui le nomment ont payé ensemble son coût, 14 : au plus 12 chacune. "
        "Une personne a payé ce montant. Une personne avait moins et a mis tout ce qui restait de sa part."
    )
    assert "more than the envelope, 44" in told(WORKED, SLIDE, completion=Completion.ADD1, exhaustive_stop=False)


def test_what_is_missing_is_never_shown_as_nothing():
    assert "0.0007 was missing" in told(election(["33.334"], [[0], [], []], 100), 0)
    assert "0.67 was missing" in told(election([34], [[0], [], []], 100), 0)


def test_one_more_supporter_is_enough_where_the_story_says_so():
    more = election([18, 12, 14, 20], [[0, 1, 2], [0, 1], [0, 1, 3], [2, 3], [2]], 55)
    assert more.budget / 5 == 11
    assert LAMP in equal_shares(more).winners


def test_edges():
    nobody = election([5, 0], [], 10)
    assert equal_shares(nobody, completion=Completion.ADD1, exhaustive_stop=False).winners == ()
    assert equal_shares(nobody, completion=Completion.ADD1_GREEDY).by_greedy == (1, 0)
    assert told(nobody, 0).startswith("Nobody voted")
    none_named = election([5], [[], []], 10)
    assert equal_shares(none_named, completion=Completion.ADD1, exhaustive_stop=False).stop is Stop.COMPLETE
    nothing = election([5, 3], [[0], [1]], 0)
    assert equal_shares(nothing, completion=Completion.ADD1, exhaustive_stop=False).winners == ()
    free = election([0, 4], [[0], [1]], 8)
    assert equal_shares(free).winners == (1,)
    assert equal_shares(free, utility=Utility.CARDINALITY).winners == (0, 1)
    assert "It costs nothing" in told(free, 0)
    assert "It costs nothing" in told(free, 0, utility=Utility.CARDINALITY)
    dear = election([10**12, 4], [[0], [1]], 8)
    found = equal_shares(dear, completion=Completion.ADD1, exhaustive_stop=False)
    assert (found.winners, found.stop) == ((1,), Stop.COMPLETE)
    assert "more than the whole envelope" in told(dear, 0)
    assert "enough" not in told(dear, 0), "nobody is told that more people would do"
    with pytest.raises(ValueError, match="nobody paid"):
        found.payments(0)


def test_progress_goes_up_to_the_envelope():
    seen = []
    equal_shares(WORKED, completion=Completion.ADD1, exhaustive_stop=False, progress=lambda *args: seen.append(args))
    assert all(0 <= done <= total == 44 for done, total in seen)
