"""``maillage tally FILE.csv``: grades, approvals and rankings counted again, and the answer for people and programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from maillage.config.recount import output
from maillage.config.recount.budgets import is_budget
from maillage.config.recount.words import gettext as _

if TYPE_CHECKING:
    from maillage.methods.budgeting.election import Election
    from maillage.methods.ranking.approval import Approval
    from maillage.methods.ranking.ballots import RatingBallots
    from maillage.methods.ranking.result import Ranking
    from maillage.methods.sentences import Sentence

DUELS = ("schulze", "ranked-pairs")
RANKINGS = ("borda", *DUELS, "instant-runoff")
RULES = ("majority-judgment", "approval", "score", *RANKINGS)

DEFAULTS: dict[str, dict[str, Any]] = {
    "majority-judgment": {"blank": "worst"},
    "approval": {},
    "score": {"measure": "sum"},
    "borda": {"remaining": "shared"},
    "schulze": {"strength": "margins", "unranked": "last"},
    "ranked-pairs": {"strength": "margins", "unranked": "last", "ties": "parallel"},
    "instant-runoff": {"overvotes": "split", "ties": "all"},
}
"""The options that each rule has where they are not given."""

TIES = {"ranked-pairs": ("parallel", "together", "lot"), "instant-runoff": ("all", "parallel")}
"""What ``--ties`` may say, by rule; the other rules show ties and break none. The first is the default."""

GOES_WITH: dict[str, tuple[str, ...]] = {
    "blank": ("majority-judgment",),
    "grades": ("majority-judgment",),
    "at_least": ("approval",),
    "measure": ("score",),
    "remaining": ("borda",),
    "strength": DUELS,
    "unranked": DUELS,
    "overvotes": ("instant-runoff",),
    "ranks": RANKINGS,
    "zero": RULES,
}
"""The rules that each option goes with."""

FITS = {
    "approval": ("approval",),
    "choose-1": ("approval",),
    "ordinal": ("approval", *RANKINGS),
    "cumulative": ("approval", "score", *RANKINGS),
    "scoring": RULES,
}
"""The rules that count the ballots of a Pabulib file, by what its ballots say."""


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of ballots on options."""
    for add in reversed(OPTIONS):
        command = add(command)
    return command


OPTIONS = (
    click.option("--blank", type=click.Choice(["reject", "worst", "left-out"]),
                 help="majority-judgment: a blank refuses the count, is the worst grade (default) or is left out."),
    click.option("--grades", metavar="NAMES", help="majority-judgment: names of the grades, best first, with commas."),
    click.option("--at-least", metavar="NUMBER", help="approval: approve from this number (default: all not blank)."),
    click.option("--measure", type=click.Choice(["sum", "mean", "mean-of-all"]),
                 help="score: add up (default); mean of who scored it; mean of everyone, a blank being 0."),
    click.option("--remaining", type=click.Choice(["shared", "lost"]),
                 help="borda: points left to unranked options, shared between them (default) or lost."),
    click.option("--strength", type=click.Choice(["margins", "winning-votes"]),
                 help="schulze, ranked-pairs: how strong a duel is: for less against (default), or for."),
    click.option("--unranked", type=click.Choice(["last", "aside"]),
                 help="schulze, ranked-pairs: unranked options come last (default) or are compared with none."),
    click.option("--overvotes", type=click.Choice(["split", "refused"]),
                 help="instant-runoff: a ballot with equal firsts is split (default) or refuses the count."),
    click.option("--ranks", is_flag=True, default=None, help="Rankings: the numbers of the table are ranks, 1 first."),
    click.option("--zero", type=click.Choice(["blank", "value"]),
                 help="Tables: 0 says nothing, as an empty cell (default), or is a number like another."),
)  # fmt: skip


def read(file: str, rule: str, chosen: dict[str, Any]) -> RatingBallots:
    """The ballots of a table, or those of a Pabulib file as numbers."""
    from maillage.methods.ranking.read import read_ballots

    with output.reading(file) as source, output.progress(_("Reading")) as told:
        if not is_budget(source):
            zero_is_blank = chosen.get("zero", "blank") == "blank"
            return read_ballots(source, ranks=chosen.get("ranks", False), zero_is_blank=zero_is_blank, progress=told)
        return of_election(source, rule, chosen, told)


def of_election(source: Path | bytes, rule: str, chosen: dict[str, Any], told: output.Told) -> RatingBallots:
    """The ballots of a Pabulib file: points as they are, ranks from the highest number, a one where it approves."""
    from maillage.methods.budgeting.read import read_pabulib

    for name in ("ranks", "zero"):
        if name in chosen:
            raise output.Refusal(
                _("--%(name)s goes with a table (.csv): a .pb file says what its votes are.") % {"name": name}
            )
    election = read_pabulib(source, progress=told)
    fitting = FITS[election.vote_type.value]
    if rule not in fitting:
        raise output.Refusal(
            _("The votes of this file are of the type %(type)s. They may be counted by: %(rules)s.")
            % {"type": election.vote_type.value, "rules": ", ".join(fitting)}
        )
    for warning in election.warnings:
        output.warn(warning)
    return as_ratings(election)


def as_ratings(election: Election) -> RatingBallots:
    """Each ballot as a row of numbers, a higher one better, blank where it does not name the project."""
    import numpy as np

    from maillage.methods.budgeting.election import VoteType
    from maillage.methods.ranking.ballots import RatingBallots

    ballots, width = election.ballots, len(election.projects)
    lengths = np.diff(ballots.starts)
    rows = np.repeat(np.arange(len(ballots)), lengths)
    if ballots.points is not None:
        numbers = ballots.points
    elif election.vote_type is VoteType.ORDINAL:
        # The first of a ballot gets the most: the place counted from the end.
        numbers = np.repeat(ballots.starts[1:], lengths) - np.arange(len(ballots.chosen))
    else:
        numbers = np.ones(len(ballots.chosen), dtype=np.int64)
    blank = np.iinfo(np.int32).min
    values = np.full((len(ballots), width), blank, dtype=np.int32)
    values[rows, ballots.chosen] = numbers
    return RatingBallots(
        tuple(project.id for project in election.projects),
        values,
        per_unit=ballots.points_per_unit,
        ordinal=election.vote_type is VoteType.ORDINAL,
    )


def tally(file: str, rule: str, chosen: dict[str, Any], explain: tuple[str, ...], as_json: bool) -> None:
    """Read, count, show."""
    given = {name: value for name, value in chosen.items() if name not in ("ranks", "zero")}
    asked = DEFAULTS[rule] | arguments(given)
    ballots = read(file, rule, chosen)
    for warning in ballots.warnings:
        output.warn(warning)
    for name in explain:
        if name not in ballots.options:
            raise output.Refusal(_("There is no option %(name)s in this file.") % {"name": name})
    with output.reading(file), output.progress(_("Counting")):
        # What the ballots do not allow (a blank where none may be) is told with the file and the line.
        result = count(rule, ballots, asked)
    stories = {name: words(result, ballots.options.index(name)) for name in explain}
    from maillage.config.recount import ranked

    reading = {name: chosen[name] for name in ("ranks", "zero") if name in chosen}
    settings = {name: list(value) if isinstance(value, tuple) else value for name, value in (asked | reading).items()}
    if as_json:
        answer = {"file": file, "rule": rule, "options": settings, "ballots": ballots.total}
        answer |= {"names": list(result.options), "ranking": result.ranking, "details": ranked.details(result)}
        output.print_json(answer | ({"explain": stories} if stories else {}))
    else:
        show(rule, settings, ballots.total, result, stories)


def show(
    rule: str, settings: dict[str, Any], total: int, result: Ranking, stories: dict[str, tuple[Sentence, ...]]
) -> None:
    """The table, the ties, how it was counted, and the words that were asked for."""
    from maillage.config.recount.ranked import print_ranking
    from maillage.methods.ranking.approval import Approval
    from maillage.methods.ranking.ranked_pairs import RankedPairs

    print_ranking(result)
    output.say()
    for group in result.ranking:
        if len(group) > 1:
            output.say(_("Tied: %(names)s. The rule does not separate them.") % {"names": ", ".join(group)})
    if isinstance(result, RankedPairs) and result.given_up:
        output.say(result.given_up)
    if isinstance(result, Approval):
        _say_what_approves(result, "at_least" in settings)
    output.say(output.ballots_counted(total))
    output.say(_("Counted by: %(rule)s.") % {"rule": output.command_words(rule, settings)})
    for name, lines in stories.items():
        output.say()
        output.say(name)
        for line in lines:
            output.say(f"  {output.number(line)}")


def _say_what_approves(result: Approval, told: bool) -> None:
    """From which number a ballot approves: with grades, the lowest one counts unless something else is told."""
    if result.graded:
        output.say(result.graded)
    if not told and result.least is not None and result.most is not None and result.graded:
        middle = ceil((result.least + result.most) / 2)
        output.say(
            _("The lowest one too, as no option says otherwise. To approve from a higher one: --at-least %(number)s.")
            % {"number": middle}
        )
    elif not told:
        output.say(_("A ballot approves whatever it does not leave blank (--at-least sets a number)."))


# Counting


def arguments(given: dict[str, Any]) -> dict[str, Any]:
    """The options as the rule takes them; a number or a list of grades that is none is refused."""
    found = dict(given)
    if "at_least" in given:
        found["at_least"] = _number(given["at_least"])
    if "grades" in given:
        names = tuple(name.strip() for name in given["grades"].split(","))
        if len(set(names)) < max(len(names), 2) or "" in names:
            raise output.Refusal(
                _("--grades gives at least two different names, best first, with commas between them.")
            )
        found["grades"] = names
    return found


def _number(text: str) -> Fraction:
    if not re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,6})?", text):
        raise output.Refusal(_("--at-least is a number, as 4 or 3.5."))
    return Fraction(text.replace(",", "."))


def count(rule: str, ballots: RatingBallots, asked: dict[str, Any]) -> Ranking:
    """The ranking of the rule: its module is imported only when it is asked for."""
    if rule == "majority-judgment":
        from maillage.methods.grades.judgment import Blank, majority_judgment

        return majority_judgment(ballots, **_typed(asked, blank=Blank))
    if rule == "approval":
        from maillage.methods.ranking.approval import approval

        return approval(ballots, **asked)
    if rule == "score":
        from maillage.methods.ranking.score import Measure, score

        return score(ballots, **_typed(asked, measure=Measure))
    if rule == "borda":
        from maillage.methods.ranking.borda import Remaining, borda

        return borda(ballots, **_typed(asked, remaining=Remaining))
    from maillage.methods.ranking.pairwise import Strength, Unranked

    if rule == "schulze":
        from maillage.methods.ranking.schulze import schulze

        return schulze(ballots, **_typed(asked, strength=Strength, unranked=Unranked))
    if rule == "ranked-pairs":
        from maillage.methods.ranking.ranked_pairs import PairTies, ranked_pairs

        return ranked_pairs(ballots, **_typed(asked, strength=Strength, unranked=Unranked, ties=PairTies))
    from maillage.methods.ranking.instant_runoff import Overvotes, RunoffTies, instant_runoff

    return instant_runoff(ballots, **_typed(asked, overvotes=Overvotes, ties=RunoffTies))


def _typed(asked: dict[str, Any], **kinds: type[StrEnum]) -> dict[str, Any]:
    """The words of the options as the enumerations of the rule."""
    return {name: kinds[name](value) if name in kinds else value for name, value in asked.items()}


def words(result: Ranking, place: int) -> tuple[Sentence, ...]:
    """Why an option is where it is."""
    from maillage.methods.grades.judgment import MajorityJudgment

    if isinstance(result, MajorityJudgment):
        from maillage.methods.grades.explain import explain_judgment

        return explain_judgment(result, place)
    from maillage.methods.ranking.explain import explain_ranking

    return explain_ranking(result, place)
