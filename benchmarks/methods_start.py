"""How long the commands that recount take to start, beside Python alone and numpy alone.

A whole process each time, in turn, so that the machine's moods touch all of them alike. Python keeps compiled modules
where it may write: a first start, and an environment that forbids it (``PYTHONDONTWRITEBYTECODE``), take longer; both
are measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from machine import WORK, Table

TURNS = 15
LIMIT = 0.3
BALLOTS = "voter,Jardin,Patinoire\na,6,2\nb,5,6\nc,1,4\n"
BUDGET = (
    "META\nkey;value\ndescription;made\ncountry;Canada\nunit;made\ninstance;1\nnum_projects;2\nnum_votes;3\nbudget;10\n"
    "vote_type;approval\nrule;greedy\ndate_begin;2026\ndate_end;2026\n"
    "PROJECTS\nproject_id;cost\na;6\nb;5\nVOTES\nvoter_id;vote\n1;a\n2;a,b\n3;b\n"
)


def commands(folder: Path) -> dict[str, tuple[list[str], bool]]:
    """What is started, and whether it has the target."""
    maillage = [str(Path(sys.executable).with_name("maillage"))]
    ballots, budget = folder / "small.csv", folder / "small.pb"
    ballots.write_text(BALLOTS, encoding="utf-8")
    budget.write_text(BUDGET, encoding="utf-8")
    found = {
        "`python -c pass`": ([sys.executable, "-c", "pass"], False),
        "`import numpy`": ([sys.executable, "-c", "import numpy"], False),
        "`import pabutools.election`": ([sys.executable, "-c", "import pabutools.election"], False),
        "`import votelib.evaluate.condorcet`": ([sys.executable, "-c", "import votelib.evaluate.condorcet"], False),
    }
    for name in ("tally", "opinions", "share", "protect"):
        found[f"`maillage {name} --help`"] = ([*maillage, name, "--help"], True)
    found["`maillage tally` of 3 ballots, `.csv`"] = ([*maillage, "tally", str(ballots), "--rule", "borda"], True)
    found["`maillage tally` of 3 ballots, `.pb`"] = ([*maillage, "tally", str(budget), "--rule", "greedy"], True)
    found["the same with `--json`"] = ([*maillage, "tally", str(budget), "--rule", "greedy", "--json"], True)
    return found


def started(command: list[str], compiled: Path | None) -> float:
    """Seconds of one whole process; ``compiled``: where Python keeps compiled modules (``None``: nowhere)."""
    env = {key: value for key, value in os.environ.items() if key not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}}
    env |= {"PYTHONPYCACHEPREFIX": str(compiled)} if compiled else {"PYTHONDONTWRITEBYTECODE": "1"}
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return taken


def tables() -> list[Table]:
    folder = WORK / "start"
    folder.mkdir(parents=True, exist_ok=True)
    compiled = folder / "compiled"
    table = Table(
        "Starting a command",
        ["Process", "Median (ms)", "≤ 300 ms", "Fastest (ms)", "× `import numpy`", "Without compiled modules (ms)"],
        notes=[f"Median of {TURNS} whole processes of each, in turn, after a first one that compiles the modules. "
               "Last column: Python may keep no compiled module, median of 5."],
    )  # fmt: skip
    chosen = commands(folder)
    taken: dict[str, list[float]] = {name: [] for name in chosen}
    bare: dict[str, list[float]] = {name: [] for name in chosen}
    for turn in range(TURNS + 1):
        for name, (command, _target) in chosen.items():
            seconds = started(command, compiled)
            if turn:
                taken[name].append(seconds)
            if turn <= 5:
                bare[name].append(started(command, None))
    floor = statistics.median(taken["`import numpy`"])
    for name, (_command, target) in chosen.items():
        median = statistics.median(taken[name])
        within = table.target(f"start of {name}", median * 1000, LIMIT * 1000, " ms") if target else ""
        table.add(name, f"{median * 1000:.0f}", within, f"{min(taken[name]) * 1000:.0f}", f"{median / floor:.1f}",
                  f"{statistics.median(bare[name]) * 1000:.0f}")  # fmt: skip
    return [table]


if __name__ == "__main__":
    for measured in tables():
        print(measured.markdown(), *measured.missed, sep="\n")
