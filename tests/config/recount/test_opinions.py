"""``maillage opinions``: the tables, the JSON, the refusals."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from maillage.config.recount import words
from maillage.config.recount.opinions import opinions
from tests.methods.opinion.made import planted


@pytest.fixture
def folder(tmp_path):
    """Two planted groups as an export: 40 people, 12 statements."""
    votes, _ = planted(40, 12, 2, 0, loyalty=0.95, share=0.2)
    rows = {name: [""] * 12 for name in votes.people}
    for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True):
        rows[votes.people[person]][statement] = str(value)
    rows["shy"] = ["1", *[""] * 11]
    lines = [",".join(["participant", *(str(j) for j in range(12))])]
    lines += [",".join([name, *cells]) for name, cells in rows.items()]
    (tmp_path / "participants-votes.csv").write_text("\n".join(lines))
    (tmp_path / "comments.csv").write_text("comment-id,moderated,comment-body\n0,1,Plus de bus\n1,-1,Pourriel\n")
    (tmp_path / "summary.csv").write_text("topic,Le transport\n")
    return tmp_path


def run(*arguments, language="en_CA.UTF-8"):
    words._catalogue.cache_clear()
    found = CliRunner().invoke(opinions, [str(one) for one in arguments], env={"LC_ALL": language})
    words._catalogue.cache_clear()
    return found


def test_the_json_has_every_part(folder):
    done = run(folder, "--json", "--redraws", 19)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert set(found) == {
        "topic", "groups", "coordinates", "sizes", "centres", "statements", "representative", "consensus", "evidence",
        "remarks",
    }  # fmt: skip
    assert found["topic"] == "Le transport"
    assert found["groups"]["shy"] is None
    assert found["groups"]["p0"] in (1, 2)
    assert sorted(found["sizes"]) == [20, 20]
    assert len(found["coordinates"]["p0"]) == 2
    assert found["evidence"]["verdict"] == "clear"
    assert found["evidence"]["clear"] is True
    assert [split["count"] for split in found["evidence"]["tried"]] == [2, 3, 4, 5]
    assert found["statements"][0]["text"] == "Plus de bus"
    assert found["statements"][1]["left_out"] is True
    assert found["statements"][2]["groups"][0]["votes"] > 0
    ids = {one["statement"] for group in found["representative"] for one in group}
    assert ids <= {str(j) for j in range(12)} - {"1"}
    assert set(found["consensus"]) == {"every_group", "agree", "disagree"}


def test_the_same_seed_prints_the_same(folder):
    assert run(folder, "--json", "--redraws", 19).stdout == run(folder, "--json", "--redraws", 19).stdout


def test_the_tables_speak_the_language_of_the_terminal(folder):
    english = run(folder, "--redraws", 19)
    assert "There are 2 clear groups." in english.stdout
    assert "Group 1: 20 people" in english.stdout
    assert "0. Plus de bus" in english.stdout
    french = run(folder, "--redraws", 0, language="fr_CA.UTF-8")
    assert "On n’a pas vérifié s’il y a des groupes clairs." in french.stdout
    assert "Voici quand même les meilleurs groupes trouvés." in french.stdout
    assert "Groupe 2\xa0: 20 personnes" in french.stdout
    assert "d’accord" in french.stdout


def test_the_number_of_groups_can_be_set(folder):
    found = json.loads(run(folder, "--json", "--redraws", 0, "--groups", 3).stdout)
    assert len(found["sizes"]) == 3
    assert found["evidence"]["verdict"] == "untested"


def test_one_file_alone(folder):
    assert run(folder / "participants-votes.csv", "--redraws", 0).exit_code == 0


@pytest.mark.parametrize(
    ("content", "words_"), [("participant,1\nx,7\n", "Line 2"), ("", "empty"), (b"\xff\xfe", "UTF-8")]
)
def test_a_bad_file_gets_the_code_2(tmp_path, content, words_):
    path = tmp_path / "bad.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run(path)
    assert done.exit_code == 2
    assert words_ in done.stderr
    assert done.stdout == ""


def test_what_cannot_be_used_gets_the_code_2(folder, tmp_path):
    for arguments in ([tmp_path / "none"], [folder, "--redraws", "5"], [folder, "--groups", "0"], ["-"], []):
        done = run(*arguments)
        assert done.exit_code == 2, arguments
        assert done.stderr.startswith("Error:")


def test_it_needs_no_django(folder):
    code = (
        "import sys\nfrom maillage.config.cli import main\n"
        f"try: main(['opinions', {str(folder)!r}, '--redraws', '0'])\nexcept SystemExit: pass\n"
        "print('django' in sys.modules, 'scipy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False False"
