"""Why each project was funded, or not, by the greedy rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from maillage.methods.budgeting._greedy_order import greedy_order, score
from maillage.methods.budgeting.election import Election, Story, Ties, Utility
from maillage.methods.budgeting.ties import order
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


def greedy_stories(
    election: Election,
    *,
    utility: Utility = Utility.COST,
    skip: bool = True,
    ties: Ties = Ties.COST,
    seed: int = 0,
) -> tuple[Story, ...]:
    """The story of each project, in the order of the election, under :func:`greedy` with the same arguments.

    Figures: ``supporters``; ``turn`` (from 1); ``cost``; ``left``, of the envelope when its turn came (absent where the
    count stopped before); for a loser ``missing``, what the envelope lacked, and ``more_votes``, the least number of
    votes more with which it would have been funded (absent where no number would do: it costs more than the envelope).
    """
    count = _Count(election, utility, skip, ties, seed)
    stories = {turn.project: _story(count, place) for place, turn in enumerate(count.turns)}
    return tuple(stories[place] for place in range(len(election.projects)))


@dataclass(frozen=True)
class _Turn:
    project: int
    left: Fraction
    """Before it."""
    won: bool
    reached: bool


class _Count:
    """The rule once more, with what was left at each turn."""

    def __init__(self, election: Election, utility: Utility, skip: bool, ties: Ties, seed: int) -> None:
        self.election, self.utility, self.ties = election, utility, ties
        self.votes = np.bincount(election.ballots.chosen, minlength=len(election.projects)).tolist()
        self.rank = order(election, ties, seed).tolist()
        self.turns: list[_Turn] = []
        self.stopper: int | None = None
        left = election.budget
        for place in greedy_order(election, utility, ties, seed):
            cost = election.projects[place].cost
            reached = self.stopper is None
            won = reached and cost <= left
            self.turns.append(_Turn(place, left, won, reached))
            if won:
                left -= cost
            elif not skip and reached:
                self.stopper = place

    def more_votes(self, turn: int) -> int | None:
        """The votes that the project of this turn, which lost, would have needed beside its own.

        What is left only shrinks: it must come ahead of the last project before which it still fits. Taking it out of
        its own turn changes nothing to those before it.
        """
        project = self.turns[turn].project
        cost = self.election.projects[project].cost
        ahead_of = next(
            (
                before.project
                for before in reversed(self.turns[:turn])
                if before.reached and before.left >= cost
            ),
            None,
        )  # fmt: skip
        if ahead_of is None:
            return None
        aim = self.votes[ahead_of]
        if self.utility is Utility.CARDINALITY and self.election.projects[ahead_of].cost:
            aim = ceil(aim * cost / self.election.projects[ahead_of].cost)
        aim = max(aim, self.votes[project])
        while not self._comes_before(project, aim, ahead_of):
            aim += 1
        return int(aim - self.votes[project])

    def _comes_before(self, project: int, votes: int, other: int) -> bool:
        def key(place: int, votes: int) -> tuple[object, ...]:
            one = self.election.projects[place]
            tie = (-votes, one.id) if self.ties is Ties.VOTES else (self.rank[place],)
            return (*score(votes, one.cost, self.utility), *tie)

        return key(project, votes) < key(other, self.votes[other])


def _story(count: _Count, place: int) -> Story:
    turn = count.turns[place]
    project = count.election.projects[turn.project]
    supporters = count.votes[turn.project]
    figures: dict[str, int | Fraction] = {"supporters": supporters, "turn": place + 1, "cost": project.cost}
    lines = [_named(supporters), _place(count, place)]
    if turn.reached:
        figures["left"] = turn.left
    if turn.won:
        left = _(
            "When its turn came, %(left)s of the envelope was left. It costs %(cost)s: it is funded.",
            left=turn.left,
            cost=project.cost,
        )
        return Story(turn.project, True, (*lines, left), figures)
    lines.append(_why_not(count, turn, figures))
    more = count.more_votes(place)
    if more is not None:
        figures["more_votes"] = more
        lines.append(
            ngettext(
                "With %(count)s more vote, it would have been funded.",
                "With %(count)s more votes, it would have been funded.",
                more,
            )
        )
    return Story(turn.project, False, tuple(lines), figures)


def _named(supporters: int) -> Sentence:
    if not supporters:
        return _("Nobody chose it.")
    return ngettext("%(count)s person chose it.", "%(count)s people chose it.", supporters)


def _place(count: _Count, place: int) -> Sentence:
    marks = {"place": place + 1, "total": len(count.turns)}
    if count.utility is Utility.COST:
        return _("By number of votes, its place is %(place)s of %(total)s.", **marks)
    return _("By number of votes for what it costs, its place is %(place)s of %(total)s.", **marks)


def _why_not(count: _Count, turn: _Turn, figures: dict[str, int | Fraction]) -> Sentence:
    cost, budget = count.election.projects[turn.project].cost, count.election.budget
    if cost > budget:
        figures["missing"] = cost - budget
        return _("It costs %(cost)s, more than the whole envelope (%(budget)s).", cost=cost, budget=budget)
    if not turn.reached and count.stopper is not None:
        stopper = count.election.projects[count.stopper]
        return _(
            "The count stopped before its turn, at the first project that cost more than what was left: %(project)s.",
            project=stopper.name or stopper.id,
        )
    figures["missing"] = cost - turn.left
    return _(
        "When its turn came, %(left)s of the envelope was left. It costs %(cost)s: %(missing)s was missing.",
        left=turn.left,
        cost=cost,
        missing=cost - turn.left,
    )
