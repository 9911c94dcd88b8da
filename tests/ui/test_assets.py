"""The pinned packages: no address of a registry is written down, and what they bring is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.template import Context, Template

from maillage.ui.templatetags import ui as tags

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_lock_names_no_host():
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all(package.get("integrity", "").startswith("sha512-") for name, package in packages.items() if name)
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_nothing_breaks_without_npm(tmp_path):
    """The script, where there is no npm: one sentence, and success."""
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "assets.py"
    script.write_text((ROOT / "tools" / "assets.py").read_text())
    nothing = {**os.environ, "PATH": str(tmp_path), "LC_ALL": "C"}
    for expected in ("npm is not installed", "To try again"):
        done = subprocess.run([sys.executable, script], env=nothing, capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert expected in done.stdout


def test_the_font_is_linked_only_where_it_is(monkeypatch):
    page = Template("{% load ui %}{% font_stylesheet %}")
    monkeypatch.setattr(tags, "_font_is_here", lambda: True)
    assert "ui/vendor/font.css" in page.render(Context())
    monkeypatch.setattr(tags, "_font_is_here", lambda: False)
    assert page.render(Context()) == ""
