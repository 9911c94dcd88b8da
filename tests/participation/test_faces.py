"""What every page of participation has in common, whatever its part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import maillage.participation as room

TEMPLATES = sorted(Path(room.__file__).parent.glob("*/templates/**/*.html"))


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if "{% breadcrumb " in path.read_text()], ids=lambda path: path.stem
)
def test_every_breadcrumb_leads_to_the_consultations(path):
    for crumbs in re.findall(r"{% breadcrumb (.*?)%}", path.read_text()):
        assert '_("Consultations")' in crumbs
