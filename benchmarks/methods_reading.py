"""Reading a million ballots, beside Python's csv module and pabutools' parser; greedy and Phragmén beside pabutools.

Also alone: ``python benchmarks/methods_reading.py``.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from machine import ROOT, WORK, Table, median_of

BALLOTS = 1_000_000
PROJECTS = 200
PART = 100_000
"""Ballots given to pabutools, which would take minutes for all of them."""
REAL = ROOT.parent / "shared" / "data" / "budgets"


def made(ballots: int) -> Path:
    """Approval ballots naming 2 to 6 of 200 projects, popular ones more often; the same file every time.

    Each ballot is drawn on its own, so that most are unlike any other. The share of each person (60) and what a
    project costs each of them do not depend on how many they are: only the number of ballots grows.
    """
    path = WORK / f"ballots-{ballots}.pb"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    draw = np.random.default_rng(2026)
    likely = 0.3 + draw.pareto(1.5, PROJECTS)
    costs = draw.integers(100, 3_000, PROJECTS) * ballots // 1_000
    sizes = draw.integers(2, 7, ballots).tolist()
    named = draw.choice(PROJECTS, (ballots, 12), p=likely / likely.sum()) + 1
    with path.open("w", encoding="utf-8") as file:
        file.write(
            f"META\nkey;value\nnum_projects;{PROJECTS}\nnum_votes;{ballots}\nbudget;{60 * ballots}\n"
            "vote_type;approval\nPROJECTS\nproject_id;cost\n"
        )
        file.writelines(f"{place};{cost}\n" for place, cost in enumerate(costs.tolist(), 1))
        file.write("VOTES\nvoter_id;vote\n")
        for number, size in enumerate(sizes):
            once_each = list(dict.fromkeys(named[number].tolist()))[:size]
            file.write(f"{number};{','.join(map(str, once_each))}\n")
    return path


def in_quotes(path: Path) -> Path:
    """The same ballots, each list in quotes: what is read row by row."""
    target = path.with_stem(f"{path.stem}-quoted")
    if not target.exists():
        head, votes, body = path.read_text(encoding="utf-8").partition("VOTES\nvoter_id;vote\n")
        rows = (line.partition(";") for line in body.splitlines())
        lines = (f'{name};"{vote}"\n' for name, _mark, vote in rows)
        target.write_text(head + votes + "".join(lines), encoding="utf-8")
    return target


def with_csv(path: Path) -> int:
    """The plain way: rows by the csv module, ids looked up in a dictionary."""
    places = {str(place + 1): place for place in range(PROJECTS)}
    count = 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file, delimiter=";")
        for row in rows:
            if row[0] == "VOTES":
                break
        next(rows)
        for row in rows:
            count += len([places[name] for name in row[1].split(",")])
    return count


def once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def reading() -> Table:
    from pabutools.election.pabulib import parse_pabulib

    from maillage.methods.budgeting.read import read_pabulib

    path, part = made(BALLOTS), made(PART)
    floor = median_of(path.read_bytes, 5)
    table = Table(
        "Reading a million ballots",
        ["Reader", "Ballots", "Seconds", "Ballots a second", "≥ 1 million", "Times reading the bytes once"],
        notes=[f"{PROJECTS} projects, 3 to 5 a ballot, {path.stat().st_size / 1e6:.0f} MB, drawn with a seed; medians. "
               f"The bytes alone: {floor * 1000:.1f} ms (the file is in the system's memory)."],
    )  # fmt: skip

    def add(name: str, ballots: int, seconds: float, share: float, target: str = "") -> None:
        table.add(
            name, f"{ballots:,}", f"{seconds:.3f}", f"{ballots / seconds:,.0f}", target, f"{seconds / share:,.0f}"
        )

    ours = median_of(lambda: read_pabulib(path), 5, warm=1)
    add("Maillage", BALLOTS, ours, floor,
        table.target("Ballots read a second", BALLOTS / ours, 1e6, "", least=True))  # fmt: skip
    quoted = in_quotes(path)
    add("Maillage, every list in quotes", BALLOTS, median_of(lambda: read_pabulib(quoted), 3, warm=0), floor)
    add("csv module and a dictionary", BALLOTS, median_of(lambda: with_csv(path), 3, warm=0), floor)
    add("Maillage, a part", PART, median_of(lambda: read_pabulib(part), 5, warm=1), floor * PART / BALLOTS)
    add("pabutools, the same part", PART, once(lambda: parse_pabulib(str(part))), floor * PART / BALLOTS)
    return table


def rules() -> Table:
    """Greedy and Phragmén on real elections, where the folder is there, and on the million."""
    from pabutools.election import Cost_Sat
    from pabutools.election.pabulib import parse_pabulib
    from pabutools.rules import greedy_utilitarian_welfare, sequential_phragmen

    from maillage.methods.budgeting.greedy import greedy
    from maillage.methods.budgeting.phragmen import phragmen
    from maillage.methods.budgeting.phragmen_stories import phragmen_stories
    from maillage.methods.budgeting.read import read_pabulib

    table = Table(
        "Greedy and sequential Phragmén",
        ["Election", "Ballots", "Rule", "Maillage (s)", "pabutools (s)", "Times faster"],
        notes=["After reading. pabutools breaks ties by name here; parity with the same ties is in the tests."],
    )
    names = ["France_Toulouse_2022.pb", "Poland_Wieliczka_2023_Green_Budget.pb", "Netherlands_Amsterdam_252.pb"]
    for path in [REAL / name for name in names if (REAL / name).exists()]:
        election = read_pabulib(path)
        instance, profile = parse_pabulib(str(path))
        for rule, ours, theirs in (
            ("greedy", greedy, partial(greedy_utilitarian_welfare, instance, profile, sat_class=Cost_Sat)),
            ("Phragmén", phragmen, partial(sequential_phragmen, instance, profile)),
        ):
            mine, peer = median_of(partial(ours, election), 5), once(theirs)
            cells = (f"{mine:.4f}", f"{peer:.2f}", f"{peer / mine:,.0f}")
            table.add(path.stem, f"{len(election.ballots):,}", rule, *cells)
    election = read_pabulib(made(BALLOTS))
    for rule, work in (("greedy", greedy), ("Phragmén", phragmen), ("Phragmén, explained", phragmen_stories)):
        table.add("made", f"{BALLOTS:,}", rule, f"{median_of(partial(work, election), 3, warm=1):.4f}", "", "")
    return table


def tables() -> list[Table]:
    return [reading(), rules()]


if __name__ == "__main__":
    print("\n".join(table.markdown() for table in tables()))
