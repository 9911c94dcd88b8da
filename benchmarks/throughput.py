"""Requests a second of Maillage's public pages beside a bare Django page of the same bytes, on the same server.

Both are served by gunicorn with the options of ``maillage serve``, one after the other, and asked for by the
same readers, who keep their connection.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from machine import ROOT, WORK, Table, environment

READERS, SECONDS, THREADS = 4, 5.0, 8


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(application: str, env: dict[str, str], folder: Path) -> Iterator[int]:
    """gunicorn, one process and eight threads, until the block ends. Gives its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1",
        "--worker-class", "gthread", "--threads", str(THREADS), "--log-level", "warning", "--chdir", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(command, env=env, start_new_session=True)
    try:
        for _attempt in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def reader(port: int, address: str, until: float, count: multiprocessing.Queue[int]) -> None:
    """Asks for the page again and again on one connection; raw sockets, so that the reader costs little."""
    request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n\r\n".encode()
    done = 0
    link = socket.create_connection(("127.0.0.1", port))
    try:
        while time.time() < until:
            try:
                link.sendall(request)
                if not whole_answer(link):
                    raise OSError
            except OSError:
                link.close()
                link = socket.create_connection(("127.0.0.1", port))
                continue
            done += 1
    finally:
        link.close()
        count.put(done)


def whole_answer(link: socket.socket) -> bool:
    """Read one answer to its end. ``False``: the server closed the connection before."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = link.recv(65536)
        if not part:
            return False
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    if not lines[0].startswith(b"http/1.1 200"):
        raise RuntimeError(head[:200].decode())
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)
    if length is None:
        while not rest.endswith(b"0\r\n\r\n"):
            part = link.recv(65536)
            if not part:
                return False
            rest = (rest + part)[-16:]
        return True
    left = length - len(rest)
    while left > 0:
        part = link.recv(65536)
        if not part:
            return False
        left -= len(part)
    return b"connection: close" not in head.lower()


def rate(port: int, address: str) -> float:
    """Requests a second, by ``READERS`` readers during ``SECONDS``, after a second that does not count."""
    for seconds in (1.0, SECONDS):
        counts: multiprocessing.Queue[int] = multiprocessing.Queue()
        until = time.time() + seconds
        readers = [multiprocessing.Process(target=reader, args=(port, address, until, counts)) for _ in range(READERS)]
        for process in readers:
            process.start()
        total = sum(counts.get() for _ in readers)
        for process in readers:
            process.join()
    return total / SECONDS


def fetch(port: int, address: str) -> bytes:
    with urllib.request.urlopen(f"http://localhost:{port}{address}", timeout=30) as answer:
        data: bytes = answer.read()
        return data


def run(data: Path, pages: dict[str, str], database: str = "") -> Table:
    """``pages``: label and address of each public page that is compared."""
    table = Table(
        "Throughput beside a bare Django page of the same size",
        ["Page", "Bytes", "Maillage (requests/s)", "Made anew each time", "Bare Django (requests/s)", "Ratio",
         "Target ≥ 0.3"],
    )  # fmt: skip
    served_by: dict[str, dict[str, float]] = {label: {} for label in pages}
    for way, seconds in (("kept", "30"), ("anew", "0")):
        env = environment(data, database) | {"MAILLAGE_KEPT_PAGES_SECONDS": seconds}
        with served("maillage.config.wsgi:application", env, ROOT) as port:
            for number, (label, address) in enumerate(pages.items()):
                (WORK / f"page-{number}.html").write_bytes(fetch(port, address))
                served_by[label][way] = rate(port, address)
    for number, label in enumerate(pages):
        path = WORK / f"page-{number}.html"
        with served("bare:application", {**os.environ, "BARE_FILE": str(path)}, ROOT / "benchmarks") as port:
            bare = rate(port, "/")
        ours = served_by[label]
        ratio = ours["kept"] / bare
        table.add(
            label, f"{path.stat().st_size:,}", f"{ours['kept']:.0f}", f"{ours['anew']:.0f}", f"{bare:.0f}",
            f"{ratio:.2f}", table.target(f"{label}, throughput ratio", ratio, 0.3, "", least=True),
        )  # fmt: skip
    table.notes.append(
        f"One gunicorn process of {THREADS} threads (gthread), {READERS} readers that keep their connection, "
        f"{SECONDS:g} s each, on the same machine. The bare page sends the same bytes from a template, without "
        "middleware, database or session. Maillage shows a public page again while the audit log does not move "
        "(docs/adr/kept-pages.md); « made anew » is its rate with that turned off."
    )
    return table
