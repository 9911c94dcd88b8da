"""What an organisation's name is made of, once the ways of writing it are set aside.

>>> read_name("Centre social d’aide aux immigrants, CSAI").acronyms
frozenset({'csai'})
>>> read_name("P.O.P.I.R. – Comité Logement").compact
'popircomitelogement'
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_LETTERS = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "＇": "'",
        "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "·": "", "•": " ",
    }
)  # fmt: skip
_LEGAL = frozenset(["inc", "ltee", "ltd", "enr", "senc", "sec", "osbl", "obnl", "obl", "corp", "cie", "reg'd"])
_LINKS = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "et", "a", "au", "aux", "en", "dans", "sur", "pour",
     "par", "the", "of", "and", "for", "in", "to", "at", "with", "s", "qu"}
)  # fmt: skip
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "mtl": "montreal", "ass": "association",
          "assoc": "association", "asso": "association", "org": "organisme", "ctr": "centre", "qc": "quebec",
          "com": "comite", "arr": "arrondissement"}  # fmt: skip
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")
_BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_AFTER_COMMA = re.compile(r"(?:,| - | / )\s*([\w&.-]{2,12})\s*$")
_WORD = re.compile(r"[0-9a-z]+")


def fold(text: str) -> str:
    """Lower case, no accents, ligatures opened, one kind of apostrophe and of hyphen, single spaces."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).casefold().split())


@dataclass(frozen=True)
class Name:
    """A name, read. Two names with the same ``key`` differ by writing only."""

    text: str
    words: tuple[str, ...]
    """Words that carry meaning, in order: neither links (*de, la*) nor legal forms (*inc.*)."""
    acronyms: frozenset[str]
    """Acronyms that the name gives of itself, in brackets or after a comma."""
    bracketed: tuple[str, ...]
    """Words in brackets that are no acronym: a place, a former name."""

    @cached_property
    def key(self) -> str:
        return " ".join(self.words)

    @cached_property
    def compact(self) -> str:
        return "".join(self.words)

    @cached_property
    def ordered(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))

    @cached_property
    def set(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def folded(self) -> str:
        """Case, accents, apostrophes and the spaces around signs set aside; words and signs kept."""
        return re.sub(r"\s*(['/,()-])\s*", r"\1", fold(self.text))

    @cached_property
    def initials(self) -> str:
        return "".join(word[:1] for word in self.words)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        return tuple(sorted(word for word in self.words + self.bracketed if word.isdigit()))


def read_name(text: str) -> Name:
    """Cut a name in its parts. Any text is accepted; a name of links only keeps them as its words."""
    whole = unicodedata.normalize("NFC", text).translate(_LETTERS)
    whole = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", whole)
    acronyms: set[str] = set()
    bracketed: list[str] = []
    for found in _BRACKET.finditer(whole):
        inside = (found[1] or found[2] or "").strip()
        if _is_acronym(inside, whole[: found.start()]):
            acronyms.add(_tight(inside))
        else:
            bracketed += _words(inside)
    outside = _BRACKET.sub(" ", whole).strip()
    tail = _AFTER_COMMA.search(outside)
    if tail and _is_acronym(tail[1], outside[: tail.start()]):
        acronyms.add(_tight(tail[1]))
        outside = outside[: tail.start()]
    words = _words(outside)
    kept = tuple(word for word in words if word not in _LINKS and word not in _LEGAL) or tuple(words)
    return Name(text, kept or tuple(bracketed) or (fold(text),), frozenset(acronyms), tuple(bracketed))


def _tight(text: str) -> str:
    return "".join(_WORD.findall(fold(text)))


def _words(text: str) -> list[str]:
    folded = re.sub(r"\s*'\s*", "'", fold(text))
    folded = re.sub(r"'s\b", "s", folded)
    return [_SHORT.get(word, word) for word in _WORD.findall(folded)]


def _is_acronym(inside: str, before: str) -> bool:
    """One short word, in capitals or made of the first letters of the words before it."""
    tight = _tight(inside)
    if not 2 <= len(tight) <= 12 or len(inside.split()) > 1 or tight.isdigit():
        return False
    capitals = sum(char.isupper() for char in inside)
    if capitals >= 2 and capitals >= 0.5 * sum(char.isalpha() for char in inside):
        return True
    return _spelled_by(tight, _words(before))


def _spelled_by(acronym: str, words: list[str]) -> bool:
    """Whether the letters of ``acronym`` are found in order, each at the head of a word or inside the same word."""
    meaningful = [word for word in words if word not in _LINKS]
    if len(meaningful) < 2 or not acronym or acronym[0] != meaningful[0][0]:
        return False
    at, taken = 0, 0
    for word in meaningful:
        if at < len(acronym) and word[0] == acronym[at]:
            taken += 1
            for letter in word:
                if at < len(acronym) and letter == acronym[at]:
                    at += 1
                elif at:
                    break
    return at == len(acronym) and taken >= 2
