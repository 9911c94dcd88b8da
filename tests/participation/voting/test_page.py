"""What the ballot page loads: small, for engines of 2018, with the colours of the whole product."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import maillage
from maillage.participation.voting.words import TEXTS, PageWords
from maillage.participation.words import Words
from tests.participation.voting.conftest import url

LOADED = re.compile(r"""<script[^>]*\{% static ['"]([^'"]+\.js)['"] %\}""")
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
    "asynchronous iteration": r"\bfor\s+await\b|async\s*\*|async\s+function\s*\*",
    "global of after 2018": r"\b(?:globalThis|queueMicrotask|structuredClone|ResizeObserver|BigInt)\b",
    "numeric separator, logical assignment": r"\d_\d|\|\|=|&&=",
}


def source(name: str) -> str:
    return Path(finders.find(name)).read_text(encoding="utf-8")


ROOMS = Path(maillage.__file__).parent


def scripts() -> list[str]:
    """Every script of the product, whatever its part: those that templates load, and the workers that scripts load."""
    found = (path for path in ROOMS.glob("*/static/**/*.js") if "vendor" not in path.parts)
    return sorted(path.relative_to(next(up for up in path.parents if up.name == "static")).as_posix() for path in found)


def test_every_script_is_looked_at():
    """Those of testimonies, questionnaires, kiosk and paper too. Somebody else's is on no page of citizens."""
    loaded = {name: path for path in ROOMS.glob("**/templates/**/*.html") for name in LOADED.findall(path.read_text())}
    assert {"participation/voting.js", "participation/testimony.js"} <= loaded.keys()
    others = loaded.keys() - set(scripts())
    assert {loaded[name].name for name in others} <= {"job.html"}, others


def test_no_worker_is_made_of_a_static_file():
    """It would obey no policy: that of a worker comes with its own script, and static files have none."""
    for name in scripts():
        text = source(name)
        assert not re.search(r"new (?:Shared)?Worker\(", text), name
        registered = re.findall(r"serviceWorker\.register\(([^,)]+)", text)
        assert registered in ([], ["body.dataset.worker"]), name


@pytest.mark.parametrize("name", scripts())
def test_scripts_speak_the_language_of_2017(name):
    text = re.sub(r"^\s*//.*$|/\*.*?\*/", "", source(name), flags=re.M | re.S)
    assert [what for what, pattern in NEWER.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize(("text", "what"), [
    ("a?.b", "optional chaining"), ("a ?? b", "nullish coalescing"), ("try {} catch {}", "catch without its error"),
    ("({ ...a })", "spread of an object"), ("this.#a", "private field"), ("a.flat()", "method of after 2018"),
    ("/(?<=a)b/", "regular expression of after 2017"), ("a.then(b).finally(c)", "finally of a promise"),
    ("import('a')", "import() or static block"), ("1_000", "numeric separator, logical assignment"),
    ("a ||= b", "numeric separator, logical assignment"), ("for await (const a of b) {}", "asynchronous iteration"),
    ("globalThis.a", "global of after 2018"), ("queueMicrotask(a)", "global of after 2018"),
])  # fmt: skip
def test_what_is_newer_is_seen(text, what):
    assert re.search(NEWER[what], text)


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


@pytest.mark.django_db
def test_where_boxes_are_ticked_nobody_is_told_to_leave_a_question(make, phone):
    """An empty box is an answer there: what is ticked is counted, and the text is part of what one touches."""
    page = phone.get(url(make(2, step={"method": "approval", "counting": "approval"}).consultation)).content.decode()
    assert "Cochés\u00a0: {n} sur {total}" in page
    assert "laisser une question sans réponse" not in page
    label = re.search(r'<label class="tick">.*?</label>', page, re.S)[0]
    assert "Texte 1." in label
    assert "data-listen" not in label
    graded = phone.get(url(make(2).consultation)).content.decode()
    assert "{n} sur {total} réponses" in graded
    assert "laisser une question sans réponse" in graded
