"""Why a rule puts options in this order, in words."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from maillage.methods.ranking.approval import Approval
from maillage.methods.ranking.borda import Borda
from maillage.methods.ranking.instant_runoff import InstantRunoff, Round
from maillage.methods.ranking.ranked_pairs import PairTies, RankedPairs
from maillage.methods.ranking.result import Ranking
from maillage.methods.ranking.schulze import Schulze
from maillage.methods.ranking.score import Measure, Score
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


def explain_ranking(result: Ranking, option: int | None = None) -> tuple[Sentence, ...]:
    """What makes the order, best first; ``option``: only what concerns this one (its place in ``options``).

    Rounds of an instant runoff are all told, as no one of them can be understood without those before.
    """
    if isinstance(result, InstantRunoff):
        lines = [line for number, turn in enumerate(result.rounds, 1) for line in _round(result, number, turn)]
    else:
        lines = [
            line for group in result.groups for place in group if option in (None, place)
            for line in _place(result, place)
        ]  # fmt: skip
    if isinstance(result, RankedPairs) and result.undecided:
        lines += _undecided(result, option)
    if isinstance(result, Approval) and result.graded:
        lines.append(result.graded)
    if isinstance(result, RankedPairs) and result.given_up:
        lines.append(result.given_up)
    tied = [group for group in result.groups if len(group) > 1 and (option is None or option in group)]
    lines += [_("%(names)s are tied: the rule does not separate them.", names=_names(result, group)) for group in tied]
    return tuple(lines)


def _names(result: Ranking, places: Iterable[int]) -> str:
    return ", ".join(result.options[place] for place in places)


def _place(result: Ranking, place: int) -> list[Sentence]:
    """What makes the place of one option."""
    name = result.options[place]
    match result:
        case Approval():
            return [ngettext("%(name)s is approved on %(count)s ballot out of %(total)s.",
                             "%(name)s is approved on %(count)s ballots out of %(total)s.",
                             result.votes[place], name=name, total=result.total)]  # fmt: skip
        case Borda():
            return [_("%(name)s has %(points)s points.", name=name, points=result.points[place])]
        case Score():
            return [_score(result, place)]
        case Schulze():
            return _paths(result, place)
        case RankedPairs():
            return _victories(result, place)
    return []


def _score(result: Score, place: int) -> Sentence:
    name, points = result.options[place], result.scores[place]
    if points is None:
        return _("%(name)s is scored on no ballot.", name=name)
    if result.measure is Measure.SUM:
        return _("%(name)s has %(points)s points.", name=name, points=points)
    counted = result.total if result.measure is Measure.MEAN_OF_ALL else result.scored[place]
    return ngettext(
        "%(name)s has a mean of %(points)s, on %(count)s ballot.",
        "%(name)s has a mean of %(points)s, on %(count)s ballots.",
        counted,
        name=name,
        points=points,
    )


def _paths(result: Schulze, place: int) -> list[Sentence]:
    above = [other for other in range(len(result.options)) if result.paths[other, place] > result.paths[place, other]]
    if not above:
        return [_("Nothing is above %(name)s.", name=result.options[place])]
    # The lowest of those above: the group just before.
    rank = {other: number for number, group in enumerate(result.groups) for other in group}
    first = max(above, key=lambda other: (rank[other], -other))
    names = {"first": result.options[first], "second": result.options[place]}
    strong, back = int(result.paths[first, place]), int(result.paths[place, first])
    path = _path(result, first, place)
    if len(path) == 2:
        line = _("%(first)s is above %(second)s: %(for)s ballots against %(against)s put it before.", **names,
                 **_against(result, first, place))  # fmt: skip
    else:
        line = _("%(first)s is above %(second)s by a path of victories: %(path)s.", **names, path=_names(result, path))
    if not back:
        return [line]
    return [line, _("The weakest victory of this path is worth %(strong)s; the best path back is worth %(back)s.",
                    strong=strong, back=back)]  # fmt: skip


def _against(result: Schulze | RankedPairs, first: int, second: int) -> dict[str, int]:
    return {"for": int(result.pairwise[first, second]), "against": int(result.pairwise[second, first])}


def _path(result: Schulze, first: int, last: int) -> list[int]:
    """A shortest path of victories as strong as the strongest path."""
    counts = result.pairwise
    strength = counts - counts.T if result.strength == "margins" else counts
    usable = (strength >= result.paths[first, last]) & (counts > counts.T)
    came = {first: first}
    todo = [first]
    for place in todo:
        for after in np.flatnonzero(usable[place]).tolist():
            if after not in came:
                came[after] = place
                todo.append(after)
    path = [last]
    while path[0] != first:
        path.insert(0, came[path[0]])
    return path


def _victories(result: RankedPairs, place: int) -> list[Sentence]:
    lines = []
    for first, second in result.locked:
        if first == place:
            lines.append(_("%(first)s is put above %(second)s: %(for)s ballots against %(against)s.",
                           first=result.options[first], second=result.options[second],
                           **_against(result, first, second)))  # fmt: skip
    for first, second in result.skipped:
        if first == place:
            lines.append(_("%(first)s is not put above %(second)s, in spite of %(for)s ballots against %(against)s: "
                           "stronger victories say the contrary.", first=result.options[first],
                           second=result.options[second], **_against(result, first, second)))  # fmt: skip
    return lines or [_("%(name)s beats no other option.", name=result.options[place])]


def _undecided(result: RankedPairs, option: int | None) -> list[Sentence]:
    pairs = [pair for pair in result.undecided if option is None or option in pair]
    if not pairs:
        return []
    shown = "; ".join(" > ".join(result.options[place] for place in pair) for pair in pairs)
    if result.ties is PairTies.TOGETHER:
        return [_("These victories of equal strength make a circle and are set aside: %(pairs)s.", pairs=shown)]
    return [_("These victories hold or not, by which of equal strength is put first: %(pairs)s.", pairs=shown)]


def _round(result: InstantRunoff, number: int, turn: Round) -> list[Sentence]:
    order = sorted(range(len(turn.remaining)), key=lambda place: -turn.votes[place])
    tally: list[Sentence] = [
        _("%(name)s %(votes)s", name=result.options[turn.remaining[place]], votes=turn.votes[place]) for place in order
    ]
    lines = [_("Round %(number)s: %(tally)s.", number=number, tally=_listed(tally))]
    if turn.majority is not None and not any(
        before.majority == turn.majority for before in result.rounds[: number - 1]
    ):
        lines.append(
            _(
                "%(name)s has more than half of the ballots that still count, and wins.",
                name=result.options[turn.majority],
            )
        )
    if turn.exhausted:
        lines.append(ngettext("%(count)s ballot ranks none of them.", "%(count)s ballots rank none of them.",
                              turn.exhausted))  # fmt: skip
    if turn.eliminated:
        last = min(turn.votes, default=Fraction(0))
        lines.append(ngettext("%(names)s leaves, with %(votes)s.", "%(names)s leave together, with %(votes)s each.",
                              len(turn.eliminated), names=_names(result, turn.eliminated), votes=last))  # fmt: skip
    return lines


def _listed(parts: list[Sentence]) -> Sentence | str:
    """One after the other, each in the language that is asked."""
    listed: Sentence | str = parts[0] if parts else ""
    for part in parts[1:]:
        listed = _("%(before)s, %(after)s", before=listed, after=part)
    return listed
