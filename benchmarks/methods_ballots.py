"""Grades and rankings on a million ballots, beside votelib and pref_voting on what they can bear.

Also alone: ``python benchmarks/methods_ballots.py``. pref_voting imports numba, seaborn and nashpy without declaring
them; where they are absent it runs without compilation, which the profiles with ties measured here do not use.
"""

from __future__ import annotations

import csv
import importlib
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from machine import WORK, Table, median_of
from maillage.methods.grades.judgment import majority_judgment
from maillage.methods.ranking.approval import approval
from maillage.methods.ranking.ballots import RatingBallots
from maillage.methods.ranking.borda import borda
from maillage.methods.ranking.instant_runoff import instant_runoff
from maillage.methods.ranking.ranked_pairs import ranked_pairs
from maillage.methods.ranking.read import read_ballots
from maillage.methods.ranking.schulze import schulze
from maillage.methods.ranking.score import score

BALLOTS = 1_000_000
PART = 2_000
"""Ballots given to the peers, which would take minutes to hours for all of them."""
OPTIONS = tuple(f"Option {place}" for place in range(1, 13))
RULES: tuple[Callable[[RatingBallots], Any], ...] = (
    majority_judgment, approval, score, borda, schulze, ranked_pairs, instant_runoff,
)  # fmt: skip


def made() -> Path:
    """Grades from 0 (blank) to 6 for twelve options, some better liked than others; the same file every time."""
    path = WORK / f"grades-{BALLOTS}.csv"
    if not path.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng(2026)
        liked = random.normal(3.2, 0.8, len(OPTIONS))
        grades = np.clip(np.rint(random.normal(liked, 1.6, (BALLOTS, len(OPTIONS)))), 0, 6).astype(int)
        with path.open("w", encoding="utf-8") as file:
            file.write("," + ",".join(OPTIONS) + "\n")
            file.writelines(f"{number},{','.join(map(str, row))}\n" for number, row in enumerate(grades.tolist(), 1))
    return path


def tables() -> list[Table]:
    path = made()
    read = Table("Ballots on options: reading 1,000,000 × 12", ["What", "Seconds", "× bytes read once", "Target"])
    floor = median_of(path.read_bytes, 5, warm=1)
    ours = median_of(lambda: read_ballots(path), 3, warm=1)
    theirs = median_of(lambda: _with_csv(path), 1, warm=0)
    read.add("the bytes, once", f"{floor:.3f}", "1", "")
    votes = BALLOTS * len(OPTIONS) / ours / 1e6
    met = read.target("grades read, millions a second", votes, 1, "", least=True)
    read.add(f"`read_ballots` ({votes:.0f} million grades/s)", f"{ours:.2f}", f"{ours / floor:.0f}", met)
    read.add("Python's csv module and `int`", f"{theirs:.2f}", f"{theirs / floor:.0f}", "")
    return [read, counted(read_ballots(path))]


def counted(ballots: RatingBallots) -> Table:
    table = Table(
        "Ballots on options: counting",
        ["Rule", "1,000,000 × 12 (s)", "× data touched once", "Target", f"{PART:,} × 12 (s)", "peer (s)", "ratio"],
        notes=["Made grades 0 to 6, 0 is blank; once read. Touched once: the sum of the matrix. Peers: votelib for "
               "majority judgment, pref_voting for the others (a profile is made from its rankings, which counts the "
               "pairs). Its instant runoff takes no equal ranks: it is given the same ballots with equals in a row."],
    )  # fmt: skip
    floor = median_of(lambda: ballots.values.sum(dtype=np.int64), 5, warm=1)
    part = RatingBallots(ballots.options, np.asfortranarray(ballots.values[:PART]))
    peers = _peers(part)
    for rule in RULES:
        whole = median_of(lambda rule=rule: rule(ballots), 3, warm=1)
        small = median_of(lambda rule=rule: rule(part), 5, warm=1)
        limit = 1.0
        met = table.target(f"{rule.__name__}, a million ballots", whole, limit, " s")
        row = [rule.__name__, f"{whole:.3f}", f"{whole / floor:.1f}", f"< 1 s: {met}", f"{small:.4f}"]
        if rule.__name__ in peers:
            peer = median_of(peers[rule.__name__], 1, warm=0)
            row += [f"{peer:.2f}", f"{peer / small:.0f}"]
        else:
            row += ["", ""]
        table.add(*row)
    return table


def _with_csv(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return sum(len([int(cell) for cell in row[1:]]) for row in rows)


def _peers(ballots: RatingBallots) -> dict[str, Callable[[], object]]:
    for name in ("numba", "seaborn", "nashpy"):
        if not find_spec(name):
            sys.modules[name] = ModuleType(name)
            vars(sys.modules[name]).update(jit=_as_it_is, njit=_as_it_is, float32=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        iterative, margins, tied, scoring, judges = (
            importlib.import_module(name)
            for name in (
                "pref_voting.iterative_methods",
                "pref_voting.margin_based_methods",
                "pref_voting.profiles_with_ties",
                "pref_voting.scoring_methods",
                "votelib.evaluate.cardinal",
            )
        )
    rows = ballots.values.tolist()
    ranks = [{place: -value for place, value in enumerate(row) if value != ballots.blank} for row in rows]
    grades = dict(Counter(frozenset(zip(ballots.options, np.maximum(row, 1).tolist(), strict=True)) for row in rows))
    # Their instant runoff takes no equal ranks: the first of equals comes first.
    strict = [{place: rank for rank, place in enumerate(sorted(row, key=lambda at, row=row: row[at]))} for row in ranks]

    def profile() -> Any:
        found = tied.ProfileWithTies(ranks, candidates=list(range(len(OPTIONS))))
        found.use_extended_strict_preference()
        return found

    short = tied.ProfileWithTies(strict, candidates=list(range(len(OPTIONS))))
    return {
        "majority_judgment": lambda: judges.MajorityJudgment().evaluate(grades, 1),
        "borda": lambda: scoring.borda_for_profile_with_ties(profile()),
        # Pairs are counted when the profile is made: that is most of the work, here as there.
        "schulze": lambda: margins.beat_path_Floyd_Warshall(profile()),
        "ranked_pairs": lambda: margins.ranked_pairs(profile()),
        "instant_runoff": lambda: iterative.instant_runoff_for_truncated_linear_orders(short),
    }


def _as_it_is(*args: Any, **options: Any) -> Any:
    return args[0] if args and callable(args[0]) else lambda function: function


if __name__ == "__main__":
    for table in tables():
        print(table.markdown())
