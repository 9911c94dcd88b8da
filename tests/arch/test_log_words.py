"""Every act that an alliance may read in its log has its words."""

from __future__ import annotations

import re
from pathlib import Path

import maillage
from maillage.core import contributions

ROOMS = ("alliances", "actors", "concertation", "participation", "reporting")
"""The rooms whose acts belong to an alliance; the others are read by the operator of the instance."""


def written() -> set[str]:
    source = "\n".join(path.read_text() for path in Path(maillage.__file__).parent.rglob("*.py"))
    rooms = "|".join(ROOMS)
    calls = re.findall(rf'(?:record|_log)\(\s*"((?:{rooms})\.\w+)"', source)
    named = re.findall(rf'\baction\s*=\s*"((?:{rooms})\.\w+)"', source)
    return {*calls, *named}


def test_every_act_has_its_words():
    assert len(written()) > 40
    assert written() - set(contributions.action_labels) == set()
