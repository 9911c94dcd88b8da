"""The method of equal shares for many endowments at once: fast in floats, and never decided by their rounding.

**In step.** Add1 counts again with one unit more for everybody, hundreds of times, and two neighbours differ little.
A table (groups of equal ballots × endowments) of what everybody has left lets numpy do the same purchase for all of
them, instead of a loop for each.

**Lazy.** The price of a project, the root ``q`` of ``Σ min(balance, q) = cost``, never falls while balances fall: the
left side falls for every ``q``, so its root rises. A price found earlier is thus a lower bound: only the projects
whose bound is the least of their endowment are priced again. The root itself comes by Newton's steps, which from
below rise to it, since the left side is concave in ``q``.

**Certain.** Each endowment carries ``error``: no balance is further than that from its exact value, and a balance that
is 0 is exactly 0. A price then has an error that is proven (:meth:`Rows._price`), hence a lower and an upper bound. A
choice is made only where one project's upper bound is below every other's lower bound. Otherwise: where every rival is
paid in full by all its supporters, their exact ranks, known in advance, decide; twins (same supporters, same cost) go
by the order of ties; for anything else this endowment is counted again in exact fractions
(:class:`ExactShares`) up to this purchase, which is decided there, and the floats go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting._electorate import Electorate
from maillage.methods.budgeting._exact_shares import ExactShares

UNIT = 2.0**-52
"""Twice the rounding of one operation: what is left covers the rounding of the bounds themselves."""
PASSES = 60
LARGEST = np.finfo(np.float64).max
TINY = 1e-300
"""A balance that is perhaps 0: not the 0 that is certain."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Known:
    """What does not depend on the endowment."""

    electorate: Electorate
    weights: tuple[Floats, ...]
    """For each candidate, people in each of the groups that name it."""
    groups: tuple[NDArray[np.int64], ...]
    people: Floats
    costs: Floats
    utilities: Floats
    flat: Floats
    """What one unit of utility costs where all supporters pay the same, rounded to the nearest float."""
    flat_rank: Places
    """The order of these costs, exact, then of ties."""
    twin: Places
    """Candidates with the same supporters and the same cost have the same number."""
    touched: NDArray[np.bool_]
    """``(candidates, candidates)``: may buying one change the price of the other?"""
    whole: NDArray
    """Costs in whole units: 64 bits, or Python's integers where they are too long."""
    whole_list: list[int]
    """The same, for sums in Python."""
    budget: int


def known(electorate: Electorate) -> Known:
    """What the rows share. Candidates are numbered by their place in ``electorate.candidates``."""
    wanted = electorate.candidates.tolist()
    groups = tuple(electorate.groups[place] for place in wanted)
    people = electorate.supporters[electorate.candidates]
    flat = [
        electorate.costs[place] / (int(count) * electorate.utilities[place])
        for place, count in zip(wanted, people, strict=True)
    ]
    keys = list(zip(flat, electorate.ties[electorate.candidates].tolist(), strict=True))
    rank = np.empty(len(wanted), dtype=np.int64)
    rank[sorted(range(len(wanted)), key=keys.__getitem__)] = np.arange(len(wanted))
    twins: dict[tuple[Fraction, bytes], int] = {}
    whole = [int(electorate.costs[place] * electorate.unit) for place in wanted]
    return Known(
        electorate,
        tuple(electorate.weights[found] for found in groups),
        groups,
        people.astype(np.float64),
        np.array([float(electorate.costs[place]) for place in wanted]),
        np.array([float(electorate.utilities[place]) for place in wanted]),
        np.array([float(value) for value in flat]),
        rank,
        np.array(
            [twins.setdefault((electorate.costs[p], electorate.groups[p].tobytes()), len(twins)) for p in wanted],
            dtype=np.int64,
        ),
        _touched(groups, len(electorate.weights)),
        np.array(whole, dtype=np.int64 if sum(whole) < 1 << 62 else object),
        whole,
        int(electorate.budget * electorate.unit),
    )


def _touched(groups: Sequence[NDArray[np.int64]], count: int) -> NDArray[np.bool_]:
    """Which candidates have a supporter in common (all of them where it would be long to know)."""
    size = len(groups)
    if size * count > 1 << 22:
        return np.ones((size, size), dtype=np.bool_)
    names = np.zeros((size, count), dtype=np.float32)
    for place, found in enumerate(groups):
        names[place, found] = 1
    return np.asarray(names @ names.T > 0)


class Rows:
    """The purchases of several endowments, in rising order, one column each."""

    def __init__(self, known: Known, endowments: Sequence[Fraction]) -> None:
        self.known, self.endowments = known, endowments
        size, width = len(known.groups), len(endowments)
        start = np.array([float(endowment) for endowment in endowments])
        self.balances = np.tile(start, (len(known.electorate.weights), 1))
        self.error = start * UNIT
        self.step_error = start * UNIT
        self.price = np.tile((known.costs / known.people)[:, None], width)
        self.price_error = np.zeros((size, width))
        self.low = np.tile((known.flat * (1 - 2 * UNIT))[:, None], width)
        """What one unit of utility costs, at least; infinite once bought or out of reach."""
        self.high = np.full((size, width), np.inf)
        self.fresh = np.zeros((size, width), dtype=np.bool_)
        self.all_pay = np.zeros((size, width), dtype=np.bool_)
        """Every supporter surely pays the full price."""
        self.spent = np.zeros(width, dtype=known.whole.dtype)
        self.paths: list[list[int]] = [[] for _ in endowments]
        self.exact: dict[int, ExactShares] = {}
        self.columns = np.arange(width)
        self.end = width
        """Columns from this one are of no use: one before spends more than the envelope."""

    def run(self) -> list[list[int]]:
        """The candidates bought with each endowment, in order, up to the first endowment that spends too much; that
        one stops with the purchase that overspends."""
        while (choice := self._choose()) is not None:
            for candidate in np.unique(choice[choice >= 0]).tolist():
                self._buy(candidate, np.flatnonzero(choice == candidate))
            over = np.flatnonzero(self.spent[: self.end] > self.known.budget)
            if len(over) and over[0] + 1 < self.end:
                self._cut(int(over[0]) + 1)
            if len(over):
                self.low[:, over[0]] = np.inf
        return self.paths[: self.end]

    def _cut(self, end: int) -> None:
        """Forget the columns after an endowment that overspends."""
        self.end = end
        self.columns = np.arange(end)
        for name in ("balances", "error", "step_error", "price", "price_error", "low", "high", "fresh", "all_pay"):
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[..., :end]))
        self.spent = self.spent[:end]

    def _choose(self) -> Places | None:
        """The next purchase of each column (-1: no more), ``None`` where no column has one."""
        while len(self.low):
            choice = self.low.argmin(axis=0)
            least = self.low[choice, self.columns]
            going = least < np.inf
            if not going.any():
                return None
            stale = going & ~self.fresh[choice, self.columns]
            if stale.any():
                self._refresh(choice, np.flatnonzero(stale))
                continue
            rivals = self.low <= np.where(going, np.minimum(self.high[choice, self.columns], LARGEST), -1.0)
            rivals[choice, self.columns] = False
            tied = np.flatnonzero(rivals.any(axis=0))
            if not len(tied) or self._settle(choice, tied, rivals):
                choice[~going] = -1
                return choice
        return None

    def _refresh(self, choice: Places, columns: Places) -> None:
        asked = choice[columns]
        for candidate in np.unique(asked).tolist():
            self._price(candidate, columns[asked == candidate])

    def _settle(self, choice: Places, tied: Places, rivals: NDArray[np.bool_]) -> bool:
        """Decide the columns where several candidates are too close; False where prices were asked for first."""
        sure = self.high[choice[tied], tied] < np.inf
        late = rivals[:, tied] & ~self.fresh[:, tied] & sure
        if late.any():
            for candidate in np.flatnonzero(late.any(axis=1)).tolist():
                self._price(candidate, tied[late[candidate]])
            return False
        close = rivals[:, tied]
        close[choice[tied], np.arange(len(tied))] = True
        simple = (self.all_pay[:, tied] | ~close).all(axis=0)
        ranks = np.where(close, self.known.flat_rank[:, None], len(close))
        choice[tied[simple]] = ranks.argmin(axis=0)[simple]
        decided = [self._decide(choice, int(tied[place])) for place in np.flatnonzero(~simple)]
        return all(decided)

    def _decide(self, choice: Places, column: int) -> bool:
        """One column, by the order of twins or in exact fractions; False where its least candidates were out of
        reach and others must be looked at."""
        electorate = self.known.electorate
        least = self.high[:, column].min(where=self._live(column), initial=LARGEST)
        close = np.flatnonzero(self.low[:, column] <= least)
        if len(close) and (self.known.twin[close] == self.known.twin[close[0]]).all() and self._sure(close, column):
            choice[column] = close[electorate.ties[electorate.candidates[close]].argmin()]
            return True
        exact = self.exact.setdefault(column, ExactShares(electorate, self.endowments[column]))
        for candidate in self.paths[column][len(exact.prices) :]:
            exact.buy(int(electorate.candidates[candidate]))
        names = {int(electorate.candidates[candidate]): int(candidate) for candidate in close.tolist()}
        best = exact.best(list(names))
        if best is None:
            self.low[close, column] = np.inf
            return False
        price = exact.price(best)
        assert price is not None
        candidate = names[best]
        self.price[candidate, column] = float(price)
        self.price_error[candidate, column] = float(price) * UNIT
        choice[column] = candidate
        return True

    def _live(self, column: int) -> NDArray[np.bool_]:
        return np.asarray(self.fresh[:, column] & (self.low[:, column] < np.inf))

    def _sure(self, close: Places, column: int) -> bool:
        return bool((self.high[close, column] < np.inf).all())

    def _price(self, candidate: int, columns: Places) -> None:
        """The price of one candidate in some columns, with its error.

        Let ``x`` be the price found, ``R`` the people who have at least ``x + error + η`` and ``P`` the others, where
        nobody is between ``x`` and that. Replacing balances by the exact ones changes ``Σ min(balance, x)`` by at most
        ``P·error``, rounding by at most ``(groups + 6)·UNIT·cost``; the sum grows by at least ``R`` for each unit of
        price as long as the price stays within ``η`` of ``x``. So the exact price is within
        ``η = (P·error + (groups + 6)·UNIT·cost) / R + 2·UNIT·x``. Where somebody is in between, or nobody above, the
        price is not known (``high`` is infinite), unless the sum of balances is surely less than the cost.
        """
        known = self.known
        weights, people, cost = known.weights[candidate], known.people[candidate], known.costs[candidate]
        held = self.balances.take(known.groups[candidate], axis=0)
        if len(columns) < held.shape[1]:
            held = held[:, columns]
        error, price = self.error[columns], self.price[candidate, columns]
        rounding = (len(weights) + 6) * UNIT * cost
        done = np.zeros(len(columns), dtype=np.bool_)
        rich, margin = people, np.zeros(len(columns))
        for _ in range(PASSES):
            poor = (held < price).astype(np.float64)
            rich = people - weights @ poor
            poor *= held
            with np.errstate(divide="ignore", invalid="ignore"):
                found = (cost - weights @ poor) / rich
                margin = ((people - rich) * error + rounding) / rich + 2 * UNIT * found
            done = weights @ (held >= found + (error + margin)).astype(np.float64) == rich
            done &= rich > 0
            if done.all() or ((found == price) | ~(rich > 0) | done).all():
                price = np.where(done, found, price)
                break
            price = np.where(rich > 0, found, price)
        self._keep(candidate, columns, price, margin, done, rich)
        if not done.all():
            short = columns[~done]
            total = weights @ held[:, ~done]
            bound = total * (1 + (len(weights) + 2) * UNIT) + people * self.error[short]
            self.low[candidate, short[bound < cost * (1 - UNIT)]] = np.inf

    def _keep(
        self, candidate: int, columns: Places, price: Floats, margin: Floats, done: NDArray[np.bool_], rich: Floats
    ) -> None:
        """Write the bounds of a price where it is known; elsewhere the lower bound found earlier stays."""
        known = self.known
        flat = done & (rich == known.people[candidate])
        unit = known.utilities[candidate]
        low = (price - margin) / unit * (1 - 3 * UNIT)
        high = (price + margin) / unit * (1 + 3 * UNIT)
        low = np.where(flat, known.flat[candidate] * (1 - 2 * UNIT), np.maximum(low, self.low[candidate, columns]))
        high = np.where(flat, known.flat[candidate] * (1 + 2 * UNIT), high)
        self.price[candidate, columns] = price
        self.price_error[candidate, columns] = margin
        self.low[candidate, columns] = np.where(done, low, self.low[candidate, columns])
        self.high[candidate, columns] = np.where(done, high, np.inf)
        self.all_pay[candidate, columns] = flat
        self.fresh[candidate, columns] = True

    def _buy(self, candidate: int, columns: Places) -> None:
        """One candidate is bought in some columns. Their error grows by that of the price: ``P`` in it counts only
        those who had something left, since a balance of 0 is exact."""
        known = self.known
        weights, groups = known.weights[candidate], known.groups[candidate]
        everywhere = len(columns) == len(self.columns)
        held = self.balances.take(groups, axis=0)
        if not everywhere:
            held = held[:, columns]
        price, margin, error = self.price[candidate, columns], self.price_error[candidate, columns], self.error[columns]
        left = held - price
        poor = left < 0
        rich = known.people[candidate] - weights @ poor.astype(np.float64)
        owing = weights @ (poor & (held > 0)).astype(np.float64)
        rounding = (len(weights) + 6) * UNIT * known.costs[candidate]
        with np.errstate(divide="ignore"):
            margin = np.minimum(margin, (owing * error + rounding) / rich + 2 * UNIT * price)
        unsure = (np.abs(left) <= error + margin) & (held > 0)
        np.maximum(left, 0.0, out=left)
        if unsure.any():
            left[unsure] = np.maximum(left[unsure], TINY)
        if everywhere:
            self.balances[groups] = left
        else:
            self.balances[groups[:, None], columns] = left
        self.error[columns] += margin + self.step_error[columns]
        self._record(candidate, columns)

    def _record(self, candidate: int, columns: Places) -> None:
        self.low[candidate, columns] = np.inf
        self.spent[columns] += self.known.whole[candidate]
        touched = np.flatnonzero(self.known.touched[candidate])
        self.fresh[touched[:, None], columns] = False
        for column in columns.tolist():
            self.paths[column].append(candidate)
