"""What the measures were taken on, and the few tools that every measure shares."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bench"
QUICK = "--quick" in sys.argv
"""Few ballots and a few seconds, to see that a part runs."""
if QUICK:
    # The parts read them as they begin, after this.
    os.environ |= {"RESULTS_BALLOTS": "3000", "BENCH_NOTES_SECONDS": "6"}


@dataclass
class Table:
    """A part of the results: a title, what was done, rows of text, and the targets that were missed."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append([str(cell) for cell in cells])

    def target(self, what: str, value: float, limit: float, unit: str, *, least: bool = False) -> str:
        """« yes » or « no », and keeps what is missed. ``least``: the value must be at least ``limit``."""
        if value >= limit if least else value <= limit:
            return "yes"
        self.missed.append(f"{what}: {value:.3g}{unit}, target {'at least' if least else 'at most'} {limit:g}{unit}")
        return "**no**"

    def markdown(self) -> str:
        lines = [f"## {self.title}", ""]
        if self.rows:
            lines += ["| " + " | ".join(self.header) + " |", "|" + " --- |" * len(self.header)]
            lines += ["| " + " | ".join(row) + " |" for row in self.rows]
            lines.append("")
        lines += [f"{note}\n" for note in self.notes]
        return "\n".join(lines)


def description() -> list[str]:
    """Processor, cores, memory, system, versions: what another machine's numbers must be read with."""
    import sqlite3

    import django

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        f"- Processor: {processor()}, {os.cpu_count()} cores",
        f"- Memory: {memory:.0f} GB",
        f"- System: {platform.system()} {platform.release()}, {distribution()}",
        f"- Python {platform.python_version()}, Django {django.__version__}, SQLite {sqlite3.sqlite_version}",
        f"- Load before: {os.getloadavg()[0]:.2f} (1 minute average; another work on the machine shows here)",
    ]


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def environment(data: Path, database: str = "") -> dict[str, str]:
    """The environment of a measured process: demonstration mode, its own data folder, its own database."""
    found = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "MAILLAGE_DATA"}}
    found |= {"MAILLAGE_MODE": "demo", "MAILLAGE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "maillage.config.settings"}
    if database:
        found["DATABASE_URL"] = database
    return found


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    """Seconds of processor: what is left of the time when other work on the machine is set aside."""
    peak_mb: float
    output: str


def measured(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path = ROOT) -> Run:
    """A whole process: wall time and the peak of its memory, its start included.

    Errors: ``RuntimeError`` with the end of its output where it fails.
    """
    wrapper = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "done = subprocess.run(sys.argv[1:])\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(f'\\n@@ {time.perf_counter() - start} {used.ru_utime + used.ru_stime} {used.ru_maxrss}')\n"
        "sys.exit(done.returncode)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", wrapper, *map(str, command)], env=dict(env), cwd=cwd, text=True, capture_output=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-2000:]}")
    output, _, figures = done.stdout.rpartition("@@ ")
    seconds, cpu, peak = figures.split()
    # The kernel counts kilobytes on Linux, bytes on macOS.
    return Run(float(seconds), float(cpu), int(peak) / (1e6 if sys.platform == "darwin" else 1e3), output + done.stderr)


def median_of(work: Callable[[], object], times: int, warm: int = 3) -> float:
    """Median of the wall time of ``work``, in seconds, after ``warm`` calls that do not count."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def size_of(folder: Path) -> int:
    """Bytes on the disk of a folder, hard links counted once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for path in folder.rglob("*"):
        status = path.lstat()
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            total += status.st_blocks * 512
    return total


def own_peak_mb() -> float:
    """Peak of this process's own memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
