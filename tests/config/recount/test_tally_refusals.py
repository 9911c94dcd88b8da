"""What ``maillage tally`` refuses: the code 2, one sentence in the terminal's language, never a traceback."""

from __future__ import annotations

import os

import pytest

from tests.config.recount.made import ENGLISH, FRENCH, budget, call

BALLOTS = "voter_id,Jardin,Patinoire,Banc\na,6,2,4\nb,5,6,\nc,1,4,4\n"

CALLS = [
    # Options: what was typed, what is said in French and in English.
    (
        "b.pb",
        "Il manque '--rule'. '--rule' : choisissez parmi greedy",
        "'--rule' is missing. '--rule' is one of: greedy",
    ),
    ("--json b.pb --rule", "--rule attend une valeur", "--rule needs something"),
    ("b.pb --rule mes", "choisissez parmi greedy, equal-shares", "is one of: greedy, equal-shares"),
    ("b.pb --rule greedy --nothing", "pas d’option --nothing", "no option --nothing"),
    ("b.pb --rule greedy --ties random", "choisissez parmi cost, votes", "is one of: cost, votes"),
    ("b.pb --rule greedy --completion add1", "va avec : equal-shares", "goes with: equal-shares"),
    ("b.pb --rule greedy --exhaustive-stop", "va avec : equal-shares", "goes with: equal-shares"),
    ("b.pb --rule greedy --endowment exact", "va avec : equal-shares", "goes with: equal-shares"),
    ("b.pb --rule greedy --comparison", "va avec : equal-shares", "goes with: equal-shares"),
    ("b.pb --rule equal-shares --skip", "va avec : greedy", "goes with: greedy"),
    ("b.pb --rule equal-shares --no-skip", "va avec : greedy", "goes with: greedy"),
    ("b.pb --rule phragmen --utility cost", "va avec : greedy, equal-shares", "goes with: greedy, equal-shares"),
    ("b.pb --rule phragmen --skip", "ne va pas avec la règle phragmen", "does not go with the rule phragmen"),
    ("b.pb --rule equal-shares --exhaustive-stop", "--completion add1", "--completion add1"),
    ("b.pb --rule equal-shares --completion none --no-exhaustive-stop", "--completion add1", "--completion add1"),
    ("b.pb --rule equal-shares --completion all", "choisissez parmi none, add1", "is one of: none, add1"),
    ("b.pb --rule equal-shares --utility votes", "choisissez parmi cost", "is one of: cost"),
    ("b.pb --rule greedy --seed 3", "--ties lot", "--ties lot"),
    ("b.pb --rule greedy --ties lot --seed x", "nombre entier", "whole number"),
    ("b.pb --rule greedy --ties lot --seed -1", "au moins 0", "at least 0"),
    ("b.pb --rule greedy --explain 99", "pas de projet 99", "no project 99"),
    ("b.pb --rule greedy --explain 3", "pas de projet 3 dans", "no project 3 in"),
    ("b.pb c.csv --rule greedy", "", ""),
    # Files.
    ("none.pb --rule greedy", "none.pb n’existe pas", "none.pb does not exist"),
    (". --rule greedy", "est un dossier", "is a folder"),
    ("b.pb/x --rule greedy", "n’est pas un dossier", "is not a folder"),
    ("empty.pb --rule greedy", "empty.pb", "empty.pb"),
    ("latin.pb --rule greedy", "latin.pb : Ligne", "latin.pb: Line"),
    ("binary.pb --rule greedy", "binary.pb", "binary.pb"),
    ("cost.pb --rule greedy", "Ligne 16", "Line 16"),
    ("unknown.pb --rule phragmen", "Ligne 23", "Line 23"),
    ("c.csv --rule greedy", "compte un budget participatif", "counts a participatory budget"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("refusals")
    files = {
        "b.pb": budget().encode(),
        "c.csv": BALLOTS.encode(),
        "empty.pb": b"",
        "latin.pb": budget().encode("latin-1"),
        "binary.pb": bytes(range(256)),
        "cost.pb": budget().replace(";60;", ";x60;").encode(),
        "unknown.pb": budget().replace("v0;1,2", "v0;1,77").encode(),
    }
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


@pytest.mark.parametrize(("typed", "french", "english"), CALLS, ids=[typed for typed, _f, _e in CALLS])
def test_a_bad_call_gets_a_sentence_and_the_code_2(folder, monkeypatch, typed, french, english):
    monkeypatch.chdir(folder)
    for language, words, start in ((FRENCH, french, "Erreur\xa0: "), (ENGLISH, english, "Error: ")):
        done = call("tally", *typed.split(), language=language)
        assert done.exit_code == 2, done.output
        assert done.stdout == ""
        assert done.stderr.startswith(start)
        assert words.replace(" :", "\xa0:") in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is refused to root")
def test_a_file_of_another_account_is_refused_in_words(tmp_path):
    path = tmp_path / "a.pb"
    path.write_text(budget())
    path.chmod(0)
    assert "may not be read" in call("tally", path, "--rule", "greedy").stderr
