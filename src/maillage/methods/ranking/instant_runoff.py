"""Instant runoff: the last is eliminated, its ballots go to the next option they rank, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.errors import Unreadable
from maillage.methods.ranking._groups import by_level
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.result import Ranking
from maillage.methods.sentences import sentence as _

MOST = 20_000
"""Sets of remaining options that :attr:`RunoffTies.PARALLEL` follows before it gives up."""


class RunoffTies(StrEnum):
    """Who leaves where several are last."""

    ALL = "all"
    """All of them at once; where everyone left is equal, they are tied (pref_voting)."""
    PARALLEL = "parallel"
    """Each in turn, as many stories as there are choices: an option wins where it wins in one of them."""


class Overvotes(StrEnum):
    """What a ballot that puts several remaining options first is worth."""

    SPLIT = "split"
    """It is shared equally between them (in exact fractions)."""
    REFUSED = "refused"
    """The whole vote is refused, with the line of the ballot."""


@dataclass(frozen=True)
class Round:
    remaining: tuple[int, ...]
    """Places of the options still there."""
    votes: tuple[Fraction, ...]
    """Of each of them."""
    exhausted: int
    """Ballots that rank none of them."""
    eliminated: tuple[int, ...]
    """Who leaves after this round; nobody where the count ends."""

    @property
    def majority(self) -> int | None:
        """The option that more than half of the ballots that still count put first."""
        found = [place for place, votes in zip(self.remaining, self.votes, strict=True) if 2 * votes > sum(self.votes)]
        return found[0] if found else None


@dataclass(frozen=True, eq=False)
class InstantRunoff(Ranking):
    rounds: tuple[Round, ...]
    """Goes on after a majority, so that everyone is ranked. With ``PARALLEL``, up to the first choice."""
    total: int
    """How many ballots, those that rank nobody included."""
    ties: RunoffTies


def instant_runoff(
    ballots: RatingBallots, *, ties: RunoffTies = RunoffTies.ALL, overvotes: Overvotes = Overvotes.SPLIT
) -> InstantRunoff:
    """Options by order of elimination, the last one left first.

    Elimination goes on until one option is left, or until those that are left have equal votes (they are tied). An
    option that has more than half of the ballots keeps it in every later round: it wins, as where the count stops
    there. With ``PARALLEL``, an option's place is the best one it has in some story.

    Errors: ``Unreadable`` for equal first ranks with ``REFUSED``, or for too many stories with ``PARALLEL``.
    """
    count = _Count(ballots, overvotes)
    everyone = tuple(range(len(ballots.options)))
    if ties is RunoffTies.PARALLEL:
        rounds, places = _parallel(count, everyone)
        return InstantRunoff(ballots.options, by_level(places), rounds, ballots.total, ties)
    groups: list[tuple[int, ...]] = []
    done = []
    remaining = everyone
    while remaining:
        votes, exhausted = count.of(remaining)
        last = _last(remaining, votes)
        ended = len(last) == len(remaining)
        done.append(Round(remaining, votes, exhausted, () if ended else last))
        groups.insert(0, last)
        remaining = tuple(place for place in remaining if place not in last)
    return InstantRunoff(ballots.options, tuple(groups), tuple(done), ballots.total, ties)


def _last(remaining: tuple[int, ...], votes: tuple[Fraction, ...]) -> tuple[int, ...]:
    return tuple(place for place, number in zip(remaining, votes, strict=True) if number == min(votes))


class _Count:
    """First ranks among the options that remain."""

    def __init__(self, ballots: RatingBallots, overvotes: Overvotes) -> None:
        self.ballots = ballots
        self.columns = [np.ascontiguousarray(column) for column in ballots.values.T]
        self.refuses = overvotes is Overvotes.REFUSED

    def of(self, remaining: tuple[int, ...]) -> tuple[tuple[Fraction, ...], int]:
        """The votes of each remaining option, and how many ballots rank none of them."""
        best = self.columns[remaining[0]]
        for place in remaining[1:]:
            best = np.maximum(best, self.columns[place])
        active = best != self.ballots.blank
        firsts = [(self.columns[place] == best) & active for place in remaining]
        equal = np.zeros(len(best), dtype=np.int16)
        for first in firsts:
            equal += first
        if self.refuses and (equal > 1).any():
            self._refuse(int(np.argmax(equal > 1)))
        votes = tuple(self._votes(equal[first], first) for first in firsts)
        exhausted = ~active
        counts = self.ballots.counts
        return votes, int(exhausted.sum() if counts is None else counts[exhausted].sum())

    def _votes(self, equal: NDArray[np.int16], first: NDArray[np.bool_]) -> Fraction:
        """Each ballot is worth one, shared between ``equal`` options."""
        if self.ballots.counts is None:
            numbers = np.bincount(equal)
        else:
            numbers = np.zeros(int(equal.max(initial=0)) + 1, dtype=np.int64)
            np.add.at(numbers, equal, self.ballots.counts[first])
        return sum((Fraction(int(number), shared) for shared, number in enumerate(numbers) if number), Fraction(0))

    def _refuse(self, row: int) -> None:
        lines = self.ballots.lines
        raise Unreadable(
            _("this ballot puts several options first: this count needs one."),
            row + 1 if lines is None else int(lines[row]),
        )


def _parallel(count: _Count, everyone: tuple[int, ...]) -> tuple[tuple[Round, ...], list[int]]:
    """The rounds before the first choice; the best place of each option, from 0, over all stories."""
    best = [len(everyone)] * len(everyone)
    common: list[Round] = []
    todo, seen = [everyone], {everyone}
    while todo:
        remaining = todo.pop()
        votes, exhausted = count.of(remaining)
        last = _last(remaining, votes)
        for place in last:
            best[place] = min(best[place], len(remaining) - 1)
        if len(seen) - len(common) == 1:
            leaves = last if len(last) == 1 < len(remaining) else ()
            common.append(Round(remaining, votes, exhausted, leaves))
        for place in last:
            after = tuple(other for other in remaining if other != place)
            if after and after not in seen:
                seen.add(after)
                todo.append(after)
        if len(seen) > MOST:
            raise Unreadable(_("There are too many equal options to follow every order of elimination."))
    return tuple(common), best
