"""The tool that keeps English out of the French interface works; `make check` runs it on every room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402


def test_spacing_is_put_right():
    assert messages.typography("Reste : 45 % de « tout »") == "Reste\xa0: 45\xa0% de «\xa0tout\xa0»"


def test_the_check_sees_a_text_without_french(tmp_path, monkeypatch):
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").write_text("from django.utils.translation import gettext as _\nA = _('No French yet')\n")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    assert messages.problems(room) == ["room/__init__.py: no French for 'No French yet'"]


def test_compiling_needs_no_database():
    done = subprocess.run([sys.executable, "tools/messages.py", "--compile"], cwd=ROOT, check=False)
    assert done.returncode == 0
