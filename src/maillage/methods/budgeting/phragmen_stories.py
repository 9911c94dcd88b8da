"""Why each project was bought, or not, under sequential Phragmén."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np

from maillage.methods.budgeting._phragmen_rounds import Round, phragmen_rounds
from maillage.methods.budgeting.election import Election, Story, Ties
from maillage.methods.budgeting.ties import order
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


def phragmen_stories(election: Election, *, ties: Ties = Ties.COST, seed: int = 0) -> tuple[Story, ...]:
    """The story of each project, in the order of the election, under :func:`phragmen` with the same arguments.

    Figures: ``supporters``; ``cost``; ``left``, of the envelope when it was bought or when the count stopped. Winner:
    ``turn`` (from 1), ``load`` (what each supporter has spent in all once it is paid) and ``paid`` (the average they
    paid for it). Loser: ``saved``, what its supporters had when the count stopped, ``missing`` (money) and
    ``more_people``, the least number of persons choosing nothing else with whom it would have been bought (absent
    where no number would do: it costs more than the envelope).
    """
    count = _Count(election, ties, seed)
    return tuple(_story(count, place) for place in range(len(election.projects)))


class _Count:
    """The rounds, kept."""

    def __init__(self, election: Election, ties: Ties, seed: int) -> None:
        self.election, self.ties = election, ties
        self.rounds: Sequence[Round] = list(phragmen_rounds(election, ties, seed))
        self.votes: list[int] = np.bincount(election.ballots.chosen, minlength=len(election.projects)).tolist()
        self.rank: list[int] = order(election, ties, seed).tolist()
        self.turn = {one.next[0]: place for place, one in enumerate(self.rounds) if one.bought}

    def more_people(self, project: int) -> int | None:
        """How many persons choosing nothing else would have had this project, which lost, bought.

        Until it is bought they change nothing to the others: it must come before a round that leaves enough of the
        envelope. Each round asks for a number; the least will do.
        """
        cost = self.election.projects[project].cost
        found = [self._to_precede(project, one) for one in self.rounds if one.left >= cost]
        return min((people for people in found if people is not None), default=None)

    def _to_precede(self, project: int, one: Round) -> int | None:
        votes = self.votes[project]
        total = self.election.projects[project].cost + Fraction(one.sums[project], one.unit)
        if one.load is None or not total:
            return 1
        if not one.load:
            # Free projects are bought before anyone has saved anything: no number of people goes faster.
            return None
        people = max(ceil(total / one.load), votes + 1)
        while not self._first(project, people, total, one):
            people += 1
        return people - votes

    def _first(self, project: int, people: int, total: Fraction, one: Round) -> bool:
        """Whether, with this number of supporters, it comes before what this round bought (or stopped at)."""
        load = total / people
        if one.load is None or load < one.load:
            return True
        if load > one.load or not one.bought:
            return False
        if self.ties is not Ties.VOTES:
            return self.rank[project] < self.rank[one.next[0]]
        other = one.next[0]
        projects = self.election.projects
        return (-people, projects[project].id) < (-self.votes[other], projects[other].id)


def _story(count: _Count, place: int) -> Story:
    project = count.election.projects[place]
    supporters = count.votes[place]
    figures: dict[str, int | Fraction] = {"supporters": supporters, "cost": project.cost}
    named = ngettext("%(count)s person chose it.", "%(count)s people chose it.", supporters)
    lines = [named if supporters else _("Nobody chose it.")]
    if place in count.turn:
        lines += _bought(count, place, figures)
        return Story(place, True, tuple(lines), figures)
    lines.append(_why_not(count, place, figures))
    more = count.more_people(place)
    if more is not None:
        figures["more_people"] = more
        lines.append(
            ngettext(
                "With %(count)s more person choosing only this project, it would have been funded.",
                "With %(count)s more people choosing only this project, it would have been funded.",
                more,
            )
        )
    return Story(place, False, tuple(lines), figures)


def _bought(count: _Count, place: int, figures: dict[str, int | Fraction]) -> list[Sentence]:
    turn = count.turn[place]
    one = count.rounds[turn]
    figures.update(turn=turn + 1, left=one.left)
    marks = {"place": turn + 1, "total": len(count.turn)}
    lines = [_("It was funded in place %(place)s of %(total)s.", **marks)]
    if one.load is not None:
        cost = count.election.projects[place].cost
        figures.update(load=one.load, paid=cost / count.votes[place])
        lines.append(
            _(
                "Those who chose it paid its cost (%(cost)s) together, as soon as they had saved enough: %(paid)s each "
                "on average.",
                cost=cost,
                paid=cost / count.votes[place],
            )
        )
    else:
        lines.append(_("Projects that nobody chose come last; what was left of the envelope paid for it."))
    return lines


def _why_not(count: _Count, place: int, figures: dict[str, int | Fraction]) -> Sentence:
    cost, budget = count.election.projects[place].cost, count.election.budget
    if cost > budget:
        figures["missing"] = cost - budget
        return _("It costs %(cost)s, more than the whole envelope (%(budget)s).", cost=cost, budget=budget)
    last = count.rounds[-1]
    figures["left"] = last.left
    if place in last.next and cost > last.left:
        figures["missing"] = cost - last.left
        return _(
            "When its turn came, %(left)s of the envelope was left. It costs %(cost)s: %(missing)s was missing.",
            left=last.left,
            cost=cost,
            missing=cost - last.left,
        )
    stopper = next(other for other in last.next if count.election.projects[other].cost > last.left)
    name = count.election.projects[stopper].name or count.election.projects[stopper].id
    if place in last.next:
        return _(
            "Its turn came at the same moment as that of %(project)s, which cost more than what was left: the count "
            "stopped.",
            project=name,
        )
    saved = Fraction(0)
    if last.load is not None:
        saved = count.votes[place] * last.load - Fraction(last.sums[place], last.unit)
    figures.update(saved=saved, missing=cost - saved)
    return _(
        "The count stopped when the turn of %(project)s came, which cost more than what was left. Those who had chosen "
        "this project had saved %(saved)s; it costs %(cost)s: %(missing)s was missing.",
        project=name,
        saved=saved,
        cost=cost,
        missing=cost - saved,
    )
