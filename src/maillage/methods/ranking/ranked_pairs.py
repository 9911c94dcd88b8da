"""Ranked pairs (Tideman): victories locked one after the other, strongest first, unless they make a circle."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from hashlib import sha256
from operator import and_

import numpy as np
from numpy.typing import NDArray

from maillage.methods.ranking._groups import by_level, levels
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.pairwise import Strength, Unranked, pairwise
from maillage.methods.ranking.result import Ranking
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _

Pair = tuple[int, int]
Order = tuple[int, ...]
"""Who is above whom, as bits, closed under « above the one above »."""

MOST = 2_000
"""Different partial orders followed before :attr:`PairTies.PARALLEL` gives up."""
STEPS = 10_000_000
"""Work before it gives up, in looks at a pair of options: a few seconds, however many options there are."""


class PairTies(StrEnum):
    """What decides between victories of equal strength that cannot all be locked."""

    PARALLEL = "parallel"
    """Nothing: every order of locking is followed, and options that come first in some are tied (pref_voting)."""
    TOGETHER = "together"
    """They are locked at once, except those that make a circle with the ones locked or with one another."""
    LOT = "lot"
    """An order of the options drawn from the seed: the victory of the first of them, then over the first of them."""


@dataclass(frozen=True, eq=False)
class RankedPairs(Ranking):
    pairwise: NDArray[np.int64]
    """``(options, options)``: ballots that put the row above the column."""
    victories: tuple[tuple[Pair, int], ...]
    """Who over whom, how strongly, strongest first."""
    locked: tuple[Pair, ...]
    """The victories that hold in the result, strongest first."""
    skipped: tuple[Pair, ...]
    """Those that stronger ones forbid."""
    undecided: tuple[Pair, ...]
    """Those that hold in some orders of locking only (with ``PARALLEL``), or that make a circle of equals (with
    ``TOGETHER``)."""
    ties: PairTies
    """What was applied: ``TOGETHER`` where there were too many orders for ``PARALLEL``."""
    asked: PairTies
    strength: Strength
    unranked: Unranked

    @property
    def given_up(self) -> Sentence | None:
        """What was done instead of what was asked, to be shown with the result; None where all was done as asked."""
        if self.ties is self.asked:
            return None
        return _("Too many victories are of equal strength: not every order between them could be followed. They were "
                 "taken all together, except those that make a circle, which are set aside. Another way to settle them "
                 "may give another ranking.")  # fmt: skip


def ranked_pairs(
    ballots: RatingBallots,
    *,
    ties: PairTies = PairTies.PARALLEL,
    seed: int = 0,
    strength: Strength = Strength.MARGINS,
    unranked: Unranked = Unranked.LAST,
) -> RankedPairs:
    """Options by ranked pairs (Tideman, « Independence of clones », Social Choice and Welfare, 1987).

    An option's group is the length of the longest chain of options above it; with ``PARALLEL``, the shortest of these
    over all orders of locking: the first group are the options that win in some order (Brill and Fischer 2012), and an
    option that is above another in every order is in an earlier group. Beyond :data:`MOST` outcomes or :data:`STEPS`
    (finding the winners is NP-hard), ``TOGETHER`` is applied; ``RankedPairs.ties`` and ``given_up`` say so.

    The lot sorts options by the SHA-256 of ``seed:id``; it also settles pairs without a victory.
    """
    counts = pairwise(ballots, unranked=unranked)
    strengths = counts - counts.T if strength is Strength.MARGINS else counts
    size = len(counts)
    victories = [
        ((a, b), int(strengths[a, b])) for a in range(size) for b in range(size) if counts[a, b] > counts[b, a]
    ]
    victories.sort(key=lambda victory: (-victory[1], victory[0]))
    classes = _classes(victories)
    asked = ties
    orders: set[Order] | None = None
    if ties is PairTies.LOT:
        even = [(a, b) for a in range(size) for b in range(size) if a != b and counts[a, b] == counts[b, a]]
        orders = {_drawn([*classes, even], ballots.options, seed)}
    elif ties is PairTies.PARALLEL:
        orders = _parallel(classes, size)
    if orders is None:
        ties, orders = PairTies.TOGETHER, {_together(classes, size)}
    best = [min(found) for found in zip(*(levels(order) for order in orders), strict=True)]
    pairs = [pair for pair, _strength in victories]
    always = [reduce(and_, found) for found in zip(*orders, strict=True)]
    locked = tuple((a, b) for a, b in pairs if always[a] >> b & 1)
    skipped = tuple((a, b) for a, b in pairs if always[b] >> a & 1)
    decided = {*locked, *skipped}
    undecided = tuple(pair for pair in pairs if pair not in decided)
    return RankedPairs(
        ballots.options, by_level(best), counts, tuple(victories), locked, skipped, undecided,
        ties, asked, strength, unranked,
    )  # fmt: skip


def _classes(victories: list[tuple[Pair, int]]) -> list[list[Pair]]:
    """Victories of equal strength, strongest first."""
    found: dict[int, list[Pair]] = {}
    for pair, strength in victories:
        found.setdefault(strength, []).append(pair)
    return list(found.values())


def _with(order: Order, pair: Pair) -> Order:
    """One more victory, and all that follows from it."""
    over, under = pair
    gained = order[under] | 1 << under
    return tuple(below | gained if place == over or below >> over & 1 else below for place, below in enumerate(order))


def _closed(order: Order, pairs: list[Pair]) -> Order:
    """Many victories at once, and all that follows from them (Warshall); who is on a circle is above themselves."""
    reached = list(order)
    for over, under in pairs:
        reached[over] |= 1 << under
    for through in range(len(reached)):
        under = reached[through]
        reached = [below | under if below >> through & 1 else below for below in reached]
    return tuple(reached)


def _drawn(classes: list[list[Pair]], options: tuple[str, ...], seed: int) -> Order:
    lot = sorted(range(len(options)), key=lambda place: sha256(f"{seed}:{options[place]}".encode()).hexdigest())
    turn = {place: number for number, place in enumerate(lot)}
    order: Order = (0,) * len(options)
    for pairs in classes:
        for over, under in sorted(pairs, key=lambda pair: (turn[pair[0]], turn[pair[1]])):
            if not order[under] >> over & 1 and not order[over] >> under & 1:
                order = _with(order, (over, under))
    return order


def _circular(order: Order, pairs: list[Pair]) -> tuple[Order, list[Pair]]:
    """Among pairs that the order leaves open, those that no circle concerns are locked; then those on a circle."""
    open_pairs = [(a, b) for a, b in pairs if not order[a] >> b & 1 and not order[b] >> a & 1]
    if not open_pairs:
        return order, []
    # What can be reached through the order and these pairs together, circles included.
    reached = _closed(order, open_pairs)
    circular = [(a, b) for a, b in open_pairs if reached[b] >> a & 1]
    if not circular:
        return reached, []
    return _closed(order, [(a, b) for a, b in open_pairs if not reached[b] >> a & 1]), circular


def _together(classes: list[list[Pair]], size: int) -> Order:
    order: Order = (0,) * size
    for pairs in classes:
        order, _left = _circular(order, pairs)
    return order


def _parallel(classes: list[list[Pair]], size: int) -> set[Order] | None:
    """Every outcome of every order of locking; None where there are too many.

    Two ways to one order are followed once. Pairs without a victory need not be: any option that nothing is above can
    be put first by them. What is counted against the limits does not depend on which way is followed first, so that
    the order of the options never decides.
    """
    steps = 0
    orders: set[Order] = {(0,) * size}
    for pairs in classes:
        found: set[Order] = set()
        seen: set[Order] = set()
        todo = list(orders)
        while todo:
            steps += len(pairs) + size**2
            if len(seen) > MOST or steps > STEPS:
                return None
            order, circular = _circular(todo.pop(), pairs)
            if order in seen:
                continue
            seen.add(order)
            if circular:
                steps += len(circular) * size
                todo += [_with(order, pair) for pair in circular]
            else:
                found.add(order)
        orders = found
    return orders
