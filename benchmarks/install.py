"""``make run`` from nothing: a copy of the project, no environment, no data, until the first page answers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from machine import ROOT, WORK, Table, size_of
from throughput import free_port

LIMIT = 600


def served_after(folder: Path, port: int) -> tuple[float, subprocess.Popen[bytes]]:
    """Seconds until the home page of the demonstration answers. Errors: ``RuntimeError`` where it never does."""
    # The environment must be the copy's own, not the one that runs this.
    ours = ("VIRTUAL_ENV", "DATABASE_URL", "MAKE", "MFLAGS", "MAILLAGE_", "DJANGO_", "BENCH_", "PYTHON")
    env = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    env["PATH"] = os.pathsep.join(part for part in env["PATH"].split(os.pathsep) if ".venv" not in part)
    start = time.perf_counter()
    with (WORK / "install.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True
        )
    while time.perf_counter() - start < LIMIT:
        if process.poll() is not None:
            raise RuntimeError(f"make run stopped: see {WORK / 'install.log'}")
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://localhost:{port}/deux-rivieres/", timeout=5).read()
            return time.perf_counter() - start, process
        time.sleep(0.1)
    raise RuntimeError(f"make run served nothing in {LIMIT} s.")


def stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def run() -> Table:
    table = Table("`make run`", ["What", "Seconds until the first page", "Target"])
    folder = WORK / "install"
    shutil.rmtree(folder, ignore_errors=True)
    (WORK / "install.log").unlink(missing_ok=True)
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", "--depth", "1", f"file://{ROOT}", folder], check=True)
    port = free_port()
    seconds, process = served_after(folder, port)
    stop(process)
    table.add("from nothing", f"{seconds:.1f}", "stated")
    again, process = served_after(folder, port)
    stop(process)
    table.add("again", f"{again:.1f}", table.target("make run again", again, 5, " s"))
    sizes = {
        name: size_of(folder / name) / 1e6 for name in (".venv", "node_modules", "var") if (folder / name).exists()
    }
    words = ", ".join(f"`{name}` {size:.0f} MB" for name, size in sizes.items())
    table.notes.append(
        f"Disk: {sum(sizes.values()):.0f} MB ({words}). Files may come from uv's and npm's own caches on this machine; "
        "the rest comes from the network."
    )
    shutil.rmtree(folder, ignore_errors=True)
    return table
