"""The import of a real list of members, beside the least that could be done with the same rows.

The real list stays outside the project: ``MAILLAGE_LIST`` names it, otherwise it is looked for beside the checkout.
Without it, a list of the same shape is made up, and the results say so.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import sys
from pathlib import Path

from machine import ROOT, WORK, Table, environment, measured

REAL = ROOT.parent / "shared" / "data" / "actors" / "tables-de-quartier-montreal.csv"
ROWS, TABLES = 1_688, 32

PEER = """
import csv, sqlite3, sys
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file))
base = sqlite3.connect(sys.argv[2])
base.execute("create table row (id integer primary key, " + ", ".join(f"c{n} text" for n in range(len(rows[0]))) + ")")
marks = ", ".join("?" * len(rows[0]))
columns = ", ".join(f"c{n}" for n in range(len(rows[0])))
base.executemany(f"insert into row ({columns}) values ({marks})", rows[1:])
base.commit()
print(len(rows) - 1)
"""


def source() -> tuple[Path, bool]:
    """The list to import, and whether it is the real one."""
    named = os.environ.get("MAILLAGE_LIST")
    real = Path(named) if named else REAL
    if real.is_file():
        return real, True
    made = WORK / "list.csv"
    rng = random.Random(7)
    kinds, things = ("Maison", "Centre", "Comité", "Atelier", "Carrefour"), ("logement", "famille", "santé", "emploi")
    with made.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Table", "Organisme", "Catégorie"])
        for number in range(ROWS):
            name = f"{rng.choice(kinds)} {rng.choice(things)} {rng.randrange(1500)}"
            writer.writerow([f"Table {number % TABLES + 1}", name, rng.choice(("Membre", "Membre actif", ""))])
    return made, False


def run() -> Table:
    table = Table(
        "Import of a list of members",
        ["What", "Rows", "Seconds", "of processor", "Peak memory", "Target < 5 s", "Target < 300 MB"],
    )
    path, real = source()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    data = WORK / "import"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    env = environment(data)
    maillage = [sys.executable, "-m", "maillage"]
    measured([*maillage, "manage", "migrate", "--verbosity", "0"], env)
    measured([*maillage, "demo"], env)
    nothing = measured([*maillage, "manage", "check"], env)
    command = [*maillage, "import", "actors", path, "--alliance", "haut-portage", *OPTIONS]
    first = measured(command, env)
    again = measured(command, env)
    peer = measured([sys.executable, "-c", PEER, path, data / "peer.sqlite3"], env)
    for label, run_, limited in (
        ("`maillage import actors`, the whole command", first, True),
        ("the same file again (nothing changes)", again, True),
        ("starting Maillage and doing nothing", nothing, False),
        ("csv + sqlite3, rows inserted as they are", peer, False),
    ):
        seconds = table.target(f"{label}, seconds", run_.seconds, 5, " s") if limited else ""
        memory = table.target(f"{label}, memory", run_.peak_mb, 300, " MB") if limited else ""
        table.add(
            label, f"{rows:,}", f"{run_.seconds:.2f}", f"{run_.cpu:.2f}", f"{run_.peak_mb:.0f} MB", seconds, memory
        )
    kind = "the real list of the tables de quartier" if real else "a made-up list of the same shape"
    table.notes.append(
        f"Source: {kind}. The import reads the encoding and the header, maps columns and categories, proposes "
        "duplicates, checks every row, writes actors, spaces, seats, the log and the search index; its peer does none "
        "of that."
    )
    return table


OPTIONS: list[str] = ["--accept-exact"]
