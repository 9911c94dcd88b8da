"""The method of equal shares: by hand, against plain fractions, by properties, against pabutools, as it happened."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from pabutools.rules import exhaustion_by_budget_increase, greedy_utilitarian_welfare, method_of_equal_shares

from maillage.methods.budgeting.election import Election, Ties, Utility, VoteType
from maillage.methods.budgeting.equal_shares import Completion, Endowment, Stop, equal_shares
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

        def rule(larger, profile, **more):
            smaller = larger.__class__(larger, budget_limit=larger.budget_limit - excess)
            return method_of_equal_shares(smaller, profile, **options, **more)

        found = (
            rule(instance, profile)
            if stop is None
            else exhaustion_by_budget_increase(instance, profile, rule, exhaustive_stop=False, budget_step=people)
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
