"""The commands that recount start at once: without Django, without a database, without what they do not use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from maillage.config.recount.ballots import RULES
from tests.config.recount.made import budget

HEAVY = ("django", "scipy", "rustworkx", "graspologic_native", "psycopg", "rich.progress", "asyncio")
"""What no counting of a small file may load."""
ENV = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "MAILLAGE"))}


def loaded(*arguments: object) -> tuple[set[str], str]:
    """The modules that a call leaves loaded, and what it printed."""
    code = (
        "import sys\nfrom maillage.config.cli import main\n"
        f"code = main({[str(one) for one in arguments]!r}, standalone_mode=False)\n"
        "print('@@', *sys.modules)\nsys.exit(code or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENV)
    assert done.returncode == 0, done.stderr
    shown, _, names = done.stdout.rpartition("@@")
    return set(names.split()), shown


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("start") / "made.pb"
    path.write_text(budget(), encoding="utf-8")
    return path


def test_help_loads_nothing_but_click():
    names, shown = loaded("tally", "--help")
    assert "Usage:" in shown
    assert not {"numpy", "rich", "babel", *HEAVY} & names


@pytest.mark.parametrize("rule", ["greedy", "equal-shares", "phragmen"])
def test_a_budget_is_counted_without_what_is_heavy(made, rule):
    names, shown = loaded("tally", made, "--rule", rule, "--explain", "1")
    assert "Patinoire" in shown
    assert not set(HEAVY) & names
    names, _ = loaded("tally", made, "--rule", rule, "--json")
    assert not {"rich", "rich.table", "babel", *HEAVY} & names


@pytest.mark.parametrize("rule", RULES)
def test_ballots_are_counted_without_what_is_heavy(tmp_path, rule):
    path = tmp_path / "made.csv"
    path.write_text("A,B\n3,1\n2,2\n")
    names, _ = loaded("tally", path, "--rule", rule)
    assert not set(HEAVY) & names
    names, _ = loaded("tally", path, "--rule", rule, "--json")
    assert not {"rich", "rich.table", *HEAVY} & names


def test_a_small_file_is_counted_at_once(made):
    """Loose, for slow and shared machines; ``benchmarks/methods_start.py`` has the target of 0.3 s."""
    best = min(_seconds("tally", made, "--rule", "greedy") for _turn in range(3))
    assert best < 3


def _seconds(*arguments: object) -> float:
    start = time.perf_counter()
    subprocess.run([maillage(), *map(str, arguments)], capture_output=True, env=ENV, check=True)
    return time.perf_counter() - start


def maillage() -> str:
    return str(Path(sys.executable).with_name("maillage"))


def test_the_program_itself_answers_and_refuses(made, tmp_path):
    done = subprocess.run([maillage(), "tally", made, "--rule", "greedy", "--json"], capture_output=True, env=ENV)
    assert done.returncode == 0
    assert done.stderr == b""
    assert b'"d \xc3\xa9"' in done.stdout
    bad = tmp_path / "bad.pb"
    bad.write_bytes(b"META\nkey;value\n")
    french = ENV | {"LC_ALL": "fr_CA.UTF-8"}
    done = subprocess.run([maillage(), "tally", bad, "--rule", "greedy"], capture_output=True, env=french, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Erreur\xa0: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_without_the_characters_of_a_name_is_no_failure(made, encoding):
    env = ENV | {"PYTHONIOENCODING": encoding}
    done = subprocess.run([maillage(), "tally", made, "--rule", "greedy"], capture_output=True, env=env)
    assert done.returncode == 0, done.stderr
    assert b"Patinoire" in done.stdout
    done = subprocess.run([maillage(), "tally", made, "--rule", "greedy", "--json"], capture_output=True, env=env)
    assert b'"d \xc3\xa9"' in done.stdout


def test_a_reader_that_leaves_early_is_no_failure(made):
    command = f"'{maillage()}' tally '{made}' --rule greedy | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, env=ENV, text=True)
    assert done.stderr == ""


def test_a_pipe_is_read_as_a_file_is(made):
    command = f"'{maillage()}' tally <(cat '{made}') --rule greedy --json"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=ENV, text=True)
    assert done.returncode == 0, done.stderr
    assert '"winners": ["2", "03"]' in done.stdout


def test_control_c_is_quiet():
    process = subprocess.Popen(
        [maillage(), "tally", "-", "--rule", "greedy"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV, text=True,
        # A job in the background is born deaf to Ctrl-C, and so are its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    # More than a pipe holds: once it is written, the command is reading.
    process.stdin.write("META\n" * 50_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
