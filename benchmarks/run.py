"""Every measure, in one run, written to ``benchmarks/RESULTS.md``.

``python benchmarks/run.py [--quick] [PART…]``: import pages network results throughput notes ballots ballot-page urn
install methods, all of them by default.
PostgreSQL is measured where ``BENCH_DATABASE_URL`` names an empty database (it is filled). The exit code is 1 where a
target is missed. ``--quick``: few ballots and a few seconds, to see that each part runs; its figures say nothing, and
nothing is written.
The methods (every ``methods_*.py``) are also written to ``docs/methods/measures.md``, whenever they are measured.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ballot_page
import ballots
import imports
import install
import network_page
import notes
import results_page
import throughput
import urn_opening
from machine import QUICK, ROOT, WORK, Table, description, environment

RESULTS = ROOT / "benchmarks" / "RESULTS.md"
MEASURES = ROOT / "docs" / "methods" / "measures.md"
ALL = (
    "import",
    "pages",
    "network",
    "results",
    "throughput",
    "notes",
    "ballots",
    "ballot-page",
    "urn",
    "install",
    "methods",
)
PROVINCE = WORK / "province"
WITHIN = (
    "Home",
    "Home, region",
    "Home, demonstration",
    "Directory",
    "Directory, filtered",
    "Search",
    "Search, one word",
)
"""The pages that have a target."""


def lines_of(database: str, *options: str) -> list[dict]:
    """What ``pages.py`` prints for this database (empty: the embedded one)."""
    command = [sys.executable, ROOT / "benchmarks" / "pages.py", *options]
    # Each page is made anew, as for its first reader.
    env = environment(PROVINCE, database) | {"MAILLAGE_KEPT_PAGES_SECONDS": "0"}
    done = subprocess.run(command, env=env, text=True, capture_output=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def pages() -> list[Table]:
    """Queries and time of each page on both databases, then the account."""
    table = Table(
        "Pages at the scale of a province",
        ["Page", "Database", "Bytes", "Queries", "≤ 20", "Median (ms)", "< 60 ms", "of processor (ms)"],
        notes=["104 alliances, 20,000 actors, 60,000 seats; nobody signed in; the largest alliance unless said. "
               "Server time: the whole request, templates included, without the network."],
    )  # fmt: skip
    account = Table("The account", ["Alliance", "Actors", "Format", "Seconds", "kB"])
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    if not postgres:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        for row in lines_of(database, *(["--accounts"] if not database else [])):
            if "loaded" in row:
                table.notes.append(f"{name}: filled in {row['loaded']:.0f} s.")
            elif "account" in row:
                account.add(row["alliance"], f"{row['actors']:,}", row["account"], f"{row['seconds']:.2f}",
                            f"{row['bytes'] / 1000:.0f}")  # fmt: skip
            else:
                add_page(table, name, row)
    return [table, account]


def add_page(table: Table, database: str, row: dict) -> None:
    if row["status"] != 200:
        table.missed.append(f"{row['label']} on {database}: status {row['status']}")
    within = row["label"] in WITHIN
    what = f"{row['label']} on {database}"
    table.add(
        row["label"], database, f"{row['bytes']:,}", row["queries"],
        table.target(f"{what}, queries", row["queries"], 20, "") if within else "",
        f"{row['ms']:.1f}", table.target(f"{what}, time", row["ms"], 60, " ms") if within else "",
        f"{row['cpu']:.1f}",
    )  # fmt: skip
    for seconds, sql in row["slowest"]:
        if seconds > 0.02:
            table.notes.append(f"{what}: {seconds * 1000:.0f} ms in `{sql[:160]}`")


def public_pages() -> dict[str, str]:
    """The two pages whose throughput is compared: those of the demonstration's size, and the largest."""
    found = {row["label"]: row["address"] for row in lines_of("", "--addresses")}
    return {label: found[label] for label in ("Home", "Directory", "Home, demonstration") if label in found}


def methods() -> list[Table]:
    """The tables of every ``methods_*.py``, written with the machine to the pages of the methods."""
    tables: list[Table] = []
    for path in sorted((ROOT / "benchmarks").glob("methods_*.py")):
        print(f"  {path.stem}…", flush=True)
        try:
            tables += importlib.import_module(path.stem).tables()
        except Exception as error:
            # What cannot be measured is told in the file, and the others are measured.
            traceback.print_exc()
            tables.append(Table(path.stem, [], missed=[f"{path.stem} could not be measured: {str(error)[:300]}"]))
    import numpy

    head = [
        "# What the methods take",
        "",
        "Written by `benchmarks/run.py methods`, in one run: read each figure with the machine it was taken on, and",
        "beside its peer. The floor is the time to read the file once.",
        "",
        *description(),
        f"- numpy {numpy.__version__}",
        "",
    ]
    text = "\n".join([*head, *(table.markdown() for table in tables), *missed_targets(tables)])
    if not QUICK:
        MEASURES.write_text(text, encoding="utf-8")
    return tables


def missed_targets(tables: list[Table]) -> list[str]:
    missed = [line for table in tables for line in table.missed]
    return ["## Missed targets", "", *([f"- {line}" for line in missed] or ["None."]), ""]


def measure(wanted: list[str]) -> list[Table]:
    tables: list[Table] = []
    todo = {
        "import": lambda: [imports.run()],
        "pages": pages,
        "network": network_page.tables,
        "results": results_page.tables,
        "throughput": lambda: [throughput.run(PROVINCE, public_pages())],
        "notes": lambda: [notes.run()],
        "ballots": lambda: [ballots.run(*([8.0] if QUICK else []))],
        "ballot-page": ballot_page.tables,
        "urn": lambda: [urn_opening.run(*([3000] if QUICK else []))],
        "install": lambda: [install.run()],
        "methods": methods,
    }
    for name in wanted:
        print(f"{name}…", flush=True)
        try:
            tables += todo[name]()
        except Exception as error:
            traceback.print_exc()
            tables.append(Table(name, [], missed=[f"{name} could not be measured: {str(error)[:300]}"]))
    return tables


def main() -> int:
    wanted = [name for name in sys.argv[1:] if name in ALL] or list(ALL)
    WORK.mkdir(parents=True, exist_ok=True)
    head = ["# Measures", "", "Written by `make bench`. Read them with the machine they were taken on.", ""]
    head += [*description(), ""]
    tables = measure(wanted)
    text = "\n".join([*head, *(table.markdown() for table in tables), *missed_targets(tables)])
    # A part alone is shown, not written: the file always comes from one run.
    if wanted == list(ALL) and not QUICK:
        RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(table.missed for table in tables) else 0


if __name__ == "__main__":
    sys.exit(main())
