"""Opinions: time beside red-dwarf, likeness to the groups that Polis gave, how often the evidence errs and finds.

``python benchmarks/methods_opinions.py [speed polis evidence]`` prints the tables; the last one takes minutes.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import itertools

from machine import ROOT, Table
from maillage.methods.opinion import (
    Statement,
    Verdict,
    Votes,
    adjusted_rand,
    consensus,
    group_people,
    map_opinions,
    read,
    reading,
    represent,
)

REAL = ROOT.parent / "shared" / "data" / "opinions"
SIZES = ((2_000, 900, 225_000, 0.5), (10_000, 1_000, 1_000_000, 5.0))
"""People, statements, votes, seconds allowed."""


def made(people: int, statements: int, count: int, seed: int = 0) -> Votes:
    """Three groups with leanings of their own, holes anywhere."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, people)
    leaning = rng.normal(size=(3, statements))
    key = rng.choice(people * statements, count, replace=False)
    person, statement = key // statements, key % statements
    score = leaning[group[person], statement] + rng.normal(size=count)
    value = np.where(score > 0.3, 1, np.where(score < -0.3, -1, 0))
    return Votes.of(
        tuple(str(i) for i in range(people)),
        tuple(Statement(str(j)) for j in range(statements)),
        person,
        statement,
        value,
    )


def ours(votes: Votes) -> tuple[float, ...]:
    """Seconds of the map, of the groups, of the statistics."""
    times = [time.perf_counter()]
    opinion_map = map_opinions(votes)
    times.append(time.perf_counter())
    groups = group_people(opinion_map)
    times.append(time.perf_counter())
    represent(votes, groups)
    consensus(votes, groups)
    times.append(time.perf_counter())
    return tuple(after - before for before, after in itertools.pairwise(times))


def red_dwarf(votes: Votes) -> tuple[float, np.ndarray]:
    """Seconds, and the group of each person (0: none). It takes a list of dictionaries, made before its time starts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from reddwarf.implementations.base import run_pipeline

        rows = [
            {"participant_id": i, "statement_id": j, "vote": v, "modified": 0}
            for i, j, v in zip(votes.person.tolist(), votes.statement.tolist(), votes.value.tolist(), strict=True)
        ]
        start = time.perf_counter()
        found = run_pipeline(votes=rows, mod_out_statement_ids=np.flatnonzero(votes.left_out).tolist(), random_state=0)
        taken = time.perf_counter() - start
    labels = found.participants_df["cluster_id"].dropna()
    group = np.zeros(len(votes.people), int)
    group[labels.index] = labels.to_numpy(int) + 1
    return taken, group


def floor(votes: Votes) -> float:
    """Seconds to go once through the votes: counting the agreements of each statement."""
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        np.bincount(votes.statement, votes.value, len(votes.statements))
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def speed() -> Table:
    table = Table(
        "Opinions: time",
        ["Conversation", "Votes", "Map (s)", "Groups (s)", "Statistics (s)", "In all (s)", "Target",
         "red-dwarf (s)", "Times faster", "Times the floor"],
        notes=["Median of 5, votes in memory; red-dwarf once. The floor: one pass over the votes. "
               "Without the redraws of the evidence (see below). Made conversations have three groups and a seed."],
    )  # fmt: skip
    cases: list[tuple[str, Votes, float | None]] = []
    if REAL.is_dir():
        cases += [(path.name, read(path).votes, None) for path in sorted(REAL.iterdir())]
    cases += [(f"made, {people:,} × {statements:,}", made(people, statements, count), allowed)
              for people, statements, count, allowed in SIZES]  # fmt: skip
    for name, votes, allowed in cases:
        parts = np.median([ours(votes) for _ in range(5)], axis=0)
        whole = float(parts.sum())
        peer, _ = red_dwarf(votes)
        target = table.target(name, whole, allowed, " s") if allowed else ""
        if peer <= whole:
            table.missed.append(f"{name}: slower than red-dwarf")
        table.add(name, f"{len(votes.value):,}", *(f"{part:.3f}" for part in parts), f"{whole:.3f}", target,
                  f"{peer:.2f}", f"{peer / whole:.0f}", f"{whole / floor(votes):.0f}")  # fmt: skip
    return table


def polis() -> Table:
    table = Table(
        "Opinions: likeness to the groups of Polis",
        ["Conversation", "Grouped", "Groups here", "Rand index here", "of red-dwarf", "Verdict", "p structure",
         "p gap", "Stability", "Evidence (s)"],
        notes=["Adjusted Rand index against `group-id`, over people with at least 7 votes and a group there. "
               "99 redraws, seed 0."],
    )  # fmt: skip
    for path in sorted(REAL.iterdir()) if REAL.is_dir() else ():
        conversation = read(path)
        votes = conversation.votes
        start = time.perf_counter()
        found = reading(votes)
        taken = time.perf_counter() - start
        published = [conversation.published_groups.get(name) for name in votes.people]

        def like(group: np.ndarray, published: list[str | None] = published) -> float:
            both = [i for i, one in enumerate(published) if one is not None and group[i] > 0]
            return adjusted_rand([group[i] for i in both], [published[i] for i in both])

        mine, theirs = like(found.groups.group), like(red_dwarf(votes)[1])
        if mine < theirs - 1e-9:
            table.missed.append(f"{path.name}: farther from Polis than red-dwarf")
        evidence = found.evidence
        table.add(path.name, sum(found.groups.sizes), " + ".join(map(str, found.groups.sizes)), f"{mine:.3f}",
                  f"{theirs:.3f}", evidence.verdict, _shown(evidence.p_structure), _shown(evidence.p_gap),
                  _shown(evidence.stability), f"{taken:.1f}")  # fmt: skip
    return table


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _holes(table: np.ndarray, share: float, rng: np.random.Generator) -> Votes:
    person, statement = np.nonzero(rng.random(table.shape) >= share)
    return Votes.of(
        tuple(str(i) for i in range(table.shape[0])), tuple(Statement(str(j)) for j in range(table.shape[1])),
        person, statement, table[person, statement],
    )  # fmt: skip


def structureless(people: int, statements: int, seed: int) -> Votes:
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet((2, 1, 2), statements)
    drawn = rng.random((people, statements))
    return _holes(np.where(drawn < chances[:, 0], 1, np.where(drawn < chances[:, :2].sum(axis=1), 0, -1)), 0.4, rng)


def gradient(strength: float) -> Callable[[int, int, int], Votes]:
    """Positions from a normal law; position × pull (of this standard deviation), chance and threshold decide a vote."""

    def drawn(people: int, statements: int, seed: int) -> Votes:
        rng = np.random.default_rng(seed)
        pull = rng.normal(size=statements) * strength
        score = rng.normal(size=(people, 1)) * pull + rng.normal(size=(people, statements))
        return _holes(np.where(score + rng.normal(size=statements) / 2 > 0, 1, -1), 0.4, rng)

    return drawn


def two_groups(loyalty: float) -> Callable[[int, int, int], Votes]:
    """Two groups as large, opposed on every statement, each person with their group at this rate."""

    def drawn(people: int, statements: int, seed: int) -> Votes:
        rng = np.random.default_rng(seed)
        side = np.where(np.arange(people) % 2, 1, -1)[:, None] * rng.choice([-1, 1], statements)
        return _holes(np.where(rng.random((people, statements)) < loyalty, side, -side), 0.4, rng)

    return drawn


def evidence() -> Table:
    table = Table(
        "Opinions: what the evidence says of made conversations",
        ["Votes", "People × statements", "Drawn", "No structure", "One cloud", "Unstable", "Clear groups"],
        notes=["19 redraws at the level 5 %, 40 % of holes. Without structure, the first question alone errs in 5 % of "
               "conversations by construction; the verdict asks for more."],
    )  # fmt: skip
    cases: list[tuple[str, Callable[[int, int, int], Votes], tuple[tuple[int, int], ...], int]] = [
        ("independent", structureless, ((30, 12), (60, 30)), 60),
        ("gradient, moderate", gradient(0.6), ((80, 25), (300, 25)), 40),
        ("gradient, strong", gradient(1.0), ((80, 25), (300, 25)), 40),
        ("two groups, 65% loyal", two_groups(0.65), ((60, 30), (200, 30)), 12),
        ("two groups, 75% loyal", two_groups(0.75), ((30, 20), (60, 30)), 12),
        ("two groups, 85% loyal", two_groups(0.85), ((30, 20), (60, 30)), 12),
    ]
    for name, draw, sizes, times in cases:
        for people, statements in sizes:
            seen = Counter(reading(draw(people, statements, seed), redraws=19, seed=seed).evidence.verdict
                           for seed in range(times))  # fmt: skip
            if draw is structureless and seen[Verdict.CLEAR] > 0.1 * times:
                table.missed.append(
                    f"{name}, {people} × {statements}: clear groups in {seen[Verdict.CLEAR]} of {times}"
                )
            table.add(name, f"{people} × {statements}", times, *(f"{seen[verdict] / times:.0%}" for verdict in (
                Verdict.NO_STRUCTURE, Verdict.ONE_CLOUD, Verdict.UNSTABLE, Verdict.CLEAR)))  # fmt: skip
            print(table.rows[-1], file=sys.stderr, flush=True)
    return table


PARTS: dict[str, Callable[[], Any]] = {"speed": speed, "polis": polis, "evidence": evidence}


def tables() -> list[Table]:
    return [speed(), polis(), evidence()]


if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        print(PARTS[part]().markdown())
