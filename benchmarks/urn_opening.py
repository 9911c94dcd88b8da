"""How long an urn takes to open: envelopes unsealed, shaken, written as ballots, traces wiped.

``python benchmarks/urn_opening.py [BALLOTS]``: on SQLite, and on PostgreSQL where ``BENCH_DATABASE_URL`` names a
database.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from machine import WORK, Table, environment, own_peak_mb

BALLOTS = 1_000_000
FOLDER = WORK / "opening"


def fill_and_open(ballots: int) -> dict[str, float]:
    """In an instance: sealed envelopes and receipts of so many ballots of ten grades, then the opening."""
    import django

    django.setup()
    import datetime as dt
    import random
    from uuid import uuid4

    from django.db import connection, transaction
    from django.utils import timezone

    from maillage.alliances.models import Alliance
    from maillage.participation.consultations.models import Consultation, Step
    from maillage.participation.urn import rows, seal, services
    from maillage.participation.urn.models import Ballot, Envelope, Receipt, UrnKey

    now, draw = timezone.now(), random.Random(1)
    alliance = Alliance.objects.create(slug=f"essai-{uuid4().hex[:8]}", name="Essai", short_name="Essai")
    consultation = Consultation.objects.create(
        alliance=alliance, title="Essai", state="open", closes_at=now + dt.timedelta(days=1)
    )
    step = Step.objects.create(
        consultation=consultation, kind="priorities", method="grades", counting="judgment", state="open"
    )
    held = services.prepare_urn(step)
    keys = services.keys_of(step, held)
    started = time.perf_counter()
    for start in range(0, ballots, 5000):
        part = [(uuid4(), uuid4().hex * 2) for _ in range(min(5000, ballots - start))]
        grades = [json.dumps([draw.randint(0, 6) for _ in range(10)], separators=(",", ":")) for _ in part]
        envelopes = [
            (rows.adapted(row), step.pk, "", seal.seal(keys, row, seal.Sealed(content, "", "online")))
            for (row, _mark), content in zip(part, grades, strict=True)
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            rows.insert(cursor, Envelope, ("id", "step_id", "mark", "seal"), envelopes)
            rows.insert(
                cursor, Receipt, ("step_id", "mark", "tag", "id"),
                [(step.pk, mark, mark[:32], rows.random_id()) for _row, mark in part],
            )  # fmt: skip
    filled = time.perf_counter() - started
    before = own_peak_mb()
    Step.objects.filter(pk=step.pk).update(state="closed", closed_at=now)
    started, cpu = time.perf_counter(), time.process_time()
    number = services.open_urn(step, now=now)
    opened, used = time.perf_counter() - started, time.process_time() - cpu
    assert number == ballots == Ballot.objects.filter(step=step).count()
    started = time.perf_counter()
    cleaned = services.forget_traces(now=now)
    assert UrnKey.objects.get(step=step).opened_at
    return {
        "filled": filled, "opened": opened, "cpu": used, "cleaned": time.perf_counter() - started,
        "all_clean": cleaned, "peak": own_peak_mb() - before,
    }  # fmt: skip


def run(ballots: int = BALLOTS) -> Table:
    table = Table(
        "Opening an urn",
        ["Database", "Ballots", "Opened (s)", "of processor (s)", "Traces wiped (s)", "Memory more (MB)", "≤ 20 s"],
        notes=[
            "From the closing to ballots that can be counted; the count is another measure, and both hold in "
            f"30 s for a million. Load of the machine before: {os.getloadavg()[0]:.2f} (1 minute average)."
        ],
    )
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        data = FOLDER / name.lower()
        data.mkdir(parents=True, exist_ok=True)
        env = environment(data, database) | {"MAILLAGE_MODE": "production", "MAILLAGE_HTTPS": "0"}
        program = Path(sys.executable).with_name("maillage")
        subprocess.run([program, "serve", "--prepare-only"], env=env, check=True, stdout=subprocess.DEVNULL)
        done = subprocess.run(
            [sys.executable, __file__, "open", str(ballots)], env=env, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        seen = json.loads(done.stdout.splitlines()[-1])
        table.add(
            name, f"{ballots:,}", f"{seen['opened']:.1f}", f"{seen['cpu']:.1f}", f"{seen['cleaned']:.1f}",
            f"{seen['peak']:.0f}",
            table.target(f"{name}, opening of {ballots:,} ballots", seen["opened"], 20, " s"),
        )  # fmt: skip
    return table


if __name__ == "__main__":
    if sys.argv[1:2] == ["open"]:
        print(json.dumps(fill_and_open(int(sys.argv[2]))))
    else:
        print(run(int(sys.argv[1]) if len(sys.argv) > 1 else BALLOTS).markdown())
