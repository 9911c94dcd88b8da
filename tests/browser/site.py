"""The product as a person meets it: its own server in a process of its own, with the demonstration loaded."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _own_database(name: str) -> Iterator[dict[str, str]]:
    """On PostgreSQL, an empty database for this server; on the embedded one, nothing to do."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield {}
        return
    import psycopg

    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlunsplit(urlsplit(given)._replace(path=f"/{name}"))}
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _wait(address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/sante/vivant", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start.\n{log.read_text()[-4000:]}")


@contextmanager
def serving(folder: Path, *, name: str = "maillage_browser") -> Iterator[str]:
    """``maillage serve`` in demonstration mode on a free port: gives its address, and stops it at the end."""
    port = free_port()
    log = folder / "server.log"
    with _own_database(name) as database, log.open("wb") as output:
        environment = {**os.environ, "MAILLAGE_MODE": "demo", "MAILLAGE_DATA": str(folder / "var"), **database}
        server = subprocess.Popen(
            [sys.executable, "-m", "maillage", "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        worker = None
        try:
            address = f"http://localhost:{port}"
            _wait(address, server, log)
            if database:
                worker = subprocess.Popen(
                    [sys.executable, "-m", "maillage", "worker"],
                    cwd=ROOT,
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            yield address
        finally:
            for process in (worker, server):
                if process is not None:
                    process.terminate()
                    try:
                        process.wait(timeout=30)
                    except subprocess.TimeoutExpired:
                        process.kill()


PLACE = "/deux-rivieres/consultations/"
BALLOTS = (
    ("ballot", 'class="grade"'), ("opinions", "#ajouter"), ("questions", "data-depends"),
    ("budget", "data-purse"),
)  # fmt: skip
"""Each kind of ballot, and what only its page has."""


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def _consultations(address: str) -> list[str]:
    return list(dict.fromkeys(re.findall(rf"{PLACE}([0-9a-f-]{{36}})/", _read(address + PLACE))))


def open_ballot(address: str) -> str:
    """The path of the ballot by grades of the demonstration that is open to all."""
    return citizens_pages(address)["ballot"]


def citizens_pages(address: str) -> dict[str, str]:
    """The paths of the demonstration's pages where citizens take part, one of each kind, and of what is around them."""
    found: dict[str, str] = {}
    for key in _consultations(address):
        path = f"{PLACE}{key}/"
        page = _read(address + path)
        if bring := re.search(rf'class="btn call big" href="({path}(?!participer/)[^"]+)"', page):
            found.setdefault("ideas", bring.group(1))
        if "resultats/" in page:
            found.setdefault("results", f"{path}resultats/")
        if testify := re.search(rf'href="({path}temoigner/[^"]+)"', page):
            found.setdefault("testimony", testify.group(1))
        if f"{path}participer/" not in page:
            continue
        ballot = _read(f"{address}{path}participer/")
        if "data-ballot" not in ballot or 'id="code"' in ballot:
            continue
        kind = next((kind for kind, sign in BALLOTS if sign in ballot), "")
        if kind == "ballot" and kind not in found:
            found |= {"consultation": path, "receipt": f"{path}recu/"}
        found.setdefault(kind, f"{path}participer/")
    return found
