"""Why each project was funded, or not, by the method of equal shares."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from maillage.methods.budgeting._exact_shares import ExactShares
from maillage.methods.budgeting.election import Election, Story
from maillage.methods.budgeting.equal_shares import EqualShares, Stop
from maillage.methods.sentences import Number, Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext

Told = tuple[list[Sentence], dict[str, int | Fraction]]


def equal_shares_stories(election: Election, shares: EqualShares) -> tuple[Story, ...]:
    """The story of each project, in the order of the election, under the count that gave ``shares``.

    Figures: ``supporters``, ``cost``, ``endowment`` (what each person received). For what equal shares bought:
    ``turn`` (from 1), ``paid_at_most``, ``in_full`` (people who paid that), ``all_left`` (people who put all they had
    left, less than that; those who had nothing are not counted), ``nothing`` (people who had nothing left). For the
    others: ``held`` (what the supporters have left together at the end), ``missing`` (the cost without it) and
    ``more_supporters``: the least number of people more, each with a whole share to spend on it alone, who would pay
    what is missing, everything else unchanged (absent where the project costs more than the envelope: no number would
    do). Time: one exact count.
    """
    exact = ExactShares(shares.electorate, shares.endowment)
    told: dict[int, Told] = {}
    for turn, project in enumerate(shares.bought, 1):
        told[project] = _bought(election, exact, project, turn)
        exact.buy(project)
    won = set(shares.winners)
    stories = []
    for place in range(len(election.projects)):
        lines, figures = told.get(place) or _not_bought(election, shares, exact, place)
        known: dict[str, int | Fraction] = {
            "supporters": int(shares.electorate.supporters[place]),
            "cost": shares.electorate.costs[place],
            "endowment": shares.endowment,
        }
        stories.append(Story(place, place in won, (*_received(shares), *lines), known | figures))
    return tuple(stories)


def _received(shares: EqualShares) -> list[Sentence]:
    """What everybody had to share, which every story begins with."""
    if not shares.electorate.people:
        return [_("Nobody voted: there was no share to spend.")]
    if not shares.rounds:
        return [_("Each person who voted received %(share)s to share between projects.", share=shares.endowment)]
    return [
        _(
            "Each person who voted received %(share)s to share between projects: %(start)s at the start, "
            "then %(rounds)s more, one unit at a time, because money was left.",
            share=shares.endowment,
            start=shares.start,
            rounds=shares.rounds,
        )
    ]


def _bought(election: Election, exact: ExactShares, project: int, turn: int) -> Told:
    """A winner that its supporters paid, told before they pay."""
    price = exact.price(project)
    assert price is not None, "what cannot be paid is not bought"
    held = exact.holdings(project)
    full = sum(people for balance, people in held if balance >= price)
    partly = sum(people for balance, people in held if 0 < balance < price)
    nothing = sum(people for balance, people in held if not balance)
    supporters = full + partly + nothing
    cost = election.projects[project].cost
    lines = [
        _("It was bought at step %(turn)s.", turn=turn),
        ngettext(
            "The only person who names it paid its cost, %(cost)s.",
            "The %(count)s people who name it paid its cost together, %(cost)s: at most %(price)s each.",
            supporters,
            cost=cost,
            price=price,
        ),
    ]
    if supporters > 1:
        lines.append(
            ngettext("One person paid that amount.", "%(count)s people paid that amount.", full)
            if full < supporters
            else _("All of them paid that amount.")
        )
    if partly:
        lines.append(
            ngettext(
                "One person had less, and put in all that was left of their share.",
                "%(count)s people had less, and put in all that was left of their share.",
                partly,
            )
        )
    if nothing:
        lines.append(
            ngettext(
                "One person had nothing left, and paid nothing.",
                "%(count)s people had nothing left, and paid nothing.",
                nothing,
            )
        )
    return lines, {"turn": turn, "paid_at_most": price, "in_full": full, "all_left": partly, "nothing": nothing}


def _not_bought(election: Election, shares: EqualShares, exact: ExactShares, project: int) -> Told:
    """What equal shares did not buy: a loser, a free project, or one that the greedy completion added."""
    cost, supporters = election.projects[project].cost, int(shares.electorate.supporters[project])
    if not cost and project in shares.winners and project not in shares.by_greedy:
        line = ngettext(
            "It costs nothing and one person names it: it is chosen.",
            "It costs nothing and %(count)s people name it: it is chosen.",
            supporters,
        )
        return [line], {}
    if not cost and supporters:
        lines = [_("It costs nothing: counted by its cost, it is worth nothing to those who name it.")]
        return [*lines, *_added(shares, project)], {}
    held = exact.total(project)
    figures: dict[str, int | Fraction] = {"held": held, "missing": max(cost - held, Fraction(0))}
    lines = _unpaid(shares, project, held, figures)
    if project in shares.by_greedy:
        lines += _added(shares, project)
    elif cost > election.budget:
        lines.append(
            _("It costs %(cost)s, more than the whole envelope (%(budget)s).", cost=cost, budget=election.budget)
        )
    elif project in shares.beyond:
        lines += _overspent(election, shares)
    return lines, figures


def _added(shares: EqualShares, project: int) -> list[Sentence]:
    """What the greedy completion did."""
    if project not in shares.by_greedy:
        return []
    return [_("It was added at the end, with the money that was left of the envelope.")]


def _unpaid(shares: EqualShares, project: int, held: Fraction, figures: dict[str, int | Fraction]) -> list[Sentence]:
    """What its supporters lacked."""
    cost, supporters = shares.electorate.costs[project], int(shares.electorate.supporters[project])
    if not supporters:
        return [_("Nobody names it: nobody could pay for it.")]
    missing = cost - held
    lines = [
        ngettext(
            "The only person who names it had %(held)s left at the end; it costs %(cost)s. %(missing)s was missing.",
            "The %(count)s people who name it had %(held)s left together at the end; it costs %(cost)s. "
            "%(missing)s was missing.",
            supporters,
            held=held,
            cost=cost,
            missing=_not_nothing(missing),
        )
    ]
    if shares.endowment and cost <= shares.electorate.budget:
        more = ceil(missing / shares.endowment)
        figures["more_supporters"] = more
        lines.append(
            ngettext(
                "If one more person had named it, and kept a whole share of %(share)s for it, this would have been "
                "enough, everything else unchanged.",
                "If %(count)s more people had named it, and kept a whole share of %(share)s each for it, this would "
                "have been enough, everything else unchanged.",
                more,
                share=shares.endowment,
            )
        )
    return lines


def _not_nothing(amount: Fraction) -> Number:
    """An amount above 0, with digits enough not to be shown as 0."""
    digits = 2
    while amount * 10**digits < 1:
        digits += 1
    return Number(amount, digits)


def _overspent(election: Election, shares: EqualShares) -> list[Sentence]:
    """A project that one unit more for everybody would buy, with an outcome that costs too much."""
    assert shares.stop is Stop.OVERSPENT
    free = [place for place in shares.winners if place not in (*shares.bought, *shares.by_greedy)]
    spent = sum((election.projects[place].cost for place in (*free, *shares.beyond)), Fraction(0))
    return [
        _(
            "With one unit more for each person, it would have been bought, but the projects bought then cost at "
            "least %(spent)s together: more than the envelope, %(budget)s. The count before that one is kept.",
            spent=spent,
            budget=election.budget,
        )
    ]
