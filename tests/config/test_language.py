"""The command line speaks one language: French where the terminal is, else English."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import translation

from maillage.config.cli import main
from maillage.core import terminal

ROOT = Path(__file__).resolve().parents[2]
FRENCH, ENGLISH = "fr_CA.UTF-8", "en_CA.UTF-8"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_CA.UTF-8"}, "fr"),
        ({"LANG": "fr_CA.UTF-8", "LC_MESSAGES": "en_CA.UTF-8"}, "en"),
        ({"LANG": "en_CA.UTF-8", "LC_MESSAGES": "C", "LC_ALL": "fr"}, "fr"),
        ({"LANG": "fr_CA.UTF-8", "LC_MESSAGES": "", "LC_ALL": ""}, "fr"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_first_variable_that_says_something_decides(environment, expected):
    assert terminal.language(environment) == expected


def run(language: str, *words: str, answer: str = ""):
    return CliRunner(env={"LC_ALL": language}).invoke(main, list(words), input=answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (("account", "nulle-part"), "Erreur\xa0: Il n’y a pas d’alliance", "Error: There is no alliance"),
        (("erase", "x@exemple.test"), "Personne n’est connu", "Nobody is known"),
        (("operator", "close", "x@exemple.test"), "Aucun compte", "No account"),
        (("operator", "create", "x@exemple.test"), "d’ici 24 heures", "within 24 hours"),
        (("import", "territories"), "ajoutés", "added"),
    ],
)
def test_every_message_follows_and_the_language_ends_with_the_command(words, french, english):
    before = translation.get_language()
    said = run(FRENCH, *words).output
    assert french in said
    assert english not in said
    said = run(ENGLISH, *words).output
    assert english in said
    assert french not in said
    assert translation.get_language() == before


def test_no_command_prints_words_of_its_own():
    """Literal words in ``click.echo`` and click's own exceptions would stay in English."""
    for path in (ROOT / "src" / "maillage").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "import click" not in source or path.name == "terminal.py":
            continue
        assert "click.ClickException(" not in source, path
        words = re.findall(r'click\.echo\(f?"([^"]*)"', source)
        left = [re.sub(r"\{[^}]*\}|\\n|Maillage", "", text) for text in words]
        assert not re.findall(r"[A-Za-z]{3,}", " ".join(left)), path


@pytest.mark.django_db
def test_a_question_is_answered_in_either_language():
    run(ENGLISH, "operator", "create", "x@exemple.test")
    asked = run(FRENCH, "erase", "x@exemple.test", answer="\n")
    assert "Effacer pour de bon? [o/N]" in asked.output
    assert "Rien n’a été fait." in asked.output
    assert asked.exit_code == 1
    assert "Lignes effacées" in run(FRENCH, "erase", "x@exemple.test", answer="oui\n").output


@pytest.mark.parametrize("language", [FRENCH, ENGLISH])
def test_a_wrong_setting_is_one_sentence(tmp_path, language):
    environment = {**os.environ, "LC_ALL": language, "MAILLAGE_MODE": "play", "MAILLAGE_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "maillage", "serve", "--prepare-only"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MAILLAGE_MODE must be demo or production" in done.stderr
    assert "Traceback" not in done.stderr
