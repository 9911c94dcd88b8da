"""Notes saved every two seconds from twenty rooms at once, against ``maillage serve``: no error, no lost text.

Two people write in every second room, the server is killed and started again midway, and at the end every line that
anyone wrote must stand in the note (or beside it). ``python benchmarks/notes.py`` runs it alone; with
``BENCH_DATABASE_URL`` on PostgreSQL too.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import ROOT, WORK, Table, environment

ROOMS, EVERY, SECONDS = 20, 2.0, float(os.environ.get("BENCH_NOTES_SECONDS", "30"))
DATA = WORK / "notes"


def prepare() -> None:
    """In a process of its own: tables, an alliance, twenty rooms, an agent's session for each writer."""
    import django

    django.setup()
    import datetime as dt

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import get_token
    from django.test import RequestFactory
    from django.utils import timezone

    from maillage.accounts.models import User
    from maillage.alliances.models import Alliance, Person, Role
    from maillage.concertation.models import AgendaItem, Meeting, Space
    from maillage.config.serve import prepare as serve_prepare

    serve_prepare()
    mark = str(int(time.time()))
    alliance = Alliance.objects.create(slug=f"notes-{mark}", name="Banc d’essai", short_name="Banc")
    now = timezone.now()
    writers = []
    for room in range(ROOMS):
        space = Space.objects.create(alliance=alliance, name=f"Table {room}")
        meeting = Meeting.objects.create(
            alliance=alliance, space=space, title="Rencontre", starts_at=now, ends_at=now + dt.timedelta(hours=2)
        )
        item = AgendaItem.objects.create(meeting=meeting, title="Point")
        for number in range(1 + room % 2):
            user = User.objects.create(email=f"banc-{mark}-{room}-{number}@exemple.invalid", name="Banc")
            person = Person.objects.create(alliance=alliance, user=user, name="Banc")
            Role.objects.create(person=person, kind=Role.Kind.AGENT)
            session = SessionStore()
            session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[-1]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            request = RequestFactory().get("/")
            token = get_token(request)
            writers.append(
                {
                    "room": room,
                    "name": f"{room}-{number}",
                    "url": f"/{alliance.slug}/rencontres/{meeting.uuid}/salle/notes/{item.uuid}/",
                    "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
                    f"{settings.CSRF_COOKIE_NAME}={request.META['CSRF_COOKIE']}",
                    "token": token,
                }
            )
    print("@@" + json.dumps(writers))


class Server:
    """``maillage serve`` on one port, that can be killed and started again."""

    def __init__(self, env: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.env = env
        self.log = (DATA / "server.log").open("ab")
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "maillage", "serve", "--port", str(self.port)], cwd=ROOT, env=self.env,
            stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                link = http.client.HTTPConnection("localhost", self.port, timeout=2)
                link.request("GET", "/sante/vivant")
                if link.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise RuntimeError("The server did not start: see build/bench/notes/server.log")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Writer:
    """One browser: its text, the attempt under way, what it wrote."""

    room: int
    name: str
    url: str
    cookie: str
    token: str
    port: int = 0
    text: str = ""
    base: int = 0
    sent: bool = False
    lines: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    retries: int = 0

    def ask(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        link = http.client.HTTPConnection("localhost", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "X-CSRFToken": self.token, "Accept": "application/json"}
        if body is None:
            link.request("GET", self.url, headers=headers)
        else:
            link.request("POST", self.url, json.dumps(body), {**headers, "Content-Type": "application/json"})
        answer = link.getresponse()
        data = answer.read()
        link.close()
        if answer.status != 200:
            raise ValueError(f"{answer.status}: {data[:120]!r}")
        found: dict[str, Any] = json.loads(data)
        return found

    def write(self, rng: random.Random) -> None:
        """A line more; now and then an older line of one's own is corrected."""
        if self.lines and rng.random() < 0.3:
            at = rng.randrange(len(self.lines))
            new = f"{self.lines[at]} corrigé"
            self.text = self.text.replace(self.lines[at] + "\n", new + "\n", 1)
            self.lines[at] = new
        line = f"Ligne {len(self.lines)} de {self.name}: {rng.randrange(10**9)}"
        self.lines.append(line)
        self.text += line + "\n"

    def save(self, key: str, until: float) -> None:
        """The same attempt, until the server has it."""
        text = self.text
        body = {"text": text, "base": self.base, "sent": self.sent, "key": key, "writer": self.name}
        while True:
            begun = time.perf_counter()
            try:
                saved = self.ask(body)
            except (OSError, http.client.HTTPException):
                self.retries += 1
                if time.monotonic() > until:
                    self.errors.append("never answered")
                    return
                time.sleep(0.5)
                continue
            except ValueError as error:
                self.errors.append(str(error))
                return
            self.times.append(time.perf_counter() - begun)
            self.base, self.sent = saved["number"], True
            return

    def run(self, seconds: float) -> None:
        rng = random.Random(self.name)
        time.sleep(rng.random() * EVERY)
        end, count = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            begun = time.monotonic()
            self.write(rng)
            self.save(f"{self.name}-{count}", end + 60)
            count += 1
            time.sleep(max(0.0, EVERY - (time.monotonic() - begun)))


def lost(writers: list[Writer]) -> list[str]:
    """The lines that stand neither in the note nor beside it."""
    missing = []
    for writer in writers:
        note = writer.ask()
        everywhere = "\n".join([note["text"], *(row["text"] for row in note["beside"])])
        missing += [line for line in writer.lines if line not in everywhere]
    return missing


def one(name: str, database: str, table: Table) -> None:
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    # Nobody's demonstration: an empty instance.
    env = environment(DATA, database)
    command = [sys.executable, str(Path(__file__).resolve()), "--prepare"]
    done = subprocess.run(command, env=env, cwd=ROOT, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    rows = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("@@"))[2:])
    server = Server(env)
    try:
        writers = [Writer(**row, port=server.port) for row in rows]
        threads = [threading.Thread(target=writer.run, args=(SECONDS,)) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(SECONDS / 2)
        server.kill()
        server.start()
        for thread in threads:
            thread.join()
        missing = lost(writers)
    finally:
        server.kill()
    times = sorted(value for writer in writers for value in writer.times)
    errors = [error for writer in writers for error in writer.errors]
    lines = sum(len(writer.lines) for writer in writers)
    table.add(
        name, len(writers), len(times), f"{statistics.median(times) * 1000:.0f}",
        f"{times[int(len(times) * 0.95)] * 1000:.0f}", sum(writer.retries for writer in writers),
        table.target(f"{name}, errors", len(errors), 0, ""), lines,
        table.target(f"{name}, lines lost", len(missing), 0, ""),
    )  # fmt: skip
    table.notes += [f"{name}: {error}" for error in errors[:5]] + [f"{name}, lost: {line}" for line in missing[:5]]


def run() -> Table:
    table = Table(
        "Notes saved every 2 s from 20 rooms at once",
        ["Database", "Writers", "Saves", "Median (ms)", "95th centile (ms)", "Tried again", "No error", "Lines written",
         "No line lost"],
        notes=[f"{ROOMS} rooms, two people in every second one, {SECONDS:.0f} s; the server is killed (SIGKILL) and "
               "started again midway; the client sends the same attempt until it is answered, as the page does. At the "
               "end each line that was written is looked for in the notes."],
    )  # fmt: skip
    one("SQLite", "", table)
    postgres = os.environ.get("BENCH_DATABASE_URL", "")
    if postgres:
        one("PostgreSQL", postgres, table)
    else:
        table.notes.append("PostgreSQL was not measured: BENCH_DATABASE_URL names no database.")
    return table


if __name__ == "__main__":
    if "--prepare" in sys.argv:
        prepare()
    else:
        print(run().markdown())
