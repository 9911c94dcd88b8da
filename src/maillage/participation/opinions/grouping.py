"""From ballots to aggregates: the groups, what each says, what brings together, what divides.

Only aggregates leave this file. No group under the threshold of the consultation, no share of fewer people than it, and
no place on the map of anyone: cells that hold enough people, and an ellipse for each group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from maillage.methods import opinion
from maillage.methods.opinion import Reading, Votes
from maillage.participation.consultations.models import Step
from maillage.participation.opinions.ballot import votes_in
from maillage.participation.opinions.models import Statement

REDRAWS, FEW_REDRAWS = 99, 19
MANY_VOTES = 300_000
"""Above, fewer redraws: a p of 5 % is all that is asked of them."""
SPLIT = 0.3
"""Between the group that agrees most and the one that agrees least: what divides."""
BOTH_SIDES = 0.3
"""Without groups, a statement divides where each side has that share."""
MOST = 5
ACROSS = 14
"""Cells of the map, from side to side, at most."""


@dataclass(frozen=True)
class Gathered:
    """The votes that are counted, and what is left out of them."""

    votes: Votes
    ballots: int
    blank: int
    """Ballots without any vote that counts."""
    few: Sequence[int]
    """Statements that fewer people than the threshold answered: neither counted nor published."""
    refused: Sequence[int]
    """Statements refused after people had voted on them."""
    refusals: Mapping[str, int]
    """How many were refused, by reason."""


def gather(step: Step, contents: Iterable[str]) -> Gathered:
    """The votes of these ballots. A refused statement is left out as the method means it: it weighs on nothing."""
    known = dict(Statement.objects.filter(step=step).order_by("number").values_list("number", "state"))
    reasons = Statement.objects.filter(step=step, state=Statement.State.REFUSED).values_list("reason", flat=True)
    kept = {number for number, state in known.items() if state != Statement.State.PENDING}
    ballots = [{n: value for n, value in votes_in(content).items() if n in kept} for content in contents]
    voted = Counter(number for ballot in ballots for number in ballot)
    least = step.consultation.threshold
    few = [n for n in sorted(voted) if known[n] == Statement.State.SHOWN and voted[n] < least]
    columns = [n for n in sorted(voted) if n not in set(few)]
    place = {number: at for at, number in enumerate(columns)}
    left_out = {n for n in columns if known[n] == Statement.State.REFUSED}
    people = [
        ballot
        for ballot in ({n: v for n, v in ballot.items() if n in place} for ballot in ballots)
        if any(n not in left_out for n in ballot)
    ]
    triples = [(at, place[n], 0 if n in left_out else v) for at, ballot in enumerate(people) for n, v in ballot.items()]
    person, statement, value = zip(*triples, strict=True) if triples else ((), (), ())
    votes = Votes.of(
        tuple(str(at + 1) for at in range(len(people))),
        tuple(opinion.Statement(str(n), left_out=n in left_out) for n in columns),
        person, statement, value,
    )  # fmt: skip
    return Gathered(votes, len(ballots), len(ballots) - len(people), few, sorted(left_out), Counter(reasons))


def aggregates(step: Step, found: Gathered, *, redraws: int | None = None) -> dict[str, Any]:
    """What the page tells, ready to be kept as JSON: ``count`` of the kind, and the live reading."""
    votes, least = found.votes, step.consultation.threshold
    data: dict[str, Any] = {
        "ballots": found.ballots, "blank": found.blank, "people": len(votes.people),
        "votes": int((~votes.left_out[votes.statement]).sum()) if len(votes.value) else 0,
        "few": list(found.few), "refused": list(found.refused), "refusals": dict(found.refusals),
        "groups": [], "statements": [], "shared": [], "divides": [], "cells": [], "verdict": "too-few", "set": None,
        "least": least,
    }  # fmt: skip
    if len(votes.people) < least or not len(votes.value):
        return data
    chosen, forced = reading_of(votes, least, redraws)
    tables = _Tables(chosen, least)
    data |= {
        "set": forced,
        "verdict": str(chosen.evidence.verdict),
        "evidence": _evidence(chosen),
        "groups": _groups(chosen, tables),
        "ungrouped": tables.rest,
        "statements": tables.rows,
        "shared": _shared(chosen, tables),
        "divides": _divides(tables),
        "cells": _cells(chosen, least),
        "spread": [round(float(share), 3) for share in chosen.map.spread],
    }
    return data


def priorities(votes: Votes) -> dict[str, float]:
    """The priority of each statement for whoever comes next."""
    found = opinion.next_statement(votes, opinion.map_opinions(votes), None, seed=0)
    return {one.id: round(float(found.priorities[at]), 6) for at, one in enumerate(votes.statements)}


def reading_of(votes: Votes, least: int, redraws: int | None) -> tuple[Reading, int | None]:
    """The reading, its groups all large enough; the number of groups where it had to be set (1: no group)."""
    if redraws is None:
        redraws = FEW_REDRAWS if len(votes.value) > MANY_VOTES else REDRAWS
    found = opinion.reading(votes, redraws=0)
    forced: int | None = None
    if any(size < least for size in found.groups.sizes):
        for count in range(found.groups.count - 1, 0, -1):
            found, forced = opinion.reading(votes, count=count, redraws=0), count
            if all(size >= least for size in found.groups.sizes):
                break
    if redraws and found.groups.count > 1:
        found = opinion.reading(votes, count=forced, redraws=redraws)
    return found, forced


def number_set(step: Step, votes: Votes) -> int | None:
    """The number of groups that must be asked for to find those shown; None where the method chooses it."""
    return reading_of(votes, step.consultation.threshold, redraws=0)[1]


class _Tables:
    """Counts by statement: of everyone, and of each group where no part is under the threshold."""

    def __init__(self, found: Reading, least: int) -> None:
        votes, groups = found.votes, found.groups
        self.count = groups.count if groups.count > 1 and all(size >= least for size in groups.sizes) else 0
        size, member = len(votes.statements), groups.group[votes.person]
        whole = _counts(votes, np.ones(len(votes.value), bool), size)
        parts = [_counts(votes, member == number, size) for number in range(1, self.count + 1)]
        rest = _counts(votes, member == 0, size)
        self.rows: list[dict[str, Any]] = []
        self.place: dict[int, int] = {}
        for at, statement in enumerate(votes.statements):
            if statement.left_out or whole[at].sum() < least:
                continue
            sizes = [int(part[at].sum()) for part in parts]
            shown = bool(self.count) and all(one == 0 or one >= least for one in sizes)
            # Everyone less the groups is whoever is in none: where they are a few, they are left out of everyone too.
            everyone = whole[at] - rest[at] if shown and 0 < rest[at].sum() < least else whole[at]
            self.place[at] = len(self.rows)
            self.rows.append(
                {
                    "n": int(statement.id),
                    "all": everyone.tolist(),
                    "parts": [part[at].tolist() for part in parts] if shown else None,
                }
            )
        ungrouped = int((groups.group == 0).sum())
        self.rest = ungrouped if self.count and ungrouped >= least else 0

    def row(self, statement: int) -> dict[str, Any] | None:
        at = self.place.get(statement)
        return None if at is None else self.rows[at]


def _counts(votes: Votes, among: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """``(statements, 3)``: agree, pass, disagree."""
    return np.stack(
        [np.bincount(votes.statement[among & (votes.value == value)], minlength=size) for value in (1, 0, -1)], axis=1
    )


def _evidence(found: Reading) -> dict[str, float | None]:
    one = found.evidence
    names = ("silhouette", "p_structure", "p_gap", "stability")
    return {name: None if getattr(one, name) is None else round(float(getattr(one, name)), 3) for name in names}


def _groups(found: Reading, tables: _Tables) -> list[dict[str, Any]]:
    shown = []
    for number in range(1, tables.count + 1):
        points = found.map.people[found.groups.group == number]
        says = []
        for one in found.representation.chosen[number - 1]:
            row = tables.row(one.statement)
            if row is None or row["parts"] is None:
                continue
            says.append({"n": row["n"], "side": str(one.side), "sure": bool(one.significant)})
        shown.append({"size": len(points), "says": says, **_ellipse(points)})
    return shown


def _ellipse(points: NDArray[np.float64]) -> dict[str, list[float]]:
    """Centre and half axes of the group: where most of its people are, and nobody's place."""
    centre = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points.T)) if len(points) > 1 else (np.zeros(2), np.eye(2))
    half = 1.8 * np.sqrt(np.maximum(values, 0))
    angle = float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))) % 180 if half[1] > 0 else 0.0
    return {
        "centre": [round(float(one), 2) for one in centre],
        "axes": [round(float(half[1]), 2), round(float(half[0]), 2), round(angle)],
    }


def _shared(found: Reading, tables: _Tables) -> list[dict[str, Any]]:
    """What most people of every group take the same side on; without groups, what most people do."""
    several = tables.count > 1
    chosen = found.consensus.every_group if several else (*found.consensus.agree, *found.consensus.disagree)
    rows = [(tables.row(one.statement), one.side) for one in chosen]
    return [{"n": row["n"], "side": str(side)} for row, side in rows if row is not None][: 2 * MOST]


def _divides(tables: _Tables) -> list[int]:
    def apart(row: Mapping[str, Any]) -> float:
        shares = [(part[0] + 1) / (sum(part) + 2) for part in row["parts"]]
        return max(shares) - min(shares)

    def balance(row: Mapping[str, Any]) -> float:
        return min(row["all"][0], row["all"][2]) / sum(row["all"])

    if tables.count > 1:
        ranked = sorted((-apart(row), row["n"]) for row in tables.rows if row["parts"] and apart(row) >= SPLIT)
    else:
        ranked = sorted((-balance(row), row["n"]) for row in tables.rows if balance(row) >= BOTH_SIDES)
    return [number for _, number in ranked[:MOST]]


def _cells(found: Reading, least: int) -> list[list[float]]:
    """``[x, y, width, height, people]`` of the cells of the map where enough people stand."""
    points = found.map.people
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.maximum(high - low, 1e-9)
    across = int(np.clip(np.sqrt(len(points) / least), 2, ACROSS))
    at = np.minimum((points - low) / room * across, across - 1).astype(int)
    places, counts = np.unique(at, axis=0, return_counts=True)
    step = room / across
    return [
        [*(round(float(one), 3) for one in (*(low + place * step), *step)), int(count)]
        for place, count in zip(places, counts, strict=True)
        if count >= least
    ]
