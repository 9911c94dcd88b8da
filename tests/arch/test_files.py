"""What no file of the project may carry: addresses of a registry, paths of a machine, unpinned parts."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("This copy of the project is not a git checkout: its files cannot be listed.")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_pins_are_hashed_and_carry_no_host(name):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-zA-Z0-9][\w.\[\],-]*==", text, re.MULTILINE)
    assert pins
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)


def test_no_path_of_a_machine():
    paths = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/[\w.-]+/")
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in _tracked()
        if path.suffix in {".py", ".md", ".html", ".toml", ".txt", ".json", ".css", ".js", ".sh", ".typ", ""}
        and path.is_file()
        and path != Path(__file__).resolve()
        for match in [paths.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert found == []
