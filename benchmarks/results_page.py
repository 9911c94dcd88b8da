"""The results page of a million ballots: the count in the background, then the page from what the count kept.

Sealed envelopes are made by the urn's own writer, in batches, with a seed: majority judgment on ten options, with an
answer « about you », and a participatory budget of thirty projects. What is measured is what follows the closing:
opening the urn, counting and publishing the files, within 30 s; then the page, within 60 ms. ``RESULTS_BALLOTS`` says
another number of ballots.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from typing import Any

from machine import ROOT, WORK, Table, environment, measured, median_of

BALLOTS = int(os.environ.get("RESULTS_BALLOTS", "1000000"))
AGES = ("18-29", "30-44", "45-64", "65-")
KINDS = (
    ("Majority judgment, 10 options", "grades", "judgment", 10),
    ("Equal shares, 30 projects", "budget", "equal-shares", 30),
)
COUNT, PAGE = 30, 60


def tables() -> list[Table]:
    """Both databases: PostgreSQL where ``BENCH_DATABASE_URL`` names an empty one."""
    table = Table(
        "The results page",
        ["Vote", "Database", "Ballots", "Opening (s)", "Counting (s)", f"< {COUNT} s together", "Page (ms)",
         f"< {PAGE} ms", "of processor", "Queries", "kB"],
    )  # fmt: skip
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    if not postgres:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        data = WORK / f"results-{name.lower()}"
        data.mkdir(parents=True, exist_ok=True)
        env = environment(data, database) | {
            "MAILLAGE_KEPT_PAGES_SECONDS": "0", "MAILLAGE_MODE": "production", "MAILLAGE_HTTPS": "0",
        }  # fmt: skip
        here = [sys.executable, __file__]
        measured([*here, "--prepare"], env)
        done = subprocess.run([*here, "--measure"], env=env, cwd=ROOT, text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                _add(table, name, json.loads(line))
    table.notes.append("Ballots are made up with a seed. Median of 30 pages, without a page kept whole.")
    return [table]


def _add(table: Table, database: str, row: dict[str, Any]) -> None:
    what = f"{row['label']} on {database}"
    together = row["opening"] + row["counting"]
    table.add(
        row["label"], database, f"{row['ballots']:,}", f"{row['opening']:.1f}", f"{row['counting']:.1f}",
        table.target(f"{what}, opened and counted", together, COUNT, " s"), f"{row['page']:.0f}",
        table.target(f"{what}, page", row["page"], PAGE, " ms"), f"{row['cpu']:.0f}",
        row["queries"], f"{row['bytes'] / 1000:.0f}",
    )  # fmt: skip


def prepare() -> None:
    import django

    django.setup()
    from maillage.config.serve import prepare as serve_prepare

    serve_prepare()


def fill(step: Any, size: int) -> None:
    """Sealed envelopes, as the urn writes them."""
    from uuid import uuid4

    from django.db import connection, transaction

    from maillage.participation.models import Envelope, UrnKey
    from maillage.participation.urn import rows, seal
    from maillage.participation.urn import services as urn

    lot = random.Random(5)
    keys = urn.keys_of(step, UrnKey.objects.get(step=step))
    for start in range(0, BALLOTS, 5000):
        made = []
        for _ballot in range(min(5000, BALLOTS - start)):
            if step.method == "grades":
                content = [lot.randint(0, 6) for _option in range(size)]
            else:
                content = sorted(lot.sample(range(1, size + 1), lot.randint(1, 5)))
            about = json.dumps({"age": lot.choice(AGES)}, separators=(",", ":")) if lot.random() < 0.8 else ""
            row = uuid4()
            ballot = seal.Sealed(json.dumps(content, separators=(",", ":")), about, "online")
            made.append((rows.adapted(row), step.pk, "", seal.seal(keys, row, ballot)))
        with transaction.atomic(), connection.cursor() as cursor:
            rows.insert(cursor, Envelope, ("id", "step_id", "mark", "seal"), sorted(made))


def measure() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from maillage.alliances.models import Alliance
    from maillage.participation.models import Consultation, Option, Step
    from maillage.participation.results import counting
    from maillage.participation.urn import opening
    from maillage.participation.urn import services as urn

    alliance = Alliance.objects.filter(is_public=True).first() or Alliance.objects.create(
        slug="banc-d-essai", name="Banc d’essai", sort_key="banc", is_public=True, fictional=True
    )
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR="127.0.0.1")
    client.cookies["bench"] = "1"
    for label, method, rule, size in KINDS:
        now = timezone.now()
        consultation = Consultation.objects.create(alliance=alliance, title=label, state="open")
        step = Step.objects.create(
            consultation=consultation, kind="priorities", method=method, counting=rule, state="open",
            envelope_cents=100_000_000 if method == "budget" else None,
        )  # fmt: skip
        Option.objects.bulk_create(
            Option(
                step=step, number=n, label=f"Choix fictif {n}", cost_cents=n * 1_000_000 if method == "budget" else None
            )
            for n in range(1, size + 1)
        )
        urn.prepare_urn(step)
        fill(step, size)
        Step.objects.filter(pk=step.pk).update(state="closed")
        Consultation.objects.filter(pk=consultation.pk).update(state="published", closed_at=now, published_at=now)
        step = Step.objects.select_related("consultation__alliance").get(pk=step.pk)
        begun = time.perf_counter()
        opening.open_urn(step, now=now)
        opened = time.perf_counter()
        counting.count(step, now=now)
        counted = time.perf_counter()
        address = reverse("participation_in:results", args=[alliance.slug, consultation.uuid])

        def page(address: str = address) -> Any:
            return client.get(address)

        page()
        with CaptureQueriesContext(connection):
            response = page()
            queries = len(connection.queries)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")
        cpu = time.process_time()
        seconds = median_of(page, 30, warm=0)
        cpu = (time.process_time() - cpu) / 30
        print(
            json.dumps({
                "label": label, "ballots": BALLOTS, "opening": opened - begun, "counting": counted - opened,
                "page": seconds * 1000, "cpu": cpu * 1000, "queries": queries, "bytes": len(response.content),
            }),
            flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    if "--prepare" in sys.argv:
        prepare()
    elif "--measure" in sys.argv:
        measure()
    else:
        WORK.mkdir(parents=True, exist_ok=True)
        made = tables()
        print("\n".join(table.markdown() for table in made))
        print("\n".join(line for table in made for line in table.missed))
