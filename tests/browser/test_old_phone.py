"""An old phone: Chromium 69, of 2018, reads the pages that citizens need.

The engine comes from PyPI, inside Qt 5 (``requirements-oldphone.txt``), in an environment of its own under
``build/``. In CI only, or with ``MAILLAGE_OLD_PHONE=1``. Screenshots are kept under ``build/old-phone/``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import ROOT, citizens_pages

REQUIREMENTS = ROOT / "requirements-oldphone.txt"
ENVIRONMENT = ROOT / "build" / "old-phone-env"
SCREENSHOTS = ROOT / "build" / "old-phone"
SCRIPT = Path(__file__).with_name("old_phone.py")
WANTED = bool(os.environ.get("CI") or os.environ.get("MAILLAGE_OLD_PHONE"))
PAGES = (
    "/deux-rivieres/",
    "/deux-rivieres/acteurs/",
    "/deux-rivieres/espaces/",
    "/deux-rivieres/memoire/",
    "/",
    "/compte/connexion/",
    "/apparence/",
    "/nulle/part/",
    "ballot",
    "opinions",
    "questions",
    "budget",
    "testimony",
    "ideas",
    "receipt",
    "consultation",
    "results",
)

SCRIPTS = sorted((ROOT / "src" / "maillage" / "participation" / "static" / "participation").glob("*.js"))

pytestmark = pytest.mark.skipif(
    not WANTED,
    reason="Chromium 69 is tried in CI. Here: MAILLAGE_OLD_PHONE=1 make test TESTS=tests/browser/test_old_phone.py",
)


def environment() -> Path:
    """The Python that has Qt, made the first time."""
    python = ENVIRONMENT / "bin" / "python"
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    stamp = ENVIRONMENT / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(ENVIRONMENT)], check=True)
        subprocess.run(
            [uv, "pip", "install", "-q", "--require-hashes", "--python", str(python), "-r", str(REQUIREMENTS)],
            check=True,
        )
        shutil.copyfile(REQUIREMENTS, stamp)
    return python


@pytest.fixture(scope="module")
def readings(site) -> dict[str, dict[str, Any]]:
    """What the old engine computed for every page."""
    found = citizens_pages(site)
    addresses = [
        *(site + (page if page.startswith("/") else found[page]) for page in PAGES),
        *(str(path) for path in SCRIPTS),
    ]
    done = subprocess.run(
        [str(environment()), str(SCRIPT), str(SCREENSHOTS), *addresses], capture_output=True, text=True, timeout=300
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == len(addresses), done.stderr[-2000:]
    return dict(zip((*PAGES, *(path.name for path in SCRIPTS)), lines, strict=True))


@pytest.mark.parametrize("script", [path.name for path in SCRIPTS])
def test_an_old_phone_reads_every_script_of_participation(readings, script):
    """Those of the kiosk and of paper too, whose pages ask for an account."""
    assert readings[script]["parsed"] == "yes"


@pytest.mark.parametrize("page", PAGES)
def test_an_old_phone_reads_the_page(readings, page):
    seen = readings[page]
    assert "Chrome/69" in seen["agent"]
    assert seen["ground"] == "rgb(251, 252, 250)", "the stylesheet was not applied"
    assert seen["size"] >= 17
    assert seen["h1"] >= 26
    assert seen["width"] <= seen["view"], "the page scrolls sideways"
    assert [text["words"] for text in seen["texts"] if text["size"] < 13] == []
    assert [text["words"] for text in seen["texts"] if text["contrast"] < 4.5] == []
    assert [text["words"] for text in seen["texts"] if text["right"] > seen["view"] and not text["scrolls"]] == []
    assert len(seen["texts"]) > 5
    refused = [line for line in seen["said"] if "Refused" in line or "Error" in line]
    assert refused == []
    number = PAGES.index(page) + 1
    assert (SCREENSHOTS / f"{number:02d}.png").stat().st_size > 5000
