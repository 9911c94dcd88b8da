"""The method of equal shares for many endowments at once: fast in floats, and never decided by their rounding.

**In step.** Add1 counts again with one unit more for everybody, hundreds of times, and two neighbours differ little.
A table (groups of equal ballots × endowments) of what everybody has left lets numpy do the same purchase for all of
them, instead of a loop for each.

**Lazy.** The price of a project, the root ``q`` of ``Σ min(balance, q) = cost``, never falls while balances fall: the
left side falls for every ``q``, so its root rises. A price found earlier is thus a lower bound: only the projects
whose bound is the least of their endowment are priced again. The root itself comes by Newton's steps, which from
below rise to it, since the left side is concave in ``q``.

**Certain.** Each endowment carries ``error``: no balance is further than that from its exact value, and a balance that
is 0 is exactly 0. A price then has an error that is proven (:meth:`Rows._solve`), hence a lower and an upper bound. A
choice is made only where one project's upper bound is below every other's lower bound. Otherwise: where in each rival
those who cannot pay the full price have exactly nothing, its price is its cost divided by a number of people, and such
quotients compare exactly; twins (same supporters, same cost) go by the order of ties; for anything else this endowment
is counted again in exact fractions (:class:`ExactShares`) up to this purchase, which is decided there, and the floats
go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
MANY = 256
"""Endowments times tens of groups from which a project is priced alone: a table is then faster than a list of pairs."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Known:
    """What does not depend on the endowment. Candidates are numbered by their place in ``electorate.candidates``."""

    electorate: Electorate
    groups: NDArray[np.int64]
    """The groups that name the first candidate, then the second…"""
    weights: Floats
    """The people in each of them."""
    starts: Places
    """``(candidates + 1,)``: where those of each candidate begin."""
    sizes: Places
    people: Floats
    costs: Floats
    utilities: Floats
    quotient: Floats
    """A number that, divided by how many people pay, orders candidates as their exact price by utility does; not a
    number where 53 bits are too few for that."""
    twin: Places
    """Candidates with the same supporters and the same cost have the same number."""
    touched: Bools
    """``(candidates, candidates)``: may buying one change the price of the other?"""
    ties: Places
    whole: NDArray
    """Costs in whole units: 64 bits, or Python's integers where they are too long."""
    whole_list: list[int]
    """The same, for sums in Python."""
    budget: int

    def of(self, candidate: int) -> slice:
        """Where the groups of a candidate are."""
        return slice(int(self.starts[candidate]), int(self.starts[candidate + 1]))


def known(electorate: Electorate) -> Known:
    """What the rows share."""
    wanted = electorate.candidates.tolist()
    groups = [electorate.groups[place] for place in wanted]
    flat = np.concatenate([*groups, np.empty(0, dtype=np.int64)])
    people = electorate.supporters[electorate.candidates]
    whole = [int(electorate.costs[place] * electorate.unit) for place in wanted]
    utilities = np.array([float(electorate.utilities[place]) for place in wanted])
    costs = np.array([float(electorate.costs[place]) for place in wanted])
    twins: dict[tuple[int, bytes], int] = {}
    twin = [twins.setdefault((cost, found.tobytes()), len(twins)) for cost, found in zip(whole, groups, strict=True)]
    return Known(
        electorate,
        flat,
        electorate.weights[flat],
        np.cumsum([0, *map(len, groups)]).astype(np.int64),
        np.array([len(found) for found in groups], dtype=np.int64),
        people.astype(np.float64),
        costs,
        utilities,
        _quotients(electorate, whole),
        np.array(twin, dtype=np.int64),
        _touched(groups, len(electorate.weights)),
        electorate.ties[electorate.candidates],
        np.array(whole, dtype=np.int64 if sum(whole) < 1 << 62 else object),
        whole,
        int(electorate.budget * electorate.unit),
    )


def _quotients(electorate: Electorate, whole: list[int]) -> Floats:
    """Where utility is the cost, price by utility is ``1 / people``; where it is one, ``cost / people``. Two different
    quotients ``a / b`` and ``c / d`` differ by at least one part in ``a·d``: below 2**50 their floats differ too."""
    wanted = electorate.candidates.tolist()
    if all(electorate.utilities[place] == electorate.costs[place] for place in wanted):
        return np.ones(len(wanted))
    most = max(electorate.supporters.tolist(), default=0)
    return np.array([float(cost) if cost * most < 1 << 50 else np.nan for cost in whole])


def _touched(groups: Sequence[NDArray[np.int64]], count: int) -> Bools:
    """Which candidates have a supporter in common (all of them where it would be long to know)."""
    size = len(groups)
    if size * count > 1 << 22:
        return np.ones((size, size), dtype=np.bool_)
    names = np.zeros((size, count), dtype=np.float32)
    for place, found in enumerate(groups):
        names[place, found] = 1
    return np.asarray(names @ names.T > 0)


class Rows:
    """The purchases of several endowments, in rising order. Tables are ``(endowments, candidates)``."""

    def __init__(self, known: Known, endowments: Sequence[Fraction]) -> None:
        self.known, self.endowments = known, endowments
        size, width = len(known.costs), len(endowments)
        start = np.array([float(endowment) for endowment in endowments])
        self.balances = np.tile(start, (len(known.electorate.weights), 1))
        """``(groups, endowments)``."""
        self.error = start * UNIT
        self.step_error = start * UNIT
        self.price = np.tile(known.costs / known.people, (width, 1))
        self.price_error = np.zeros((width, size))
        self.low = self.price / known.utilities * (1 - 4 * UNIT)
        """What one unit of utility costs, at least; infinite once bought or out of reach."""
        self.high = np.full((width, size), np.inf)
        self.fresh = np.zeros((width, size), dtype=np.bool_)
        self.exact_key = np.full((width, size), np.nan)
        """A float that compares as the exact price by utility does, where there is one."""
        self.spent = np.zeros(width, dtype=known.whole.dtype)
        self.paths: list[list[int]] = [[] for _ in endowments]
        self.exact: dict[int, ExactShares] = {}
        self.all = np.arange(width)
        self.end = width
        """Endowments from this one are of no use: one before spends more than the envelope."""

    def run(self) -> list[list[int]]:
        """The candidates bought with each endowment, in order, up to the first endowment that spends too much; that
        one stops with the purchase that overspends."""
        while (choice := self._choose()) is not None:
            for candidate in np.unique(choice[choice >= 0]).tolist():
                self._buy(candidate, np.flatnonzero(choice == candidate))
            over = np.flatnonzero(self.spent > self.known.budget)
            if len(over):
                self._cut(int(over[0]) + 1)
                self.low[over[0]] = np.inf
        return self.paths[: self.end]

    def _cut(self, end: int) -> None:
        """Forget the endowments after one that overspends."""
        if end == self.end:
            return
        self.end, self.all = end, np.arange(end)
        self.balances = np.ascontiguousarray(self.balances[:, :end])
        for name in ("error", "step_error", "price", "price_error", "low", "high", "fresh", "exact_key", "spent"):
            setattr(self, name, getattr(self, name)[:end])

    def _choose(self) -> Places | None:
        """The next purchase with each endowment (-1: no more), ``None`` where none has one."""
        while self.low.size:
            choice = self.low.argmin(axis=1)
            least = self.low[self.all, choice]
            going = least < np.inf
            if not going.any():
                return None
            stale = np.flatnonzero(going & ~self.fresh[self.all, choice])
            if len(stale):
                self._refresh(stale, choice[stale])
                continue
            limit = np.where(going, np.minimum(self.high[self.all, choice], LARGEST), -1.0)
            rivals = self.low <= limit[:, None]
            tied = np.flatnonzero(np.count_nonzero(rivals, axis=1) > 1)
            unknown = np.flatnonzero(limit == LARGEST)
            tied = np.union1d(tied, unknown) if len(unknown) else tied
            if not len(tied) or self._settle(choice, tied, rivals[tied]):
                choice[~going] = -1
                return choice
        return None

    def _settle(self, choice: Places, tied: Places, rivals: Bools) -> bool:
        """Decide where several candidates are too close; False where prices had to be asked for first."""
        late = rivals & ~self.fresh[tied]
        late[self.high[tied, choice[tied]] == np.inf] = False
        if late.any():
            rows, candidates = np.nonzero(late)
            self._refresh(tied[rows], candidates)
            return False
        keys = np.where(rivals, self.exact_key[tied], np.inf)
        least = keys.min(axis=1)
        simple = ~np.isnan(least)
        first = np.where(keys == least[:, None], self.known.ties, len(self.known.electorate.costs)).argmin(axis=1)
        choice[tied[simple]] = first[simple]
        decided = [self._decide(choice, row) for row in tied[~simple].tolist()]
        return all(decided)

    def _decide(self, choice: Places, row: int) -> bool:
        """One endowment, by the order of twins or in exact fractions; False where the least candidates were out of
        reach and others must be looked at."""
        electorate, low, high = self.known.electorate, self.low[row], self.high[row]
        live = self.fresh[row] & (low < np.inf)
        close = np.flatnonzero(low <= high.min(where=live, initial=LARGEST))
        if (self.known.twin[close] == self.known.twin[close[0]]).all() and (high[close] < np.inf).all():
            choice[row] = close[self.known.ties[close].argmin()]
            return True
        exact = self.exact.setdefault(row, ExactShares(electorate, self.endowments[row]))
        for candidate in self.paths[row][len(exact.prices) :]:
            exact.buy(int(electorate.candidates[candidate]))
        names = {int(electorate.candidates[candidate]): candidate for candidate in close.tolist()}
        best = exact.best(list(names))
        if best is None:
            low[close] = np.inf
            return False
        price = exact.price(best)
        assert price is not None
        choice[row] = names[best]
        self.price[row, names[best]] = float(price)
        self.price_error[row, names[best]] = float(price) * UNIT
        return True

    def _refresh(self, rows: Places, candidates: Places) -> None:
        """Price candidates, each for one endowment: those asked for by many as a table, the others as one list."""
        known = self.known
        many = np.bincount(candidates, minlength=len(known.costs)) * np.maximum(1, known.sizes // 10)
        alone = many >= MANY
        for candidate in np.flatnonzero(alone & (many > 0)).tolist():
            self._price_table(candidate, rows[candidates == candidate])
        rest = ~alone[candidates]
        if rest.any():
            self._price_list(rows[rest], candidates[rest])

    def _price_table(self, candidate: int, rows: Places) -> None:
        place = self.known.of(candidate)
        weights = self.known.weights[place]
        held = self.balances.take(self.known.groups[place], axis=0)
        if len(rows) < held.shape[1]:
            held = held[:, rows]
        self._solve(held, rows, candidate, lambda values: weights @ values, lambda values: values)

    def _price_list(self, rows: Places, candidates: Places) -> None:
        known = self.known
        sizes = known.sizes[candidates]
        ends = np.cumsum(sizes)
        begins = ends - sizes
        places = np.arange(ends[-1]) + np.repeat(known.starts[candidates] - begins, sizes)
        held = self.balances.reshape(-1).take(known.groups[places] * self.end + np.repeat(rows, sizes))
        weights = known.weights[places]
        self._solve(
            held,
            rows,
            candidates,
            lambda values: np.add.reduceat(values * weights, begins),
            lambda values: np.repeat(values, sizes),
        )

    def _solve(
        self,
        held: Floats,
        rows: Places,
        candidates: Places | int,
        total: Callable[[Floats], Floats],
        spread: Callable[[Floats], Floats],
    ) -> None:
        """The prices of candidates (one for each of ``rows``, or the same for all), with their errors.

        ``held``: the balances of supporters; ``total`` sums them by row, with weights; ``spread`` is its converse.

        Let ``x`` be the price found, ``R`` the people who have at least ``x + error + η`` and ``P`` those who have
        less than ``x`` but something; where nobody is in between. Replacing balances by the exact ones changes ``Σ
        min(balance, x)`` by at most ``P·error``, rounding by at most ``(groups + 6)·UNIT·cost``; the sum grows by at
        least ``R`` for each unit of price as long as the price stays within ``η`` of ``x``. So the exact price is
        within ``η = (P·error + (groups + 6)·UNIT·cost) / R + 2·UNIT·x``; where ``P`` has nothing at all, it is
        ``cost / R``. Where somebody is in between, or nobody above, the price is not known (``high`` is infinite),
        unless the sum of balances is surely less than the cost.
        """
        known = self.known
        people, cost = known.people[candidates], known.costs[candidates]
        rounding = (known.sizes[candidates] + 6) * UNIT * cost
        error, price = self.error[rows], self.price[rows, candidates]
        for _ in range(PASSES):
            poor = (held < spread(price)).astype(np.float64)
            rich = people - total(poor)
            given = total(poor * held)
            with np.errstate(divide="ignore", invalid="ignore"):
                found = (cost - given) / rich
                margin = np.where(given > 0, ((people - rich) * error + rounding) / rich, 0) + 2 * UNIT * found
                done = total((held >= spread(found + error + margin)).astype(np.float64)) == rich
            done &= rich > 0
            settled = done | (found == price) | ~(rich > 0)
            price = np.where(rich > 0, found, price)
            if settled.all():
                break
        self.fresh[rows, candidates] = True
        self.price[rows, candidates] = price
        self.price_error[rows, candidates] = margin
        self._bound(rows, candidates, done, np.where(given > 0, np.nan, rich))
        if not done.all():
            bound = total(held) * (1 + (held.size + 2) * UNIT) + people * error
            short = ~done & (bound < cost * (1 - UNIT))
            self.low[rows[short], candidates if isinstance(candidates, int) else candidates[short]] = np.inf

    def _bound(self, rows: Places, candidates: Places | int, done: Bools, payers: Floats) -> None:
        """Bounds where prices are known; elsewhere the lower bound found earlier stays. ``payers``: how many pay the
        whole cost in equal parts, where the others have exactly nothing."""
        price, margin = self.price[rows, candidates], self.price_error[rows, candidates]
        unit, before = self.known.utilities[candidates], self.low[rows, candidates]
        low = np.maximum((price - margin) / unit * (1 - 3 * UNIT), before)
        self.low[rows, candidates] = np.where(done, low, before)
        self.high[rows, candidates] = np.where(done, (price + margin) / unit * (1 + 3 * UNIT), np.inf)
        with np.errstate(divide="ignore"):
            self.exact_key[rows, candidates] = np.where(done, self.known.quotient[candidates] / payers, np.nan)

    def _buy(self, candidate: int, rows: Places) -> None:
        """One candidate is bought with some endowments. Their error grows by that of the price."""
        known, place = self.known, self.known.of(candidate)
        weights, groups = known.weights[place], known.groups[place]
        everywhere = len(rows) == self.end
        held = self.balances.take(groups, axis=0)
        if not everywhere:
            held = held[:, rows]
        price, margin, error = self.price[rows, candidate], self.price_error[rows, candidate], self.error[rows]
        left = held - price
        # The rich of `_solve` and no others: who may have a little less than the price owes to rounding like the poor.
        # Those who have nothing left owe nothing: the error that stays is less than that of the bounds.
        poor = held < price + error + margin
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
            self.balances[groups[:, None], rows] = left
        self.error[rows] += margin + self.step_error[rows]
        self._record(candidate, rows)

    def _record(self, candidate: int, rows: Places) -> None:
        self.low[rows, candidate] = np.inf
        self.spent[rows] += self.known.whole[candidate]
        self.fresh[rows] &= ~self.known.touched[candidate]
        for row in rows.tolist():
            self.paths[row].append(candidate)
