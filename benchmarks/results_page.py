"""The results page of a million ballots: the count in the background, then the page from what the count kept.

Sealed envelopes and receipts are made by the urn's own writer, in batches, with a seed: majority judgment on ten
options, with an answer « about you », and a participatory budget of thirty projects. What is measured is what follows
the closing: opening the urn, counting and publishing the files, within 30 s; then the page, within 60 ms. Beside it,
the same budget counted by pabutools, on fewer ballots. ``RESULTS_BALLOTS`` says another number of ballots. Run alone:
``python benchmarks/results_page.py [grades|budget]``, the method that is measured, both by default.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from typing import Any

from machine import ROOT, WORK, Table, environment, measured, median_of, own_peak_mb

BALLOTS = int(os.environ.get("RESULTS_BALLOTS", "1000000"))
AGES = ("18-29", "30-44", "45-64", "65-")
KINDS = (
    ("Majority judgment, 10 options", "grades", "judgment", 10),
    ("Equal shares, 30 projects", "budget", "equal-shares", 30),
)
COUNT, PAGE = 30, 60
PEER = 1_000
"""Ballots that pabutools counts: it takes minutes for more."""


def tables(*methods: str) -> list[Table]:
    """Both databases: PostgreSQL where ``BENCH_DATABASE_URL`` names an empty one. ``methods``: all by default."""
    table = Table(
        "The results page",
        ["Vote", "Database", "Ballots", "Opening (s)", "Counting (s)", f"< {COUNT} s together", "of processor (s)",
         "Memory more (MB)", "Page (ms)", f"< {PAGE} ms", "of processor (ms)", "Queries", "kB"],
        notes=[f"Load of the machine before: {os.getloadavg()[0]:.2f} (1 minute average)."],
    )  # fmt: skip
    peer = Table(
        "Counting a budget beside pabutools",
        [
            "Ballots",
            "Projects",
            "The whole count, three rules and their words (s)",
            "pabutools, equal shares alone (s)",
        ],
    )
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    if not postgres:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        data = WORK / f"results-{name.lower()}"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        env = environment(data, database) | {
            "MAILLAGE_KEPT_PAGES_SECONDS": "0", "MAILLAGE_MODE": "production", "MAILLAGE_HTTPS": "0",
        }  # fmt: skip
        here = [sys.executable, __file__]
        measured([*here, "--prepare"], env)
        done = subprocess.run([*here, "--measure", *methods], env=env, cwd=ROOT, text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                row = json.loads(line)
                if "peer" in row:
                    peer.add(f"{PEER:,}", row["projects"], f"{row['ours']:.2f}", f"{row['peer']:.2f}")
                    peer.missed += row["missed"]
                else:
                    _add(table, name, row)
    table.notes.append(
        "Ballots are made up with a seed, each with its receipt. Of processor: this process alone; PostgreSQL has its "
        "own. Median of 30 pages, without a page kept whole."
    )
    table.notes.append(f"Load of the machine after: {os.getloadavg()[0]:.2f}.")
    return [table, peer]


def _add(table: Table, database: str, row: dict[str, Any]) -> None:
    what = f"{row['label']} on {database}"
    together = row["opening"] + row["counting"]
    table.add(
        row["label"], database, f"{row['ballots']:,}", f"{row['opening']:.1f}", f"{row['counting']:.1f}",
        table.target(f"{what}, opened and counted", together, COUNT, " s"), f"{row['used']:.1f}",
        f"{row['memory']:.0f}", f"{row['page']:.0f}",
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

    from maillage.participation.models import Envelope, Receipt, UrnKey
    from maillage.participation.urn import rows, seal
    from maillage.participation.urn import services as urn

    lot = random.Random(5)
    keys = urn.keys_of(step, UrnKey.objects.get(step=step))
    for start in range(0, BALLOTS, 5000):
        made, receipts = [], []
        for _ballot in range(min(5000, BALLOTS - start)):
            if step.method == "grades":
                content = [lot.randint(0, 6) for _option in range(size)]
            else:
                content = sorted(lot.sample(range(1, size + 1), lot.randint(1, 5)))
            about = json.dumps({"age": lot.choice(AGES)}, separators=(",", ":")) if lot.random() < 0.8 else ""
            row = uuid4()
            ballot = seal.Sealed(json.dumps(content, separators=(",", ":")), about, "online")
            made.append((rows.adapted(row), step.pk, "", seal.seal(keys, row, ballot)))
            mark = uuid4().hex * 2
            receipts.append((step.pk, mark, mark[:32], rows.random_id()))
        with transaction.atomic(), connection.cursor() as cursor:
            rows.insert(cursor, Envelope, ("id", "step_id", "mark", "seal"), sorted(made))
            rows.insert(cursor, Receipt, ("step_id", "mark", "tag", "id"), sorted(receipts))


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
    wanted = [method for _label, method, _rule, _size in KINDS if method in sys.argv]
    for label, method, rule, size in KINDS:
        if wanted and method not in wanted:
            continue
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
        begun, used, memory = time.perf_counter(), time.process_time(), own_peak_mb()
        opening.open_urn(step, now=now)
        opened = time.perf_counter()
        counting.count(step, now=now)
        counted, used, memory = time.perf_counter(), time.process_time() - used, own_peak_mb() - memory
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
                "used": used, "memory": memory, "page": seconds * 1000, "cpu": cpu * 1000, "queries": queries,
                "bytes": len(response.content),
            }),
            flush=True,
        )  # fmt: skip
        if method == "budget" and "DATABASE_URL" not in os.environ:
            print(json.dumps(beside(step)), flush=True)


def beside(step: Any) -> dict[str, Any]:
    """The first ballots of this step counted by the product and by pabutools, which must choose the same projects."""
    from maillage.methods.budgeting.equal_shares import Completion, equal_shares
    from maillage.participation.models import Ballot
    from maillage.participation.results import priorities, tally
    from methods_budgets import peer_of

    options = priorities.standing(step)
    found = Ballot.objects.filter(step=step).order_by("id").values_list("content", flat=True)
    contents = list(found[:PEER])
    begun = time.perf_counter()
    tally.tally(step, options, contents)
    ours = time.perf_counter() - begun
    election = tally.election_of(step, options, contents)
    chosen = equal_shares(election, completion=Completion.ADD1, ties=tally.ties_of(step), seed=tally.seed_of(step))
    winners = {election.projects[place].id for place in chosen.winners}
    table = Table("", [])
    theirs = peer_of(election, winners, table, f"{PEER:,} ballots")
    return {"peer": theirs, "ours": ours, "projects": len(options), "missed": table.missed}


if __name__ == "__main__":
    if "--prepare" in sys.argv:
        prepare()
    elif "--measure" in sys.argv:
        measure()
    else:
        WORK.mkdir(parents=True, exist_ok=True)
        made = tables(*sys.argv[1:])
        print("\n".join(table.markdown() for table in made))
        print("\n".join(line for table in made for line in table.missed))
