"""What the floats of equal shares promise, beside the exact count: no balance is further than ``error``, and what they
call nothing is nothing."""

from __future__ import annotations

import random
from fractions import Fraction

from maillage.methods.budgeting._electorate import electorate
from maillage.methods.budgeting._exact_shares import ExactShares
from maillage.methods.budgeting._share_rows import Rows, known
from maillage.methods.budgeting.election import Election, Ties, Utility

from .instances import election


class Checked(Rows):
    """Each purchase is made in fractions too, and compared."""

    def run(self) -> list[list[int]]:
        self.shares = [ExactShares(self.known.electorate, endowment) for endowment in self.endowments]
        return super().run()

    def _buy(self, candidate, rows) -> None:
        super()._buy(candidate, rows)
        for row in rows.tolist():
            exact = self.shares[row]
            exact.buy(int(self.known.electorate.candidates[candidate]))
            error = Fraction(float(self.error[row]))
            for balance, held in zip(self.balances[:, row].tolist(), exact.classes.tolist(), strict=True):
                assert abs(Fraction(balance) - exact.balances[held]) <= error
                assert balance or not exact.balances[held], "a 0 that is not certain"


def checked(one: Election, utility: Utility) -> list[int]:
    voters = electorate(one, utility, Ties.NAME, 0)
    start = one.budget / voters.people
    return Checked(known(voters), [start, start + 1, start * Fraction(10, 9)]).run()[0]


def near(draw: random.Random) -> tuple[Election, Utility]:
    """The price of the first project is nearly what some have left once another is bought."""
    utility, size = draw.choice(list(Utility)), draw.randint(3, 6)
    costs = [Fraction(draw.randint(1, 9000), draw.choice([1, 100])) for _ in range(size)]
    kinds = [draw.sample(range(size), draw.randint(1, size)) for _ in range(draw.randint(2, 6))]
    named = [kind for kind in kinds for _ in range(draw.choice([1, 2, 40]))]
    one = election(costs, named, sum(costs) * Fraction(draw.randint(2, 9), 10))
    voters = electorate(one, utility, Ties.NAME, 0)
    shares = ExactShares(voters, one.budget / voters.people)
    wanted = [place for place in voters.candidates.tolist() if place]
    for _ in range(draw.randint(1, 3)):
        best = shares.best(wanted)
        if best is not None:
            shares.buy(best)
            wanted.remove(best)
    held = shares.holdings(0) if voters.supporters[0] else []
    if held:
        price = draw.choice(held)[0]
        cost = sum(min(balance, price) * people for balance, people in held)
        costs[0] = cost * (1 + Fraction(draw.choice([-1, 0, 0, 1]), 10 ** draw.randint(14, 18))) or costs[0]
    return election(costs, named, one.budget), utility


def test_random_near_ties():
    draw = random.Random(6)
    assert sum(len(checked(*near(draw))) for _ in range(300)) > 400


def test_many_who_have_just_the_price():
    """1 289 people hold the price of the first project to the last digit, above it or below it as floats go; few are
    richer, and pay what the others' rounding owes."""
    costs = [
        Fraction(633515856420827018043684767001471415767510796913580246856929519, 2052884 * 10**49),
        8253,
        Fraction(9934444444444444443451, 36 * 10**19),
        9,
    ]
    crowds = {(0, 2, 3): 1, (0, 1): 1289, (3,): 1, (1,): 1284, (0, 1, 2, 3): 3, (): 3, (1, 3): 3, (0,): 3}
    named = [list(kind) for kind, people in crowds.items() for _ in range(people)]
    assert checked(election(costs, named, Fraction(123217749, 2)), Utility.CARDINALITY)
