"""The method of equal shares in exact fractions, for one endowment.

People who paid the same things have the same balance: they form a class, and a balance is kept for each class, not for
each person. Those who have nothing left are all in class 0. A million ballots thus ask for a few thousand fractions.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._electorate import Electorate


class ExactShares:
    """What everybody has left, exactly, as projects are bought."""

    def __init__(self, electorate: Electorate, endowment: Fraction) -> None:
        self.electorate = electorate
        self.balances = [Fraction(0), endowment]
        """Of each class."""
        self.classes = np.full(len(electorate.weights), 1 if endowment else 0, dtype=np.int64)
        """The class of each group."""
        self.prices: dict[int, Fraction] = {}
        """The most that one person paid for each project bought, in order."""
        self._parents: list[NDArray[np.int64]] = []
        """For each purchase, the classes that those it made come from; classes are numbered as they are made."""
        self._held: tuple[int, list[tuple[Fraction, int]]] | None = None
        """The last answer of :meth:`holdings`, until the next purchase: it is asked for several times."""

    def holdings(self, project: int) -> list[tuple[Fraction, int]]:
        """What the supporters of a project have left: (balance, people), the poorest first."""
        if self._held is None or self._held[0] != project:
            groups = self.electorate.groups[project]
            found, inverse = np.unique(self.classes[groups], return_inverse=True)
            people = np.bincount(inverse, weights=self.electorate.weights[groups])
            held = zip(found.tolist(), people.tolist(), strict=True)
            self._held = project, sorted((self.balances[place], int(count)) for place, count in held)
        return self._held[1]

    def total(self, project: int) -> Fraction:
        """What the supporters of a project have left together. People go back from their class to the one it comes
        from, purchase by purchase, and each pays its price on the way: no sum of thousands of fractions."""
        groups = self.electorate.groups[project]
        weights = self.electorate.weights[groups]
        people = np.bincount(self.classes[groups], weights=weights, minlength=len(self.balances))
        people[0] = 0
        total, end = Fraction(0), len(self.balances)
        for parents, price in zip(reversed(self._parents), reversed(self.prices.values()), strict=True):
            moved = people[end - len(parents) : end]
            total -= price * int(moved.sum())
            np.add.at(people, parents, moved)
            end -= len(parents)
        return total + self.balances[1] * int(people[1])

    def price(self, project: int) -> Fraction | None:
        """The least ``q`` such that the supporters, each paying ``q`` or all they have left, pay the project.

        ``None`` where all they have left together is less than its cost.
        """
        left, people = self.electorate.costs[project], int(self.electorate.supporters[project])
        for balance, count in self.holdings(project):
            if balance * people >= left:
                return left / people
            left -= balance * count
            people -= count
        return None

    def best(self, projects: list[int]) -> int | None:
        """The project to buy among these: least price by unit of utility, then ties; ``None``: none can be paid."""
        found = []
        for project in projects:
            price = self.price(project)
            if price is not None:
                found.append((price / self.electorate.utilities[project], self.electorate.ties[project], project))
        return min(found)[2] if found else None

    def buy(self, project: int) -> None:
        """Every supporter pays the price, or all they have left."""
        price = self.price(project)
        assert price is not None, "what cannot be paid is not bought"
        self.prices[project] = price
        groups = self.electorate.groups[project]
        found, inverse = np.unique(self.classes[groups], return_inverse=True)
        moved = np.zeros(len(found), dtype=np.int64)
        parents = []
        for place, before in enumerate(found.tolist()):
            left = self.balances[before] - price
            if left > 0:
                moved[place] = len(self.balances)
                self.balances.append(left)
                parents.append(before)
        self.classes[groups] = moved[inverse]
        self._parents.append(np.array(parents, dtype=np.int64))
        self._held = None

    def payments(self, project: int) -> tuple[NDArray[np.int64], list[Fraction]]:
        """What a project about to be bought costs each group that names it: places in a list of amounts."""
        price = self.price(project)
        assert price is not None, "what cannot be paid is not bought"
        found, inverse = np.unique(self.classes[self.electorate.groups[project]], return_inverse=True)
        return inverse, [min(self.balances[place], price) for place in found.tolist()]
