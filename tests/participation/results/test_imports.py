"""Votes held elsewhere come in from their files, and go out again to be recounted."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.urls import reverse

from maillage.config.cli import main
from maillage.core.models import AuditEntry
from maillage.participation.models import Ballot, Consultation, Option, Result
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, UserFactory
from tests.participation.results.makers import bytes_of

pytestmark = pytest.mark.django_db

SMALL = """META
key;value
description;Budget fictif
country;Canada
unit;Deux-Rivières
instance;2025
num_projects;4
num_votes;8
budget;1000
vote_type;approval
rule;equalshares/add1
date_begin;01.03.2025
date_end;2025
language;fr
currency;CAD
PROJECTS
project_id;cost;name;selected
p1;600;Cuisine collective;1
p2;400;Navette du jeudi;1
p3;400.50;Jardin;0
p4;900;Halte-garderie;0
VOTES
voter_id;age;vote
a;33;p1,p2
b;41;p1
c;20;p1,p3
d;65;p2
e;70;p2,p1
f;33;
g;52;p4
h;18;p1,p2,p3
"""
GRADES = "id,Logement,Transport\n" + "".join(f"{n},{n % 6 + 1},{(n * 5) % 7}\n" for n in range(20))


@pytest.fixture
def alliance():
    found = AllianceFactory(slug="essai")
    RoleFactory(person=PersonFactory(alliance=found, user=UserFactory()), kind="agent")
    return found


def run(*files: Path, extra=()):
    return CliRunner().invoke(main, ["import", "ballots", *map(str, files), "--alliance", "essai", *extra])


def write(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def recounted(result: Result, tmp_path: Path) -> list:
    """Numbers of what the exported file gives, by the command of the page."""
    file = tmp_path / result.file.name
    file.write_bytes(bytes_of(result.file))
    done = CliRunner().invoke(main, ["tally", str(file), *shlex.split(result.command)[3:], "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    if "winners" in answer:
        numbers = dict(Option.objects.filter(step=result.step).values_list("source", "number"))
        return [numbers[name] for name in answer["winners"]]
    return [sorted(int(name.split(".")[0]) for name in group) for group in answer["ranking"]]


def told(result: Result) -> list:
    found = result.data.get("winners")
    return [sorted(group) for group in result.data["order"]] if found is None else found


def test_a_budget_comes_in_closed_published_counted(alliance, client, tmp_path):
    done = run(write(tmp_path, "budget.pb", SMALL))
    assert done.exit_code == 0, done.output
    consultation = Consultation.objects.get()
    assert consultation.state == Consultation.State.PUBLISHED
    assert consultation.title == "Budget fictif 2025"
    result = Result.objects.get()
    assert result.ballots == 8
    assert result.step.envelope_cents == 100_000
    assert set(result.data["winners"]) == {1, 2}
    assert recounted(result, tmp_path) == told(result)
    page = client.get(reverse("participation_in:results", args=["essai", consultation.uuid]))
    assert page.status_code == 200
    assert "Cuisine collective" in page.content.decode()


def test_nothing_of_the_voters_is_kept(alliance, tmp_path):
    run(write(tmp_path, "budget.pb", SMALL))
    assert set(Ballot.objects.values_list("about", flat=True)) == {""}
    assert "voter_id;vote" in bytes_of(Result.objects.get().file).decode()


def test_the_same_file_twice_changes_nothing(alliance, tmp_path):
    file = write(tmp_path, "budget.pb", SMALL)
    run(file)
    again = run(file)
    assert again.exit_code == 0
    assert "nothing changed" in again.output
    assert Consultation.objects.count() == 1
    assert Ballot.objects.count() == 8
    assert AuditEntry.objects.filter(action="participation.ballots_imported").count() == 1


def test_grades_come_in(alliance, tmp_path):
    done = run(write(tmp_path, "mentions-2025.csv", GRADES))
    assert done.exit_code == 0, done.output
    result = Result.objects.get()
    assert result.step.method == "grades"
    assert result.ballots == 20
    assert recounted(result, tmp_path) == told(result)


def test_scores_come_in(alliance, tmp_path):
    done = run(write(tmp_path, "notes.csv", GRADES), extra=["--method", "score"])
    assert done.exit_code == 0, done.output
    result = Result.objects.get()
    assert result.step.method == "score"
    assert recounted(result, tmp_path) == told(result)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("vide.csv", "", "empty"),
        ("mentions.csv", "A,B\n6,5\n9,1\n", "Line 3: an answer is a whole number from 1 to 6"),
        ("budget.pb", SMALL.replace("g;52;p4", "g;52;p9"), "Line 30"),
        ("budget.pb", SMALL.replace("400.50", "400.505"), "parts of a cent"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_its_reason(alliance, tmp_path, name, text, says):
    done = run(write(tmp_path, name, text))
    assert done.exit_code == 1
    assert says in done.output
    assert not Consultation.objects.exists()


def test_the_alliance_and_the_account_are_asked_for(tmp_path):
    file = write(tmp_path, "budget.pb", SMALL)
    assert "no alliance" in run(file).output
    AllianceFactory(slug="essai")
    assert "--by" in run(file).output
    outsider = UserFactory()
    assert "may not import" in run(file, extra=["--by", outsider.email]).output
    assert not Consultation.objects.exists()


FILES = ("budgets/*.pb", "grades/*.csv")


@pytest.mark.real_data
def test_real_elections_go_in_out_and_are_recounted(real_data, alliance, client, tmp_path):
    """Each file of the shared folder, through the product: the export gives what the page says."""
    files = sorted(file for pattern in FILES for file in real_data.glob(pattern))
    assert files
    for file in files:
        done = run(file)
        assert done.exit_code == 0, (file.name, done.output)
        result = Result.objects.select_related("step__consultation", "file").latest("pk")
        assert recounted(result, tmp_path) == told(result), file.name
        page = client.get(reverse("participation_in:results", args=["essai", result.step.consultation.uuid]))
        assert page.status_code == 200
    assert Consultation.objects.count() == len(files)
