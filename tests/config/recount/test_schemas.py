"""The schemas in ``docs/methods/schemas``: each is one that the check understands, and real answers follow it."""

from __future__ import annotations

import json

import pytest

from tests.config.recount.made import answer
from tests.config.recount.schema import SCHEMAS, problems

NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))
COUNTS = "age,sex,count\n18-29,F,12\n18-29,M,3\n30+,F,40\n30+,M,55\n"


def test_every_command_has_its_schema():
    assert {"tally-budget", "tally-ranking", "opinions", "share", "protect"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one_and_refuses_what_is_none(name):
    read = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert read["title"].startswith("maillage ")
    assert problems({}, name)
    assert problems([], name)


@pytest.mark.real_data
def test_a_conversation_follows_its_schema(real_data):
    for folder in sorted((real_data / "opinions").iterdir()):
        said = answer("opinions", folder, "--redraws", "0")
        assert problems(said, "opinions") == []


def test_a_protected_table_follows_its_schema(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(COUNTS, encoding="utf-8")
    said = answer("protect", path, "--explain", "age=18-29,sex=M")
    assert problems(said, "protect") == []
