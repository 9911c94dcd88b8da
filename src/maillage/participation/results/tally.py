"""The count of one step of priorities by its rule, and what other rules would have given, from the same ballots."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.core.formats import money
from maillage.methods.budgeting.election import Ballots, Election, Outcome, Project, Story, Ties, VoteType
from maillage.methods.budgeting.equal_shares import Completion, EqualShares, equal_shares
from maillage.methods.budgeting.equal_shares_stories import equal_shares_stories
from maillage.methods.budgeting.greedy import greedy
from maillage.methods.budgeting.greedy_stories import greedy_stories
from maillage.methods.budgeting.phragmen import phragmen
from maillage.methods.budgeting.phragmen_stories import phragmen_stories
from maillage.methods.grades.judgment import Blank, majority_judgment
from maillage.methods.ranking.approval import approval
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.borda import borda
from maillage.methods.ranking.explain import explain_ranking
from maillage.methods.ranking.instant_runoff import InstantRunoff, instant_runoff
from maillage.methods.ranking.ranked_pairs import ranked_pairs
from maillage.methods.ranking.result import Ranking
from maillage.methods.ranking.schulze import schulze
from maillage.methods.ranking.score import Measure, score
from maillage.methods.sentences import Number, Sentence, Value
from maillage.participation.consultations.models import Option, Step
from maillage.participation.results import reading
from maillage.participation.vocabulary import COUNTINGS, Counting, Grade, Method

LANGUAGES = ("fr", "en")
IMPORTANT = int(Grade.IMPORTANT)
FAVOURABLE = int(Grade.VERY)
"""From this grade on, a group is said to be for an option."""
STORIES_MOST = 400
"""Options whose story is kept in words."""


@dataclass(frozen=True)
class Counted:
    """What a rule gave: ``data`` as the result keeps it; ``for_it`` is ``(ballots, options)``, who is for what."""

    data: dict[str, Any]
    for_it: NDArray[np.bool_]


def seed_of(step: Step) -> int:
    """The number that draws lots, from what the step says."""
    text = step.seed.strip() or "0"
    return int(text) if text.isdecimal() else int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def ties_of(step: Step) -> Ties:
    return Ties(step.ties) if step.ties in set(Ties) else Ties.COST


def tally(step: Step, options: Sequence[Option], contents: Sequence[str]) -> Counted:
    """Count ``contents`` on ``options`` (those that are not withdrawn, in the order of their numbers)."""
    if not options:
        return Counted({"order": [], "blank": len(contents)}, np.zeros((len(contents), 0), dtype=bool))
    if step.method == Method.BUDGET:
        return _budget(step, options, contents)
    ballots = ratings(step, [option.number for option in options], contents)
    return _TALLIES[Method(step.method)](step, options, ballots)


def ratings(step: Step, numbers: Sequence[int], contents: Sequence[str]) -> RatingBallots:
    """The ballots of a step that is no budget, one column an option, a higher number better."""
    names = tuple(map(str, numbers))
    # Bytes are counted fastest; ranks go as high as there are options.
    kind = np.int16 if step.method == Method.RANKING and max(numbers, default=0) > 120 else np.int8
    blank = int(np.iinfo(kind).min)
    if step.method == Method.APPROVAL:
        lengths, places = reading.chosen(contents, numbers)
        values = np.full((len(contents), len(numbers)), blank, dtype=kind, order="F")
        values[np.repeat(np.arange(len(contents)), lengths), places] = 1
        return RatingBallots(names, values)
    fill = reading.NOTHING if step.method == Method.SCORE else 0
    table = reading.rows(contents, numbers, fill=fill)
    values = np.empty(table.shape, dtype=kind, order="F")
    values[:] = np.where(table == fill, blank, -table if step.method == Method.RANKING else table)
    return RatingBallots(names, values, ordinal=step.method == Method.RANKING)


def _order(result: Ranking) -> list[list[int]]:
    return [[int(result.options[place]) for place in group] for group in result.groups]


def _blank(ballots: RatingBallots) -> int:
    return int((ballots.values == ballots.blank).all(axis=1).sum())


def _grades(step: Step, options: Sequence[Option], ballots: RatingBallots) -> Counted:
    names = [str(grade) for grade in sorted(Grade.values, reverse=True)]
    result = majority_judgment(ballots, blank=Blank.LEFT_OUT, grades=names)
    profiles = {
        name: {
            "counts": list(profile.counts), "blanks": profile.blanks, "median": profile.median,
            "above": float(profile.above), "under": float(profile.under),
        }
        for name, profile in zip(ballots.options, result.profiles, strict=True)
    }  # fmt: skip
    others = [
        _other("mean", score(ballots, measure=Measure.MEAN)),
        _other("approval", approval(ballots, at_least=IMPORTANT)),
        _other("schulze", schulze(ballots)),
    ]
    data = {"order": _order(result), "blank": _blank(ballots), "profiles": profiles, "others": others}
    return Counted(data, ballots.values >= FAVOURABLE)


def _approval(step: Step, options: Sequence[Option], ballots: RatingBallots) -> Counted:
    result = approval(ballots)
    data = {
        "order": _order(result), "blank": _blank(ballots), "others": [],
        "votes": dict(zip(ballots.options, result.votes, strict=True)),
    }  # fmt: skip
    return Counted(data, ballots.values > ballots.blank)


def _score(step: Step, options: Sequence[Option], ballots: RatingBallots) -> Counted:
    measure = Measure.MEAN if step.counting == Counting.MEAN else Measure.SUM
    result = score(ballots, measure=measure)
    mean = score(ballots, measure=Measure.MEAN)
    most = step.score_most
    spread = [np.bincount(column[column >= 0], minlength=most + 1)[: most + 1].tolist() for column in ballots.values.T]
    other = Counting.SUM if step.counting == Counting.MEAN else Counting.MEAN
    data = {
        "order": _order(result), "blank": _blank(ballots), "most": most,
        "sums": {
            name: int(column[column >= 0].sum(dtype=np.int64))
            for name, column in zip(ballots.options, ballots.values.T, strict=True)
        },
        "means": {
            name: None if value is None else float(value)
            for name, value in zip(ballots.options, mean.scores, strict=True)
        },
        "scored": dict(zip(ballots.options, result.scored, strict=True)),
        "spread": dict(zip(ballots.options, spread, strict=True)),
        "others": [_other(other, score(ballots, measure=Measure(str(other))))],
    }  # fmt: skip
    return Counted(data, ballots.values > most // 2)


def _rank_by(counting: str, ballots: RatingBallots) -> Ranking:
    match counting:
        case Counting.RANKED_PAIRS:
            return ranked_pairs(ballots)
        case Counting.BORDA:
            return borda(ballots)
        case Counting.RUNOFF:
            return instant_runoff(ballots)
    return schulze(ballots)


def _ranking(step: Step, options: Sequence[Option], ballots: RatingBallots) -> Counted:
    results = {counting: _rank_by(counting, ballots) for counting in COUNTINGS[Method.RANKING]}
    result = results[step.counting]
    duels = results[Counting.SCHULZE]
    best = ballots.values.max(axis=1)
    first = (ballots.values == best[:, None]) & (best > ballots.blank)[:, None]
    points = results[Counting.BORDA]
    data: dict[str, Any] = {
        "order": _order(result), "blank": _blank(ballots), "duels": duels.pairwise.tolist(),  # type: ignore[attr-defined]
        "firsts": dict(zip(ballots.options, first.sum(axis=0).tolist(), strict=True)),
        "points": {
            name: float(value)
            for name, value in zip(ballots.options, points.points, strict=True)  # type: ignore[attr-defined]
        },
        "others": [_other(counting, other) for counting, other in results.items() if counting != step.counting],
        "words": _said(_named(result, options)),
    }  # fmt: skip
    if isinstance(result, InstantRunoff):
        data["rounds"] = [
            {
                "votes": {
                    ballots.options[place]: float(votes)
                    for place, votes in zip(turn.remaining, turn.votes, strict=True)
                },
                "exhausted": turn.exhausted,
                "out": [int(ballots.options[place]) for place in turn.eliminated],
            }
            for turn in result.rounds
        ]
    return Counted(data, first)


def _named(result: Ranking, options: Sequence[Option]) -> Ranking:
    """The same result with the labels of the options, to be told in words."""
    return replace(result, options=tuple(option.label for option in options))


def _said(result: Ranking) -> dict[str, list[str]]:
    lines = explain_ranking(result)[:STORIES_MOST]
    return {language: [line.said(language) for line in lines] for language in LANGUAGES}


def _other(counting: str, result: Ranking) -> dict[str, Any]:
    return {"counting": str(counting), "order": _order(result)}


_TALLIES = {
    Method.GRADES: _grades,
    Method.APPROVAL: _approval,
    Method.SCORE: _score,
    Method.RANKING: _ranking,
}


def election_of(step: Step, options: Sequence[Option], contents: Sequence[str]) -> Election:
    """The participatory budget of a step, amounts in dollars. Projects have their numbers for ids, or those that the
    file they come from gave them, so that its own ties are broken alike."""
    numbers = [option.number for option in options]
    lengths, places = reading.chosen(contents, numbers)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    ids = [option.source if step.consultation.imported_from else "" for option in options]
    if not all(ids) or len(set(ids)) < len(ids):
        ids = [str(option.number) for option in options]
    projects = tuple(
        Project(name, Fraction(option.cost_cents or 0, 100), option.label)
        for name, option in zip(ids, options, strict=True)
    )
    envelope = Fraction(step.envelope_cents or sum(option.cost_cents or 0 for option in options) or 100, 100)
    return Election(projects, envelope, Ballots(starts, places), VoteType.APPROVAL)


def _choose(counting: str, election: Election, step: Step) -> Outcome:
    ties, seed = ties_of(step), seed_of(step)
    if counting == Counting.GREEDY:
        return greedy(election, ties=ties, seed=seed)
    if counting == Counting.PHRAGMEN:
        return phragmen(election, ties=ties, seed=seed)
    return equal_shares(election, completion=Completion.ADD1, ties=ties, seed=seed)


def _stories(counting: str, election: Election, outcome: Outcome, step: Step) -> tuple[Story, ...]:
    ties, seed = ties_of(step), seed_of(step)
    if isinstance(outcome, EqualShares):
        return equal_shares_stories(election, outcome)
    if counting == Counting.GREEDY:
        return greedy_stories(election, ties=ties, seed=seed)
    return phragmen_stories(election, ties=ties, seed=seed)


def _in_dollars(line: Sentence, language: str) -> str:
    """A sentence of a story whose fractions are amounts: its people and its turns are whole numbers."""

    def shown(value: Value) -> Value:
        if isinstance(value, Number) and isinstance(value.value, Fraction) and not value.percent and value.digits == 2:
            value = value.value
        return money(round(value * 100), language) if isinstance(value, Fraction) else value

    values = {name: shown(value) for name, value in line.values.items()}
    return replace(line, values=values).said(language)


def _budget(step: Step, options: Sequence[Option], contents: Sequence[str]) -> Counted:
    election = election_of(step, options, contents)
    size = len(options)
    outcomes = {counting: _choose(counting, election, step) for counting in COUNTINGS[Method.BUDGET]}
    outcome = outcomes[step.counting]
    lengths = np.diff(election.ballots.starts)
    for_it = np.zeros((len(contents), size), dtype=bool)
    for_it[np.repeat(np.arange(len(contents)), lengths), election.ballots.chosen] = True
    votes = np.bincount(election.ballots.chosen, minlength=size).tolist()
    number = [option.number for option in options]
    data: dict[str, Any] = {
        "order": [[number[place]] for place in outcome.winners],
        "winners": [number[place] for place in outcome.winners],
        "blank": int((lengths == 0).sum()),
        "votes": {str(number[place]): votes[place] for place in range(size)},
        "envelope_cents": int(election.budget * 100),
        "spent_cents": int(outcome.cost * 100),
        "others": [
            {
                "counting": str(counting),
                "winners": [number[place] for place in other.winners],
                "spent_cents": int(other.cost * 100),
            }
            for counting, other in outcomes.items()
            if counting != step.counting
        ],
    }
    if isinstance(outcome, EqualShares):
        data["share"] = {
            "start_cents": float(outcome.start * 100),
            "end_cents": float(outcome.endowment * 100),
            "rounds": outcome.rounds,
        }
    for story in _stories(step.counting, election, outcome, step):
        key = str(number[story.project])
        figures = {name: float(value) for name, value in story.figures.items()}
        data.setdefault("figures", {})[key] = figures
        if size <= STORIES_MOST:
            said = {language: [_in_dollars(line, language) for line in story.lines] for language in LANGUAGES}
            data.setdefault("stories", {})[key] = said
    return Counted(data, for_it)
