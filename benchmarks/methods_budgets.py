"""The method of equal shares with Add1 beside pabutools, and its growth with the number of ballots.

Also alone: ``python benchmarks/methods_budgets.py [--quick]`` (``--quick``: without pabutools, which takes minutes).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

from machine import ROOT, WORK, Table, measured, median_of
from methods_reading import REAL, made

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
FILES = (
    "France_Toulouse_2022.pb",
    "Poland_Wieliczka_2023_Green_Budget.pb",
    "France_Toulouse_2019.pb",
    "Netherlands_Amsterdam_252.pb",
)
PLOT = ROOT / "docs" / "methods" / "growth.svg"


def tables(*, quick: bool = False) -> list[Table]:
    """Both parts. ``quick``: without the peer."""
    return [beside_peer(quick=quick), growth()]


def beside_peer(*, quick: bool = False) -> Table:
    """Add1 with the exhaustive stop, cost utility, exact endowment, on real elections; each in the same run."""
    from maillage.methods.budgeting.equal_shares import Completion, equal_shares
    from maillage.methods.budgeting.read import read_pabulib

    table = Table(
        "Equal shares with Add1, on real elections",
        [
            "Election",
            "Ballots × projects",
            "Rounds",
            "Here (s)",
            "pabutools (s)",
            "Times faster",
            "× reading the bytes",
        ],
        notes=["Counting alone, without reading; median of 3 here, once for pabutools; exact on both sides."],
    )
    if not REAL.is_dir():
        table.notes.append("The real elections are not in ../shared/data/budgets: nothing was measured.")
        return table
    ours = theirs = 0.0
    for name in FILES:
        path = REAL / name
        election = read_pabulib(path)
        taken = []
        for _ in range(3):
            start = time.perf_counter()
            found = equal_shares(election, completion=Completion.ADD1)
            taken.append(time.perf_counter() - start)
        mine = statistics.median(taken)
        winners = {election.projects[place].id for place in found.winners}
        peer = 0.0 if quick else peer_of(election, winners, table, name)
        ours, theirs = ours + mine, theirs + peer
        floor = median_of(path.read_bytes, 9)
        size = f"{len(election.ballots):,} × {len(election.projects)}"
        faster = f"{peer / mine:.0f}" if peer else ""
        table.add(name, size, found.rounds + 1, f"{mine:.2f}", f"{peer:.1f}", faster, f"{mine / floor:,.0f}")
        if name == FILES[0]:
            table.notes.append(f"Toulouse 2022 under 0.5 s: {table.target('Toulouse 2022, Add1', mine, 0.5, ' s')}.")
    if theirs:
        reached = table.target("Add1 beside pabutools, in total", theirs / ours, 100, " times", least=True)
        table.notes.append(f"In total {theirs / ours:.0f} times faster; at least 100: {reached}.")
    return table


def peer_of(election, winners: set[str], table: Table, name: str) -> float:
    """pabutools' time for the same count, with the same ties; a difference is a missed target."""
    sys.path.insert(0, str(ROOT))
    from pabutools.election import Cost_Sat
    from pabutools.rules import method_of_equal_shares
    from tests.methods.budgeting.peer import converted, peer_ids, same_ties

    from maillage.methods.budgeting.election import Ties

    instance, profile = converted(election)
    start = time.perf_counter()
    found = method_of_equal_shares(
        instance, profile, Cost_Sat, tie_breaking=same_ties(election, Ties.COST), voter_budget_increment=1
    )
    taken = time.perf_counter() - start
    if peer_ids(found) != winners:
        table.missed.append(f"{name}: pabutools chooses other projects")
    return taken


def growth() -> Table:
    """Made ballots (200 projects, 2 to 6 named): read, counted with Add1, every project explained, in a new process."""
    table = Table(
        "Equal shares as ballots grow",
        ["Ballots", "Read (s)", "Add1 (s)", "Explained (s)", "Whole process (s)", "Peak (MB)", "× bytes read"],
        notes=["Made ballots on 200 projects, the same every time; Add1, cost utility, every project's story."],
    )
    points = []
    for size in SIZES:
        path = made(size)
        done = measured([sys.executable, Path(__file__).resolve(), "--child", path], dict(os.environ))
        parts = json.loads(done.output.splitlines()[0])
        floor = median_of(path.read_bytes, 5)
        row = [f"{parts[name]:.2f}" for name in ("read", "count", "explain")]
        table.add(f"{size:,}", *row, f"{done.seconds:.1f}", f"{done.peak_mb:.0f}", f"{done.seconds / floor:,.0f}")
        points.append((size, parts["read"], parts["count"], parts["explain"], done.peak_mb))
        if size == SIZES[-1]:
            fast = table.target("a million ballots, explained", done.seconds, 60, " s")
            small = table.target("a million ballots, memory", done.peak_mb, 2000, " MB")
            table.notes.append(f"A million in less than 60 s: {fast}; in less than 2 GB: {small}.")
    draw(points)
    table.notes.append("Drawn in `docs/methods/growth.svg`.")
    return table


def child(path: Path) -> None:
    """What :func:`growth` measures: prints the seconds of each part, as JSON."""
    from maillage.methods.budgeting.equal_shares import Completion, equal_shares
    from maillage.methods.budgeting.equal_shares_stories import equal_shares_stories
    from maillage.methods.budgeting.read import read_pabulib

    marks = [time.perf_counter()]
    election = read_pabulib(path)
    marks.append(time.perf_counter())
    found = equal_shares(election, completion=Completion.ADD1)
    marks.append(time.perf_counter())
    stories = equal_shares_stories(election, found)
    marks.append(time.perf_counter())
    taken = [after - before for before, after in pairwise(marks)]
    print(json.dumps({"read": taken[0], "count": taken[1], "explain": taken[2], "rounds": found.rounds,
                      "winners": len(found.winners), "stories": len(stories)}))  # fmt: skip


def draw(points: list[tuple[int, float, float, float, float]]) -> None:
    """Seconds of each part and memory, against ballots, on one plot."""
    import matplotlib as mpl

    mpl.use("svg")
    # The same file for the same figures.
    mpl.rcParams["svg.hashsalt"] = "maillage"
    from matplotlib import pyplot as plt

    figure, seconds = plt.subplots(figsize=(7.5, 4.6))
    sizes = [point[0] for point in points]
    for place, (name, mark) in enumerate((("read", "o"), ("count (Add1)", "s"), ("explain every project", "^")), 1):
        seconds.loglog(sizes, [point[place] for point in points], marker=mark, label=name)
    seconds.set(xlabel="ballots (200 projects)", ylabel="seconds", title="Equal shares as ballots grow")
    memory = seconds.twinx()
    memory.semilogx(sizes, [point[4] for point in points], "k--", marker="x", label="peak memory (right)")
    memory.set(ylabel="MB", ylim=(0, None))
    lines = [*seconds.get_lines(), *memory.get_lines()]
    seconds.legend(
        lines,
        [str(line.get_label()) for line in lines],
        loc="upper center",
        ncol=4,
        bbox_to_anchor=(0.5, -0.16),
        frameon=False,
    )
    seconds.grid(visible=True, which="major", alpha=0.3)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    if "--child" in sys.argv:
        child(Path(sys.argv[-1]))
    else:
        WORK.mkdir(parents=True, exist_ok=True)
        for part in tables(quick="--quick" in sys.argv):
            print(part.markdown(), *part.missed, sep="\n")
