"""``maillage protect``: what is printed for the author, what is written for the public, what is refused."""

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from maillage.config.recount import words
from maillage.config.recount.protect import MARK, protect
from tests.config.recount.schema import problems

COUNTS = "age;sexe;nombre\n18-29;F;3\n18-29;M;20\n30-64;F;31\n30-64;M;40\n65+;F;500\n65+;M;0\n"


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(COUNTS, encoding="utf-8")
    return str(path)


@pytest.fixture
def french(monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    words._catalogue.cache_clear()
    yield
    words._catalogue.cache_clear()


def run(*arguments):
    return CliRunner().invoke(protect, arguments)


def test_the_table_and_why(sheet, french):
    done = run(sheet, "--explain", "sexe = f, age = 18-29")
    assert done.exit_code == 0, done.output
    for text in (
        MARK,
        "petit",
        "aide à masquer",
        "de 0 à 23",
        "moins de 5",
        "Dans 1 groupe",
        "4 cases masquées sur 12",
    ):
        assert text in done.output


def test_the_public_file_says_neither_why_nor_how_many(sheet, tmp_path):
    target = tmp_path / "public.csv"
    assert run(sheet, "--output", str(target)).exit_code == 0
    rows = list(csv.reader(target.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["age", "sexe", "count"]
    assert len(rows) == 13
    assert {row[2] for row in rows[1:] if not row[2].isdigit()} == {MARK}
    assert "3" not in {row[2] for row in rows[1:]}


def test_json_is_whole_and_never_gives_a_small_value(sheet):
    found = json.loads(run(sheet, "--json", "--explain", "total").output)
    cells = found["tables"][0]["cells"]
    assert {cell["status"] for cell in cells} == {"published", "primary", "complementary"}
    for cell in cells:
        assert (cell["value"] is None) == (cell["status"] != "published") == (cell["range"] is not None)
    assert found["audit"] == {"cells": 12, "withheld": 4, "narrowest": found["audit"]["narrowest"], "optimal": True,
                              "unanimous": [{"age": "65+"}]}  # fmt: skip
    assert found["audit"]["narrowest"] >= found["width"] == 4
    assert list(found["explain"]) == ["total"]
    assert problems(found, "protect") == []


def test_one_line_a_person_and_linked_tables(tmp_path):
    path = tmp_path / "people.csv"
    lines = [f"{'young' if n % 3 else 'old'},{'fm'[n % 2]},{'xyz'[n % 7 % 3]}" for n in range(60)]
    path.write_text("\n".join(["age,sex,town", *lines]), encoding="utf-8")
    done = run(str(path), "--by", "age,sex", "--by", "age,town", "--json")
    assert done.exit_code == 0, done.output
    assert [table["variables"] for table in json.loads(done.output)["tables"]] == [["age", "sex"], ["age", "town"]]


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("age,count\n1,x\n", (), "Line 2"),
        (COUNTS, ("--by", "nobody"), "no column"),
        (COUNTS, ("--explain", "age=9"), "There is no cell"),
        (COUNTS, ("--threshold", "1"), "at least 2"),
        (COUNTS, ("--output", "/nowhere/at/all.csv"), "cannot be written"),
        ("table,a,b,count\nt,1,,9\nu,1,1,8\n", (), "disagree"),
    ],
)
def test_refusals_are_sentences_with_code_2(tmp_path, content, options, words):
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8")
    done = run(str(path), *options)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(tmp_path):
    path, target = tmp_path / "file.csv", tmp_path / "public.csv"
    path.write_text("a,count\n=1+1,9\nb,9\n", encoding="utf-8")
    assert run(str(path), "--output", str(target)).exit_code == 0
    assert "'=1+1,9" in target.read_text(encoding="utf-8")


def test_it_starts_without_django_nor_numpy():
    code = (
        "import sys; from maillage.config.recount.protect import protect;"
        "print([name for name in ('django', 'numpy', 'scipy', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
