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
    ("b.pb --rule phragmen --blank worst", "ne va pas avec la règle phragmen", "does not go with the rule phragmen"),
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
    # Ballots on options.
    ("c.csv --rule borda --completion add1", "va avec : equal-shares", "goes with: equal-shares"),
    ("c.csv --rule borda --utility cost", "ne va pas avec la règle borda", "does not go with the rule borda"),
    ("c.csv --rule score --ties lot", "va avec : greedy, equal-shares, phragmen, ranked-pairs", "instant-runoff"),
    ("c.csv --rule ranked-pairs --ties cost", "parmi : parallel, together, lot", "is one of: parallel, together, lot"),
    ("c.csv --rule instant-runoff --ties lot", "parmi : all, parallel", "is one of: all, parallel"),
    ("b.pb --rule greedy --ties parallel", "parmi : cost, votes, name, lot", "is one of: cost, votes, name, lot"),
    ("c.csv --rule ranked-pairs --seed 3", "--ties lot", "--ties lot"),
    ("c.csv --rule approval --ranks", "va avec : borda, schulze", "goes with: borda, schulze"),
    ("c.csv --rule borda --blank worst", "va avec : majority-judgment", "goes with: majority-judgment"),
    ("c.csv --rule score --at-least 3", "va avec : approval", "goes with: approval"),
    ("c.csv --rule approval --at-least x", "est un nombre, comme 4", "is a number, as 4"),
    ("c.csv --rule approval --at-least 1e9", "est un nombre, comme 4", "is a number, as 4"),
    ("c.csv --rule majority-judgment --grades A", "au moins deux noms", "at least two different names"),
    ("c.csv --rule majority-judgment --grades A,,B", "au moins deux noms", "at least two different names"),
    ("c.csv --rule majority-judgment --grades A,B", "c.csv : Ligne 2", "c.csv: Line 2"),
    ("c.csv --rule majority-judgment --blank reject", "c.csv : ", "c.csv: "),
    ("ties.csv --rule instant-runoff --overvotes refused", "ties.csv : Ligne 3", "ties.csv: Line 3"),
    ("c.csv --rule borda --explain Pont", "pas d’option Pont", "no option Pont"),
    ("b.pb --rule borda", "sont du type approval", "are of the type approval"),
    ("b.pb --rule approval --zero value", "--zero va avec un tableau", "--zero goes with a table"),
    ("ragged.csv --rule borda", "ragged.csv : Ligne 3", "ragged.csv: Line 3"),
    ("words.csv --rule score", "words.csv : Ligne 2", "words.csv: Line 2"),
    ("twice.csv --rule score", "twice.csv : Ligne 1", "twice.csv: Line 1"),
    ("empty.csv --rule score", "empty.csv", "empty.csv"),
    ("binary.pb --rule borda", "binary.pb", "binary.pb"),
    ("none.csv --rule borda", "none.csv n’existe pas", "none.csv does not exist"),
    ("c.csv --rule greedy", "compte un budget participatif", "counts a participatory budget"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("refusals")
    files = {
        "b.pb": budget().encode(),
        "c.csv": BALLOTS.encode(),
        "empty.pb": b"",
        "empty.csv": b"",
        "ties.csv": b"A,B\n2,1\n2,2\n",
        "ragged.csv": b"A,B\n2,1\n2,2,3\n",
        "words.csv": b"A,B\n2,yes\n",
        "twice.csv": b"A,A\n2,1\n",
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
