"""The page « Qui travaille avec qui » at 1 500 actors and 6 000 ties: server time from cold, and warm.

The actors are those of the real list of the tables de quartier (or a made-up one of the same shape), brought in by
``maillage import actors``. The list has no ties and no fields: both are made up, with a seed, for this measure only.
Cold: nothing of the network is kept in the process, which has served other pages. Warm: its reading is kept, the page
is made again. No whole page is ever taken from ``core.kept_pages``.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from typing import Any

from imports import OPTIONS, source
from machine import ROOT, WORK, Table, environment, measured, median_of

SLUG = "haut-portage"
TIES = 6_000
FIELDS = ("housing", "food", "transport", "health", "education", "employment", "integration")
COLD, WARM = 9, 30
PAGES = (
    ("Who works with whom", ""),
    ("An actor in focus", "acteur={actor}"),
    ("What changed in a year", "depuis={year_ago}"),
    ("Sitting at the same tables", "reseau=sieges"),
)


def tables() -> list[Table]:
    """Both databases: PostgreSQL where ``BENCH_DATABASE_URL`` names an empty one."""
    table = Table(
        "The network page",
        ["Page", "Database", "Actors", "Ties", "Queries", "kB", "Cold (ms)", "< 400 ms", "of processor", "Warm (ms)",
         "< 60 ms", "of processor"],
    )  # fmt: skip
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    if not postgres:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    path, real = source()
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        data = WORK / f"network-{name.lower()}"
        data.mkdir(parents=True, exist_ok=True)
        env = environment(data, database) | {"MAILLAGE_KEPT_PAGES_SECONDS": "30"}
        here = [sys.executable, __file__]
        measured([*here, "--prepare"], env)
        measured(
            [sys.executable, "-m", "maillage", "import", "actors", path, "--alliance", SLUG, *OPTIONS], env
        )  # fmt: skip
        done = subprocess.run([*here, "--measure"], env=env, cwd=ROOT, text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        for line in done.stdout.splitlines():
            if line.startswith("{"):
                _add(table, name, json.loads(line))
    kind = "the real list of the tables de quartier" if real else "a made-up list of the same shape"
    table.notes.append(
        f"Actors: {kind}; their {TIES:,} ties and their fields are made up with a seed. Median of {COLD} pages "
        f"from cold and {WARM} warm. The target is that of the first line; the others are shown for what they are."
    )
    return [table]


def _add(table: Table, database: str, row: dict[str, Any]) -> None:
    if "first" in row:
        table.notes.append(
            f"{database}: the first page of a process, its libraries included, takes {row['first']:.0f} ms."
        )
        return
    what = f"{row['label']} on {database}"
    aimed = row["label"] == PAGES[0][0]
    table.add(
        row["label"], database, f"{row['actors']:,}", f"{row['ties']:,}", row["queries"], f"{row['bytes'] / 1000:.0f}",
        f"{row['cold']:.0f}", table.target(f"{what}, cold", row["cold"], 400, " ms") if aimed else "",
        f"{row['cold_cpu']:.0f}", f"{row['warm']:.0f}",
        table.target(f"{what}, warm", row["warm"], 60, " ms") if aimed else "", f"{row['warm_cpu']:.0f}",
    )  # fmt: skip


def prepare() -> None:
    """The tables and the fictional alliances."""
    import django

    django.setup()
    from maillage.config.serve import prepare as serve_prepare

    serve_prepare()


def make_ties() -> None:
    """Fields for every actor and made-up ties: half of them stay in a field, some actors have many."""
    from django.utils import timezone

    from maillage.actors.models import Actor, ActorField, Tie
    from maillage.alliances.models import Alliance

    alliance = Alliance.objects.get(slug=SLUG)
    Tie.objects.filter(alliance=alliance).delete()
    ActorField.objects.filter(actor__alliance=alliance).delete()
    lot = random.Random(4)
    actors = list(Actor.objects.filter(alliance=alliance, merged_into=None, until=None).order_by("pk"))
    of = {actor.pk: FIELDS[int(len(FIELDS) * lot.random() ** 1.4)] for actor in actors}
    ActorField.objects.bulk_create(ActorField(actor=actor, scheme="field", code=of[actor.pk]) for actor in actors)
    within = {field: [actor for actor in actors if of[actor.pk] == field] for field in FIELDS}
    found: dict[tuple[int, int], Tie] = {}
    today, now = alliance.today(), timezone.now()
    while len(found) < TIES:
        one = actors[int(len(actors) * lot.random() ** 2)]
        other = lot.choice(actors if lot.random() < 0.5 else within[of[one.pk]])
        if one != other:
            first, second = sorted((one, other), key=lambda actor: actor.pk)
            since = today.replace(year=today.year - lot.randint(1, 3), day=min(today.day, 28))
            found[first.pk, second.pk] = Tie(
                alliance=alliance, first=first, second=second, kind=lot.choice(Tie.Kind.values), told_by=one,
                answer=lot.choice(("waiting", "confirmed", "confirmed")), since=since, told_at=now,
            )  # fmt: skip
    Tie.objects.bulk_create(found.values(), batch_size=500)


def measure() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from maillage.actors.models import Actor
    from maillage.alliances.models import Alliance
    from maillage.concertation.network.readings import shelf

    make_ties()
    alliance = Alliance.objects.get(slug=SLUG)
    actor = Actor.objects.filter(alliance=alliance, ties_first__isnull=False).order_by("pk").first()
    assert actor is not None
    today = alliance.today()
    values = {"actor": actor.uuid, "year_ago": today.replace(year=today.year - 1, day=min(today.day, 28))}
    client = Client(SERVER_NAME="localhost", REMOTE_ADDR="127.0.0.1")
    # Any cookie: the whole page is then never one that was kept.
    client.cookies["bench"] = "1"
    client.get(reverse("concertation_in:directory", args=[SLUG]))
    address = reverse("concertation_in:network", args=[SLUG])
    start = time.perf_counter()
    client.get(address)
    print(json.dumps({"first": (time.perf_counter() - start) * 1000}), flush=True)
    for label, query in PAGES:
        page = f"{address}?{query.format(**values)}"

        def cold(page: str = page) -> None:
            shelf.clear()
            client.get(page)

        def warm(page: str = page) -> None:
            client.get(page)

        cold()
        begun = time.process_time()
        cold_seconds = median_of(cold, COLD, warm=0)
        cold_cpu = (time.process_time() - begun) / COLD
        with CaptureQueriesContext(connection):
            shelf.clear()
            response = client.get(page)
            queries = len(connection.queries)
        begun = time.process_time()
        warm_seconds = median_of(warm, WARM, warm=0)
        warm_cpu = (time.process_time() - begun) / WARM
        known = next(reversed(shelf.held.values()))[1].known
        print(
            json.dumps({
                "label": label, "actors": len(known.nodes), "ties": len(known.pairs), "queries": queries,
                "bytes": len(response.content), "cold": cold_seconds * 1000, "cold_cpu": cold_cpu * 1000,
                "warm": warm_seconds * 1000, "warm_cpu": warm_cpu * 1000,
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
