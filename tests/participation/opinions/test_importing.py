"""Conversations held elsewhere come in from their folder, with their groups, and go out again to be recounted."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner
from django.urls import reverse

from maillage.config.cli import main
from maillage.core.models import AuditEntry
from maillage.methods import opinion
from maillage.participation.models import Ballot, Consultation, Result, Statement
from maillage.participation.opinions import grouping
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
POLIS = {"15-per-hour-seattle": 0.94, "canadian-electoral-reform": 0.99, "scoop-hivemind.affordable-housing": 0.68}
"""How alike the groups shown are to those that Polis gave, at least (adjusted Rand index)."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(grouping, "REDRAWS", 0)


@pytest.fixture
def alliance():
    found = AllianceFactory(slug="essai")
    RoleFactory(person=PersonFactory(alliance=found, user=UserFactory()), kind="agent")
    return found


@pytest.fixture
def folder(tmp_path):
    """Two camps of made-up people, nine statements, one of which moderation had left out."""
    place, chance = tmp_path / "conversation-fictive", random.Random(3)
    place.mkdir()
    lines = ["participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2,3,4,5,6,7,8"]
    for person in range(30):
        camp = person % 2
        votes = [1, *(1 if (chance.random() < 0.9) == bool(camp) else -1 for _ in range(7)), 0]
        counts = f"{len(votes)},{votes.count(1)},{votes.count(-1)}"
        lines.append(f"{person * 7},{camp},0,{counts},{','.join(map(str, votes))}")
    (place / "participants-votes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = ["timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"]
    rows += [f'1,x,{n},0,,,{-1 if n == 8 else 1},"Phrase fictive {n}, avec une virgule"' for n in range(9)]
    (place / "comments.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (place / "summary.csv").write_text("topic,Un sujet fictif\n", encoding="utf-8")
    return place


def run(*words):
    return CliRunner().invoke(main, ["import", "opinions", *map(str, words), "--alliance", "essai"])


def test_a_folder_becomes_a_closed_consultation_with_its_statements_and_groups(alliance, folder, client):
    ran = run(folder)
    assert ran.exit_code == 0, ran.output
    found = Consultation.objects.get()
    assert (found.title, found.state) == ("Un sujet fictif", "published")
    step = found.steps.get()
    assert Statement.objects.filter(step=step, state="shown").count() == 8
    assert Statement.objects.get(step=step, state="refused").reason == "before"
    assert set(Ballot.objects.filter(step=step).values_list("channel", flat=True)) == {"file"}
    data = Result.objects.get(step=step).data
    assert [group["size"] for group in data["groups"]] == [15, 15]
    assert data["refused"] == [9]
    assert AuditEntry.objects.filter(action="participation.opinions_imported").count() == 1
    page = client.get(reverse("participation_in:results", args=["essai", found.uuid]))
    assert page.status_code == 200
    assert "Phrase fictive 0, avec une virgule" in page.content.decode()
    assert "Phrase fictive 8" not in page.content.decode()


def test_the_same_folder_twice_changes_nothing(alliance, folder):
    run(folder)
    again = run(folder)
    assert again.exit_code == 0
    assert Consultation.objects.count() == 1
    assert Ballot.objects.count() == 30
    folder.rename(folder.parent / "autre-nom")
    run(folder.parent / "autre-nom")
    assert Consultation.objects.count() == 1


def test_nothing_of_who_answered_is_kept_and_the_order_is_not_that_of_the_file(alliance, folder):
    run(folder)
    contents = list(Ballot.objects.order_by("id").values_list("content", flat=True))
    votes = opinion.read(folder).votes
    first = {}
    for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True):
        first.setdefault(int(person), {})[str(int(statement) + 1)] = int(value)
    assert sorted(contents) == sorted(json.dumps(one, separators=(",", ":")) for one in first.values())
    assert contents != [json.dumps(one, separators=(",", ":")) for one in first.values()]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("participants-votes.csv", "participant,0,1\n1,1,2\n", "2"),
        ("participants-votes.csv", "participant,0,1\n1,1\n", "2"),
        ("participants-votes.csv", "participant,0\n1,1\n1,1\n", "3"),
        ("participants-votes.csv", "", "participants-votes.csv"),
        ("comments.csv", "a,b\n1,2\n", "comments.csv"),
    ],
)
def test_a_bad_file_is_refused_with_its_line_and_leaves_nothing(alliance, folder, name, text, said):
    (folder / name).write_text(text, encoding="utf-8")
    ran = run(folder)
    assert ran.exit_code != 0
    assert said in ran.output
    assert not Consultation.objects.exists()


def test_a_folder_without_votes_is_refused(alliance, tmp_path):
    ran = run(tmp_path)
    assert ran.exit_code != 0
    assert "votes.csv" in ran.output


@pytest.mark.parametrize("name", POLIS)
def test_the_groups_of_real_conversations_are_those_of_polis(alliance, real_data, name, record_property):
    folder = real_data / "opinions" / name
    if not folder.is_dir():
        pytest.skip(f"The real conversation {name} is not on this machine.")
    ran = run(folder, "--language", "en")
    assert ran.exit_code == 0, ran.output
    step = Consultation.objects.get().steps.get()
    read = opinion.read(folder)
    contents = {}
    for person, statement, value in zip(read.votes.person, read.votes.statement, read.votes.value, strict=True):
        contents.setdefault(int(person), {})[str(int(statement) + 1)] = int(value)
    # The same people in the order of the file, so that each can be compared; the product itself does not know them.
    found = grouping.gather(step, [json.dumps(contents.get(n, {})) for n in range(len(read.votes.people))])
    counted = [n for n in range(len(read.votes.people)) if contents.get(n)]
    groups = grouping.reading_of(found.votes, 5, 0)[0].groups
    assert list(groups.sizes) == [group["size"] for group in Result.objects.get(step=step).data["groups"]]
    named = dict(zip([read.votes.people[n] for n in kept(step, contents, counted)], groups.group, strict=True))
    both = [name for name in named if named[name] > 0 and name in read.published_groups]
    rand = opinion.adjusted_rand([named[one] for one in both], [read.published_groups[one] for one in both])
    record_property("rand", rand)
    assert rand >= POLIS[name]


def kept(step, contents, people):
    """The places of those whose ballot has a vote that counts, as ``gather`` keeps them."""
    data = Result.objects.get(step=step).data
    out = set(data["few"]) | set(data["refused"])
    return [n for n in people if any(int(number) not in out for number in contents[n])]
