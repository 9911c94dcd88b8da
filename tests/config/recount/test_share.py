"""``maillage share``: by the command, in both languages, with what it refuses."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from click.testing import CliRunner

from maillage.config.recount import words
from maillage.config.recount.share import share
from tests.config.recount.schema import problems

SHEET = """\
enveloppe;10 000 $
poids population;60 %
poids besoin;40 %
base;1 000,00

Territoire;Population;Indice de besoin;Plancher
Les Îles;5 000;1;
Nicolet;3000;1;3 000
Côte;2000;2;
"""


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(SHEET, encoding="utf-8")
    return str(path)


@pytest.fixture
def french(monkeypatch):
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    words._catalogue.cache_clear()
    yield
    words._catalogue.cache_clear()


def run(*options):
    return CliRunner().invoke(share, [str(option) for option in options])


def printed(schema, *options):
    """What ``--json`` prints, checked against its schema."""
    found = json.loads(run(*options, "--json").output)
    assert problems(found, schema) == []
    return found


def test_json(sheet):
    found = printed("share", sheet)
    assert found["shares"] == {"Les Îles": 377_778, "Nicolet": 300_000, "Côte": 322_222}
    assert found["total"] == 1_000_000 == sum(found["shares"].values())
    for name, cents in found["shares"].items():
        assert sum(line["cents"] for line in found["lines"][name]) == cents
    assert found["settings"]["criteria"] == [
        {"columns": ["population"], "weight": "0.6"}, {"columns": ["need"], "weight": "0.4"},
    ]  # fmt: skip
    assert set(printed("share", sheet, "--explain", "côte")["lines"]) == {"Côte"}


def test_a_table_in_french(sheet, french):
    said = run(sheet, "--explain", "Nicolet").output.replace("\N{NO-BREAK SPACE}", " ")
    assert "3 777,78" in said
    assert "Part selon « Indice de besoin » : 25 % des 2 800,00 $ répartis ainsi." in said
    assert "Relevé à son plancher de 3 000,00 $." in said


def test_options_win_over_the_file(sheet):
    found = printed(
        "share", sheet, "--envelope", "20 000", "--weight", "population*besoin=100%", "--base", 0,
        "--unit", 100, "--floor", "10.00", "--ties", "lot", "--seed", 4,
    )  # fmt: skip
    assert found["shares"] == {"Les Îles": 830_000, "Nicolet": 500_000, "Côte": 670_000}
    assert found["settings"] | {"criteria": []} == {
        "envelope": 2_000_000, "criteria": [], "base": 0, "base_part": 0, "floor": 1000, "cap": None,
        "floor_per_person": None, "cap_per_person": None, "unit": 10_000, "ties": "lot", "seed": 4,
    }  # fmt: skip


def test_two_scenarios(sheet, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(SHEET.replace("60 %", "100 %").replace("40 %", "0 %"), encoding="utf-8")
    found = printed("share", sheet, "--compare", other)["comparison"]
    assert found["changes"]["Côte"] == {"before": 322_222, "after": 240_000, "change": -82_222}
    assert found["moved"] == 82_222
    assert "2 territories gain." in run(sheet, "--compare", other).output


def test_seats(sheet):
    found = printed("share-seats", sheet, "--seats", 7)
    assert (found["seats"], found["total"], found["tie"]) == ({"Les Îles": 4, "Nicolet": 2, "Côte": 1}, 7, None)
    assert found["settings"]["method"] == "hamilton"
    said = run(sheet, "--seats", 1, "--by", "Indice de besoin", "--method", "sainte-lague", "--explain", "Côte").output
    assert "The seats go to the highest quotients, the last one at 2: it has 1 of them." in said
    found = printed("share-seats", sheet, "--seats", 9, "--by", "population*besoin")
    assert (found["seats"], found["settings"]["by"]) == (
        {"Les Îles": 4, "Nicolet": 2, "Côte": 3},
        ["population", "need"],
    )
    assert "Tie for 1: Les Îles, Nicolet." in run(sheet, "--seats", 2, "--by", "Indice de besoin").output
    found = printed("share-seats", sheet, "--seats", 2, "--method", "sainte-lague", "--first-divisor", "1,4")
    assert found["settings"]["first"] == "1.4"
    found = printed("share-seats", sheet, "--seats", 2, "--by", "besoin", "--ties", "lot", "--seed", 5)
    assert (found["tie"]["names"], found["total"]) == (["Les Îles", "Nicolet"], 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--weight", "population"], "COLUMN=PART"),
        (["--weight", "income=100%"], "no column is named “income”"),
        (["--weight", "population=50%"], "The weights sum to 50%"),
        (["--envelope", "beaucoup"], "“beaucoup” is not a number"),
        (["--envelope", "10,000"], "two ways"),
        (["--floor", "5000"], "The floors come to $15,000.00"),
        (["--explain", "Nowhere"], "No territory is named “Nowhere”"),
        (["--compare", "missing.csv"], "does not exist"),
        (["--seats", "3", "--envelope", "5"], "--envelope does not go with these seats"),
        (["--seats", "3", "--first-divisor", "1.4"], "--first-divisor does not go"),
        (["--seats", "3", "--method", "sainte-lague", "--first-divisor", "a"], "at least 1"),
        (["--seats", "3", "--minimum", "2"], "makes 6 seats"),
        (["--seats", "3", "--by", "x"], "no column is named “x”"),
        (["--minimum", "2"], "goes with --seats only"),
        (["--ties", "open"], "need a rule"),
        (["--ties", "chance"], "--ties"),
        (["--seed", "3"], "--seed goes with --ties lot only"),
        (["--seats", "3", "--seed", "3"], "--seed goes with --ties lot only"),
        (["--unit", "7"], "not a whole number of units"),
    ],
)
def test_what_is_refused_ends_with_2(sheet, options, said):
    done = run(sheet, *options)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_what_a_file_may_lack(tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("territory,population\nA,1\nB,2\n", encoding="utf-8")
    assert "How much is there to share?" in run(path).output
    done = run(path, "--envelope", 100)
    assert done.exit_code == 2
    assert "--weight population=100%, for instance. The file's columns: population." in done.output
    assert json.loads(run(path, "--envelope", 100, "--weight", "population=1", "--json").output)["shares"]["B"] == 6667


def workbook(path, rows):
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for place, row in enumerate(rows):
        page.write_row(place, 0, row)
    book.close()


def test_the_numbers_of_a_workbook_are_those_it_shows(tmp_path):
    """No float is 1 234 567.89: the nearest has other digits after the ninth decimal."""
    path = tmp_path / "sheet.xlsx"
    rows = [["enveloppe", 1_234_567.89], ["poids besoin", 1], ["plancher", 0.1 + 0.2], ["MRC", "besoin"]]
    workbook(path, [*rows, ["A", 1 / 3], ["B", 1e-13], ["C", 2 / 3]])
    assert json.loads(run(path, "--json").output)["shares"] == {"A": 41_152_253, "B": 30, "C": 82_304_506}


def test_a_workbook(tmp_path):
    path = tmp_path / "sheet.xlsx"
    rows = [["envelope", 1000.1], ["weight population", 0.6], ["weight need", 0.4], [],
            ["territory", "population", "need"], ["A", 1, 0.1], ["B", 3, 0.3]]  # fmt: skip
    workbook(path, rows)
    assert json.loads(run(path, "--json").output)["shares"] == {"A": 25_003, "B": 75_007}
    whole, draw = path.read_bytes(), random.Random(4)
    for _ in range(60):
        damaged = bytearray(whole[: draw.choice([len(whole), draw.randrange(len(whole))])])
        for _change in range(draw.randint(1, 9)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        path.write_bytes(damaged)
        assert run(path, "--json").exit_code in (0, 2)
    path.write_bytes(b"PK nothing")
    done = run(path)
    assert (done.exit_code, "this workbook cannot be opened" in done.output) == (2, True)


def test_it_needs_nothing_heavy(sheet):
    code = (
        "import sys\nfrom maillage.config.cli import main\n"
        f"main(['share', {sheet!r}, '--json'], standalone_mode=False)\n"
        "print(sorted({'django', 'numpy', 'scipy', 'rich'} & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
