"""What the ballot page loads: small, for engines of 2018, with the colours of the whole product."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from maillage.participation.voting.words import TEXTS, PageWords
from maillage.participation.words import Words
from tests.participation.voting.conftest import url

FILES = ("participation/ballot.css", "participation/voting.js")
NEWER = {
    "optional chaining": r"\?\.[a-zA-Z_(\[]",
    "nullish coalescing": r"\?\?",
    "catch without its error": r"catch\s*\{",
    "spread of an object": r"\{\s*\.\.\.|,\s*\.\.\.\w+\s*\}",
    "private field": r"\bthis\.#",
    "method of after 2018": r"\.(?:replaceAll|replaceChildren|at|flat|flatMap|fromEntries|allSettled|matchAll)\(",
    "regular expression of after 2017": r"\(\?<[=!a-zA-Z]",
    "finally of a promise": r"\)\.finally\(",
    "import() or static block": r"\bimport\(|\bstatic\s*\{",
    "numeric separator, logical assignment": r"\d_\d|\|\|=|&&=",
}


def source(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["participation/voting.js", "participation/kiosk.js"])
def test_scripts_speak_the_language_of_2017(name):
    text = re.sub(r"^\s*//.*$|/\*.*?\*/", "", source(name), flags=re.M | re.S)
    assert [what for what, pattern in NEWER.items() if re.search(pattern, text)] == []


def test_tokens_are_those_of_the_product():
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", source("participation/ballot.css")))
    whole: dict[str, str] = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", source("ui/css/tokens.css")):
        whole.setdefault(name, value.strip())
    compared = [name for name in found if name in whole and name not in {"L", "D", "weave"}]
    assert len(compared) > 30
    assert {name: found[name].strip() for name in compared} == {name: whole[name] for name in compared}


@pytest.mark.django_db
def test_the_page_its_sheet_and_its_script_are_light(make, phone):
    """What travels, compressed: fifteen thousand bytes without the font, headers of four answers included."""
    page = phone.get(url(make(6).consultation)).content
    sizes = [len(gzip.compress(page)), *(len(gzip.compress(source(name).encode())) for name in FILES)]
    assert sum(sizes) + 4 * 450 < 15_000, sizes


def test_every_sentence_of_the_page_stands_alone():
    """An agent translates them by their code: none is empty, and each figure has its name."""
    for code, text in TEXTS.items():
        assert str(text).strip(), code
        assert all(name.isidentifier() for name in re.findall(r"\{([^}]*)\}", str(text))), code


def test_a_translation_with_stray_braces_is_shown_as_it_is():
    ui = PageWords(Words("ar", True, {"ui:answers_of": "{n} {oops}", "ui:stop": "قف"}))
    assert ui.plain("answers_of", n=1, total=2) == "{n} {oops}"
    assert ui["stop"] == "قف"
    assert 'lang="' in ui["listen"]
