"""What is shown of a ranking: figures beside each option for people, everything that makes it for programs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from maillage.config.recount import output
from maillage.config.recount.words import gettext as _
from maillage.methods.grades.judgment import MajorityJudgment, Profile
from maillage.methods.ranking.approval import Approval
from maillage.methods.ranking.borda import Borda
from maillage.methods.ranking.instant_runoff import InstantRunoff
from maillage.methods.ranking.ranked_pairs import RankedPairs
from maillage.methods.ranking.result import Ranking
from maillage.methods.ranking.schulze import Schulze
from maillage.methods.ranking.score import Score
from maillage.methods.sentences import Number, Value

NARROW = 12
"""Duels are shown as a table up to this number of options; with more, the JSON object has them."""


# For programs


def details(result: Ranking) -> dict[str, Any]:
    """What makes the ranking: see ``docs/methods/schemas/tally-ranking.json``. Matrices have the order of ``names``."""

    def by_name(figures: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(result.options, figures, strict=True))

    match result:
        case MajorityJudgment():
            return _judgment(result)
        case Approval():
            return {"votes": by_name(result.votes)}
        case Score():
            return {"scores": by_name(result.scores), "scored": by_name(result.scored)}
        case Borda():
            return {"points": by_name(result.points)}
        case Schulze():
            return {"pairwise": result.pairwise, "paths": result.paths}
        case RankedPairs():
            return _pairs(result)
        case InstantRunoff():
            return _runoff(result)
    raise TypeError(type(result))


def _judgment(result: MajorityJudgment) -> dict[str, Any]:
    return {
        "grades": list(result.grades),
        "profiles": {
            name: {
                "median": None if profile.median is None else result.grades[profile.median],
                "counts": list(profile.counts),
                "blanks": profile.blanks,
                "above": profile.above,
                "under": profile.under,
            }
            for name, profile in zip(result.options, result.profiles, strict=True)
        },
        "unequal": result.unequal,
    }


def _runoff(result: InstantRunoff) -> dict[str, Any]:
    names = result.options
    return {
        "rounds": [
            {
                "votes": {names[place]: votes for place, votes in zip(one.remaining, one.votes, strict=True)},
                "exhausted": one.exhausted,
                "eliminated": [names[place] for place in one.eliminated],
                "majority": None if one.majority is None else names[one.majority],
            }
            for one in result.rounds
        ]
    }


def _pairs(result: RankedPairs) -> dict[str, Any]:
    names = result.options

    def named(pairs: tuple[tuple[int, int], ...]) -> list[list[str]]:
        return [[names[over], names[under]] for over, under in pairs]

    return {
        "pairwise": result.pairwise,
        "victories": [
            {"over": names[over], "under": names[under], "strength": strength}
            for (over, under), strength in result.victories
        ],
        "locked": named(result.locked),
        "skipped": named(result.skipped),
        "undecided": named(result.undecided),
        "ties_applied": str(result.ties),
    }


# For people


def print_ranking(result: Ranking) -> None:
    """A line for each option, best first: its place and what it has."""
    heads, cells = _columns(result)
    rows = [
        (rank, result.options[place], *cells[place])
        for rank, group in zip(ranks(result), result.groups, strict=True)
        for place in group
    ]
    output.print_table([output.Right(_("Rank")), _("Option"), *heads], rows)
    if isinstance(result, InstantRunoff):
        _print_rounds(result)
    elif isinstance(result, Schulze | RankedPairs) and len(result.options) <= NARROW:
        _print_duels(result)


def ranks(result: Ranking) -> list[int]:
    """The rank of each group: those after two tied firsts are third."""
    found, before = [], 0
    for group in result.groups:
        found.append(before + 1)
        before += len(group)
    return found


Row = tuple[Value | None, ...]
Columns = tuple[list[str | output.Right], list[Row]]


def _columns(result: Ranking) -> Columns:
    """Headings and, for each option in the order of the file, its cells."""
    match result:
        case MajorityJudgment():
            return _grade_columns(result)
        case Approval():
            shares = [Number(Fraction(votes, result.total or 1), 1, percent=True) for votes in result.votes]
            return [output.Right(_("Approvals")), output.Right(_("Share"))], list(
                zip(result.votes, shares, strict=True)
            )
        case Score():
            heads = [output.Right(_("Score")), output.Right(_("Ballots that score it"))]
            return [*heads], list(zip(result.scores, result.scored, strict=True))
        case Borda():
            return [output.Right(_("Points"))], [(points,) for points in result.points]
        case Schulze() | RankedPairs():
            return _duel_columns(result)
    return [], [() for _option in result.options]


def _grade_columns(result: MajorityJudgment) -> Columns:
    """The median grade, then how many gave each."""
    heads: list[str | output.Right] = [_("Majority grade")]
    heads += [output.Right(output.number(grade)) for grade in result.grades]
    cells: list[Row] = [(_median(result, profile), *profile.counts) for profile in result.profiles]
    if any(profile.blanks for profile in result.profiles):
        heads.append(output.Right(_("Blank")))
        cells = [(*row, profile.blanks) for row, profile in zip(cells, result.profiles, strict=True)]
    return heads, cells


def _median(result: MajorityJudgment, profile: Profile) -> str:
    if profile.median is None:
        return "-"
    return f"{output.number(result.grades[profile.median])} {profile.sign}"


def _duel_columns(result: Schulze | RankedPairs) -> Columns:
    counts = result.pairwise
    cells: list[Row] = [
        (int((row > column).sum()), int((row < column).sum()), int((row == column).sum()) - 1)
        for row, column in zip(counts, counts.T, strict=True)
    ]
    return [output.Right(_("Duels won")), output.Right(_("Lost")), output.Right(_("Even"))], cells


def _print_duels(result: Schulze | RankedPairs) -> None:
    """How many ballots put the row above the column, options from the best."""
    order = [place for group in result.groups for place in group]
    heads = [output.Right(result.options[place]) for place in order]
    rows = [(result.options[a], *(None if a == b else int(result.pairwise[a, b]) for b in order)) for a in order]
    output.say()
    output.print_table(
        ["", *heads], rows, caption=_("Ballots that put the option of the row above that of the column.")
    )


def _print_rounds(result: InstantRunoff) -> None:
    """The votes of each option at each round, until it leaves."""
    order = [place for group in result.groups for place in group]
    votes = [dict(zip(one.remaining, one.votes, strict=True)) for one in result.rounds]
    heads = [output.Right(_("Round %(number)s") % {"number": number}) for number in range(1, len(votes) + 1)]
    rows: list[Row] = [(result.options[place], *(found.get(place) for found in votes)) for place in order]
    if any(one.exhausted for one in result.rounds):
        rows.append((_("(ballots that rank nobody left)"), *(one.exhausted for one in result.rounds)))
    output.say()
    output.print_table([_("Votes"), *heads], rows)
