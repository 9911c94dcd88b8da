"""What `maillage serve` does before it serves, as a person who runs it twice sees it."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def serve(folder: Path, *arguments: str, mode: str = "demo") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MAILLAGE_MODE": mode, "MAILLAGE_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)  # the embedded database is what this is about
    return subprocess.run(
        [sys.executable, "-m", "maillage", "serve", "--prepare-only", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("instance")
    done = serve(folder, "--port", "8971")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_second_time_is_quick_and_loads_nothing_again(prepared):
    key = prepared / "secret_key"
    assert key.stat().st_mode & 0o077 == 0
    secret, begun = key.read_text(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = serve(prepared, "--port", "8971")
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    assert "demonstration" not in done.stdout
    # Seconds of processor: those of the clock say how busy the machine is.
    assert ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime < 5
    assert key.read_text() == secret


def test_a_taken_port_is_said_with_what_to_do(prepared):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = serve(prepared, "--port", str(port))
    assert done.returncode == 1
    assert f"PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_loads_no_demonstration(prepared, tmp_path):
    # The static files are the same: they are not made again.
    shutil.copytree(prepared / "static", tmp_path / "static")
    done = serve(tmp_path, "--port", "8972", mode="production")
    assert done.returncode == 0, done.stderr
    assert "demonstration" not in done.stdout


def test_an_unknown_mode_is_refused(tmp_path):
    done = serve(tmp_path, mode="play")
    assert done.returncode != 0
    assert "MAILLAGE_MODE" in done.stderr


def test_messages_written_outside_a_request_lead_to_the_port_that_was_asked_for(monkeypatch):
    from click.testing import CliRunner

    from maillage.config import serve as module
    from maillage.core import site

    monkeypatch.delenv("MAILLAGE_URL", raising=False)
    monkeypatch.setenv("MAILLAGE_PORT", "8000")
    monkeypatch.setattr(module, "_require_free_port", lambda port: None)
    monkeypatch.setattr(module, "prepare", lambda: None)
    monkeypatch.setattr("maillage.core.terminal.start", lambda: None)
    done = CliRunner().invoke(module.serve, ["--port", "8971", "--prepare-only"])
    assert done.exit_code == 0, done.output
    assert site.address() == "http://localhost:8971"
