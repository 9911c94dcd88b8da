"""What `maillage serve` does before it serves, as a person who runs it twice sees it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
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
    begun = time.monotonic()
    done = serve(prepared, "--port", "8971")
    assert done.returncode == 0, done.stderr
    assert "demonstration" not in done.stdout
    assert time.monotonic() - begun < 5


def test_the_secret_key_is_kept_and_read_by_its_owner_only(prepared):
    key = prepared / "secret_key"
    assert key.stat().st_mode & 0o077 == 0
    before = key.read_text()
    serve(prepared, "--port", "8971")
    assert key.read_text() == before


def test_a_taken_port_is_said_with_what_to_do(prepared):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = serve(prepared, "--port", str(port))
    assert done.returncode == 1
    assert f"PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_loads_no_demonstration(tmp_path):
    done = serve(tmp_path, "--port", "8972", mode="production")
    assert done.returncode == 0, done.stderr
    assert "demonstration" not in done.stdout


def test_an_unknown_mode_is_refused(tmp_path):
    done = serve(tmp_path, mode="play")
    assert done.returncode != 0
    assert "MAILLAGE_MODE" in done.stderr
