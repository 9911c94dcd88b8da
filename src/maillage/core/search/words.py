"""From text to the stems that are indexed and looked for: the same ones for both databases.

Text is folded first (accents, œ, apostrophes), then elisions are taken off, then words are stemmed until nothing
changes: « financée », « financées » and « financees » meet. English entries also carry English stems.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from maillage.core.text import fold

MAX_WORDS = 8
"""Words of a query that count; what follows is ignored."""
PREFIX = 3
"""Letters from which the last word of a query also finds what it begins."""

_ELISION = re.compile(r"\b(?:qu|jusqu|lorsqu|puisqu|quoiqu|[cdjlmnst])'(?=[0-9a-z])")
_WHOLE = {"aujourd'hui": "aujourdhui", "presqu'ile": "presquile", "entr'aide": "entraide", "quelqu'un": "quelquun"}
_WHOLE_PATTERN = re.compile("|".join(map(re.escape, _WHOLE)))
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_WORD = re.compile(r"[0-9a-z]+")
_SAME = {
    "st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes",
    "travaux": "travail", "baux": "bail", "vitraux": "vitrail", "yeux": "oeil",
}  # fmt: skip
"""Words read as others: usual short forms, and plurals that no stem brings back."""

STOP = frozenset(
    word
    for line in (
        "le la les un une des du de et ou a au aux en dans par pour sur avec sans sous ce cet cette ces",
        "que qui quoi dont se sa son ses leur leurs il elle ils elles nous vous on ne pas ni si mon ma mes nos vos",
        "the of and to in for on at by an with from is are or",
    )
    for word in line.split()
)
"""Folded words that say nothing. « est » (a point of the compass) and « notre » (Notre-Dame) are not here."""

_local = threading.local()


def _stemmer(language: str) -> Stemmer.Stemmer:
    """One stemmer a thread: they are not made to be shared."""
    name = "english" if language == "en" else "french"
    if not hasattr(_local, name):
        setattr(_local, name, Stemmer.Stemmer(name, 0))
    return getattr(_local, name)


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "fr") -> str:
    """The stem of a folded word, stemmed until it no longer changes (at most four times)."""
    stemmer = _stemmer(language)
    for _turn in range(4):
        shorter: str = stemmer.stemWord(word)
        if shorter == word or len(shorter) < 2:
            break
        word = shorter
    return word


def split(text: str) -> list[str]:
    """The folded words of a text, in order, without elisions; stop words and single letters included."""
    folded = _WHOLE_PATTERN.sub(lambda found: _WHOLE[found.group()], fold(text))
    folded = _INITIALS.sub(lambda found: found.group().replace(".", "") + " ", folded)
    folded = _ELISION.sub("", folded)
    return [_SAME.get(word, word) for word in _WORD.findall(folded)]


def _useful(words: list[str]) -> Iterator[str]:
    return (word for word in words if word not in STOP and (len(word) > 1 or word.isdigit()))


def terms(text: str, language: str = "fr") -> list[str]:
    """The distinct stems of a text, sorted: what is indexed."""
    found = set()
    for word in _useful(split(text)):
        found.add(stem(word)[:60])
        if language == "en":
            found.add(stem(word, "en")[:60])
    return sorted(found)


@dataclass(frozen=True)
class Wanted:
    """A word of a query: any of ``stems``, or anything that begins with ``prefix`` (unless empty)."""

    stems: tuple[str, ...]
    prefix: str = ""

    def accepts(self, stems: set[str]) -> bool:
        return any(s in stems for s in self.stems) or bool(
            self.prefix and any(s.startswith(self.prefix) for s in stems)
        )


def wanted(text: str) -> list[Wanted]:
    """The words of a query, each once, at most eight. Empty where it holds stop words only."""
    words = list(dict.fromkeys(_useful(split(text[:300]))))[:MAX_WORDS]
    ended = text[-1:].isspace()
    found = []
    for index, word in enumerate(words):
        last = index == len(words) - 1 and not ended and len(word) >= PREFIX
        stems = tuple(dict.fromkeys((stem(word)[:60], stem(word, "en")[:60])))
        found.append(Wanted(stems, word[:60] if last else ""))
    return found
