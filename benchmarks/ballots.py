"""Ballots accepted in a second over HTTP, and what is left of them after ``kill -9`` in the middle.

``maillage serve`` as users run it; voters in another process, who send the form of the ballot page to its own address
as a browser without script does: one connection each, a code each, the nonce of a page, at a steady rate whatever the
server answers. The results of another consultation are read meanwhile. Then everything is counted in the database:
none lost, none doubled. Run alone: ``python benchmarks/ballots.py [SECONDS]``; ``BENCH_DATABASE_URL`` adds PostgreSQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import random
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from machine import ROOT, WORK, Table, environment
from throughput import free_port, served

RATE, SECONDS, KILLED_AFTER = 200, 60.0, 5.0
OPTIONS = 10
FOLDER = WORK / "ballots"
SETTINGS = {
    "MAILLAGE_MODE": "production", "MAILLAGE_HTTPS": "0",
    # One machine sends them all here.
    "MAILLAGE_BALLOTS_PER_ADDRESS": "0",
}  # fmt: skip
RECEIPT = re.compile(rb'data-receipt>([^<]+)<|"receipt": "([^"]+)"')


@dataclass(frozen=True)
class Form:
    """Where a ballot is sent."""

    path: str
    step: int


@dataclass
class Told:
    """What voters were told: receipt by code, seconds by answer, and what went otherwise."""

    receipts: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    unanswered: list[list[str]] = field(default_factory=list)
    """Code, nonce and content of those who got no answer: they send again."""
    pages: list[float] = field(default_factory=list)
    pages_failed: int = 0
    took: float = 0.0


# --- voters, in a process of their own ---


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        answer = await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        raise ConnectionResetError
    length = re.search(rb"content-length: (\d+)", head.lower())
    if not (body.endswith(b"0\r\n\r\n") if length is None else len(body) == int(length[1])):
        # Cut in the middle of the answer: nobody read a receipt.
        raise ConnectionResetError
    if b"gzip" in head:
        body = gzip.decompress(body)
    return int(head.split(b" ", 2)[1]), body


async def vote(port: int, form: Form, ballot: list[str], at: float, told: Told) -> None:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    code, nonce, grades = ballot
    fields = {f"s{form.step}-o{number}": grade for number, grade in enumerate(grades, start=1) if grade != "0"}
    body = urlencode({"nonce": nonce, "steps": str(form.step), "code": code, **fields}).encode()
    head = (
        f"POST {form.path} HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"
        "Accept: text/html\r\nAccept-Encoding: gzip\r\nAccept-Language: fr-CA\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        status, answer = await ask(port, head.encode() + body)
    except (OSError, TimeoutError):
        told.unanswered.append(ballot)
        return
    # From the instant it was due: a queue before the server counts too.
    told.seconds.append(time.perf_counter() - at)
    found = RECEIPT.search(answer) if status == 200 else None
    if found is not None:
        told.receipts[code] = (found[1] or found[2]).decode()
    else:
        told.refused[str(status)] = told.refused.get(str(status), 0) + 1


async def look(port: int, page: str, until: float, told: Told) -> None:
    """Someone reads the results, five times a second."""
    request = f"GET {page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    while time.perf_counter() < until:
        start = time.perf_counter()
        try:
            status, _body = await ask(port, request)
            told.pages_failed += status != 200
        except OSError:
            told.pages_failed += 1
        told.pages.append(time.perf_counter() - start)
        await asyncio.sleep(max(0.0, 0.2 - (time.perf_counter() - start)))


async def crowd(port: int, to: dict, ballots: list[list[str]], rate: float, page: str) -> Told:
    form = Form(**to)
    told, start = Told(), time.perf_counter() + 0.2
    seconds = len(ballots) / rate if rate else 0.0
    if rate:
        work = [vote(port, form, ballot, start + number / rate, told) for number, ballot in enumerate(ballots)]
        reading = [look(port, page, start + seconds, told)] if page else []
        await asyncio.gather(*work, *reading)
    else:
        # As fast as the server answers, sixteen at a time.
        waiting = iter(ballots)

        async def one_after_another() -> None:
            for ballot in waiting:
                await vote(port, form, ballot, time.perf_counter(), told)

        await asyncio.gather(*(one_after_another() for _ in range(16)))
    told.took = time.perf_counter() - start
    return told


def voters(
    port: int, form: Form, ballots: list[list[str]], rate: float = RATE, page: str = ""
) -> subprocess.Popen[str]:
    orders = FOLDER / "orders.json"
    orders.write_text(json.dumps([port, asdict(form), ballots, rate, page]))
    return subprocess.Popen(
        [sys.executable, __file__, "voters", str(orders)], stdout=subprocess.PIPE, text=True, cwd=ROOT / "benchmarks"
    )


def what_they_say(process: subprocess.Popen[str]) -> Told:
    output, _ = process.communicate()
    return Told(**json.loads(output))


# --- the instance, in processes of its own ---


def inside(command: str, env: dict[str, str], *arguments: object) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, command],
        input=json.dumps(arguments),
        env=env,
        text=True,
        capture_output=True,
        cwd=ROOT / "benchmarks",
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict = json.loads(done.stdout.splitlines()[-1])
    return found


def fill(codes: int) -> dict:
    """A consultation by codes, open; the codes, as their holders would type them."""
    import django

    django.setup()
    import datetime as dt

    from django.utils import timezone

    from maillage.alliances.models import Alliance
    from maillage.participation.consultations.models import Consultation, Option, Step
    from maillage.participation.results import counting
    from maillage.participation.urn import marks, seal
    from maillage.participation.urn import services as urn
    from maillage.participation.urn.models import Elector
    from maillage.participation.vocabulary import Access

    now = timezone.now()
    slug = f"essai-{secrets.token_hex(4)}"
    alliance = Alliance.objects.create(slug=slug, name="Alliance d’essai", short_name="Essai", is_public=True)
    consultation = Consultation.objects.create(
        alliance=alliance, title="Essai de mesure", state=Consultation.State.OPEN, access=Access.CODES,
        opens_at=now - dt.timedelta(hours=1), closes_at=now + dt.timedelta(days=1),
    )  # fmt: skip
    former = Consultation.objects.create(
        alliance=alliance, title="Essai passé", state=Consultation.State.PUBLISHED, closed_at=now, published_at=now
    )
    step, counted = (
        Step.objects.create(
            consultation=one, kind="priorities", method="grades", counting="judgment",
            state=Step.State.OPEN if one is consultation else Step.State.CLOSED,
        )
        for one in (consultation, former)
    )  # fmt: skip
    for one in (step, counted):
        Option.objects.bulk_create(Option(step=one, number=n, label=f"Choix {n}") for n in range(1, OPTIONS + 1))
    urn.put_ballots(
        counted, [seal.Sealed(f"[{','.join(one[2])}]", "", "online") for one in ballots_for([""] * 1000, 4)]
    )
    counting.count(counted, now=now)
    urn.prepare_urn(step)
    made = [marks.new_code() for _ in range(codes)]
    Elector.objects.bulk_create(
        [Elector(consultation=consultation, mark=marks.code_mark(consultation, code), label="Essai") for code in made],
        batch_size=2000,
    )
    return {
        "step": step.pk, "codes": made, "path": f"/{slug}/consultations/{consultation.uuid}/participer/",
        "page": f"/{slug}/consultations/{former.uuid}/resultats/",
    }  # fmt: skip


def count(step: int, receipts: dict[str, str]) -> dict:
    """What the urn holds, and how many of the receipts that were given are not there."""
    import django

    django.setup()
    from maillage.participation.consultations.models import Step
    from maillage.participation.urn import marks
    from maillage.participation.urn import services as urn
    from maillage.participation.urn.models import Envelope, Receipt, Turnout, UrnKey

    found = Step.objects.get(pk=step)
    key = urn.receipts_key(found, UrnKey.objects.get(step=found))
    kept = set(Receipt.objects.filter(step=found).values_list("mark", flat=True))
    return {
        "envelopes": Envelope.objects.filter(step=found).count(),
        "receipts": len(kept),
        "turnouts": Turnout.objects.filter(step=found).values("elector").distinct().count(),
        "missing": sum(marks.receipt_mark(key, one) not in kept for one in receipts.values()),
    }


@contextlib.contextmanager
def instance(env: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """``maillage serve``, until the block ends. Its port, and the process, which leads its group."""
    port = free_port()
    command = [Path(sys.executable).with_name("maillage"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=env, cwd=FOLDER, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        for _attempt in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield port, process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def processor(group: int) -> float:
    """Seconds of processor that the processes of this group have used; nan where the system does not say."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found = path.read_text().rpartition(") ")[2].split()
            if int(found[2]) == group:
                ticks += int(found[11]) + int(found[12])
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else float("nan")


def ballots_for(codes: list[str], seed: int) -> list[list[str]]:
    """By voter: the code, a nonce as the page makes it, ten grades (0: none)."""
    draw = random.Random(seed)
    return [
        [code, secrets.token_urlsafe(18), "".join(str(draw.randint(0, 6)) for _ in range(OPTIONS))] for code in codes
    ]


def centile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000 if values else float("nan")


def centiles(told: Told) -> str:
    return " / ".join(f"{centile(told.seconds, share):.0f}" for share in (0.5, 0.95, 0.99))


def sheet(port: int, form: Form) -> None:
    """The page is read once: it holds the fields that are sent. Errors: ``RuntimeError`` where it does not."""
    request = f"GET {form.path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    status, body = asyncio.run(ask(port, request.encode()))
    wanted = ["nonce", "steps", "code", *(f"s{form.step}-o{number}" for number in range(1, OPTIONS + 1))]
    missing = [name for name in wanted if f'name="{name}"'.encode() not in body]
    if status != 200 or missing:
        raise RuntimeError(f"The ballot page: {status}, without {missing}")


def measure(name: str, database: str, seconds: float, table: Table) -> None:
    data = FOLDER / name.lower()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    env = environment(data, database) | SETTINGS | {"MAILLAGE_SECRET_KEY": "measure" * 8}
    subprocess.run(
        [Path(sys.executable).with_name("maillage"), "serve", "--prepare-only"], env=env, check=True, cwd=FOLDER,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    steady, killed, fast = int(RATE * seconds), int(RATE * KILLED_AFTER * 2), int(RATE * min(10, seconds))
    urn = inside("fill", env, steady + killed + fast)
    codes: list[str] = urn["codes"]
    form = Form(urn["path"], urn["step"])
    one, two, three = (
        ballots_for(codes[:steady], 1), ballots_for(codes[steady : steady + killed], 2), ballots_for(codes[-fast:], 3)
    )  # fmt: skip
    receipts: dict[str, str] = {}
    with instance(env) as (port, process):
        sheet(port, form)
        used = processor(process.pid)
        told = what_they_say(voters(port, form, one, RATE, urn["page"]))
        used = (processor(process.pid) - used) * 1000 / max(len(told.receipts), 1)
        receipts |= told.receipts
        p95 = centile(told.seconds, 0.95)
        rate = len(told.receipts) / max(told.took, seconds)
        table.add(
            name, "Steady rate, results viewed", f"{len(told.receipts):,} of {steady:,}", f"{rate:.0f}",
            centiles(told), f"{used:.1f}",
            table.target(f"{name}, 95th centile", p95, 300, " ms"),
        )  # fmt: skip
        if len(told.receipts) != steady:
            table.missed.append(f"{name}: {steady - len(told.receipts)} ballots not accepted ({told.refused})")
        read = statistics.median(told.pages) * 1000 if told.pages else float("nan")
        table.notes.append(
            f"{name}: {len(told.pages)} pages of results read meanwhile, median {read:.0f} ms, "
            f"{told.pages_failed} failed."
        )
        best = what_they_say(voters(port, form, three, 0))
        receipts |= best.receipts
        most = len(best.receipts) / best.took
        crowd_of = voters(port, form, two, RATE)
        time.sleep(KILLED_AFTER)
        os.killpg(process.pid, signal.SIGKILL)
        cut = what_they_say(crowd_of)
        receipts |= cut.receipts
    after = inside("count", env, urn["step"], receipts)
    with instance(env) as (port, _process):
        # Those who were cut, and those who waited more than a minute before, if any: a phone sends again by itself.
        waiting = told.unanswered + best.unanswered + cut.unanswered
        again = what_they_say(voters(port, form, waiting, RATE))
        receipts |= again.receipts
    final = inside("count", env, urn["step"], receipts)
    everyone = steady + killed + fast
    whole = final["envelopes"] == final["receipts"] == final["turnouts"] == len(receipts) == everyone
    lost = after["missing"] + final["missing"]
    table.add(
        name, "kill -9 in the middle", f"{len(cut.receipts):,} told, {len(cut.unanswered):,} cut", "", "", "",
        table.target(f"{name}, receipts without a ballot after kill -9", lost, 0, ""),
    )  # fmt: skip
    table.add(
        name, "… and sent again", f"{final['envelopes']:,} of {everyone:,}", "", "", "",
        table.target(f"{name}, difference between ballots and people", 0 if whole else 1, 0, ""),
    )  # fmt: skip
    bare_url = database or f"sqlite:///{data / 'bare.sqlite3'}"
    with served("ballots_bare:application", {**os.environ, "BARE_DATABASE": bare_url}, ROOT / "benchmarks") as port:
        peer = what_they_say(voters(port, Form("/urne/1/", 1), three, 0))
    bare = len(peer.receipts) / peer.took
    table.add(name, "As fast as it goes: Maillage", f"{len(best.receipts):,}", f"{most:.0f}",
              centiles(best), "", "")  # fmt: skip
    table.add(name, "As fast as it goes: bare Django", f"{len(peer.receipts):,}", f"{bare:.0f}",
              centiles(peer), "", "")  # fmt: skip


def run(seconds: float = SECONDS) -> Table:
    FOLDER.mkdir(parents=True, exist_ok=True)
    table = Table(
        "Ballots over HTTP",
        ["Database", "What", "Ballots", "A second", "ms: median / 95 % / 99 %", "ms of processor each", "Target"],
        notes=[
            f"{RATE} ballots a second for {seconds:g} s sent to the address of the ballot page of `maillage serve`, as "
            "its form sends them, a code and a connection each (`MAILLAGE_BALLOTS_PER_ADDRESS=0`: they come from one "
            "address), voters in another process of the same machine, the page of the results of another consultation "
            "asked for five times a second. Targets: p95 under 300 ms; "
            "after kill -9, no receipt without its "
            "ballot; once the ballots cut off are sent again, one ballot a person. Time runs from the instant a ballot "
            "was due. « As fast as it goes »: sixteen at a time; the peer inserts one row in clear, without code, "
            "receipt, encryption nor middleware (one process; Maillage runs two on PostgreSQL). « Of processor »: the "
            "server's processes, pages of results included, PostgreSQL's own left out; what is left of it when other "
            "work on the machine is set aside.",
            f"Load of the machine before: {os.getloadavg()[0]:.2f} (1 minute average).",
        ],
    )
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    for name, database in (("SQLite", ""), ("PostgreSQL", postgres))[: 2 if postgres else 1]:
        measure(name, database, seconds, table)
    if not postgres:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    table.notes.append(f"Load of the machine after: {os.getloadavg()[0]:.2f}.")
    return table


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "voters":
        print(json.dumps(asdict(asyncio.run(crowd(*json.loads(Path(sys.argv[2]).read_text()))))))
    elif command == "fill":
        print(json.dumps(fill(*json.load(sys.stdin))))
    elif command == "count":
        print(json.dumps(count(*json.load(sys.stdin))))
    else:
        print(run(float(command or SECONDS)).markdown())


if __name__ == "__main__":
    main()
