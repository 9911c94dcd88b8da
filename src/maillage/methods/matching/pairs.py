"""Pairs of names that may be the same organisation, each with a score and the reasons for it.

Names are first gathered in small blocks (same letters, a rare word in common, neighbours in alphabetical order,
an acronym and what it stands for); only pairs of one block are compared, so that 20 000 names stay quick.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA, JaroWinkler

from maillage.methods.matching.names import Name, fold, read_name

THRESHOLD = 0.8
"""Below this nothing is proposed: chosen on the public list of the benchmark, see ``docs/methods/matching.md``."""
_BLOCK = 40
"""A word that more names than this share tells nothing: pairs are found by another."""
_NEIGHBOURS = 3
_GENERIC = frozenset(
    {"organisme", "groupe", "corporation", "association", "societe", "regroupement", "fondation", "cooperative"}
)
"""Words that some lists put before a name and others leave out."""


@dataclass(frozen=True)
class Reason:
    """Why a pair is proposed: a code, and the words it speaks of. Rooms say it in the reader's language.

    ``spelling``: case, accents, apostrophes and spaces only; ``writing``: links, legal forms, punctuation too;
    ``joined``: same letters, cut in words differently; ``acronym``: one adds its acronym (``one``);
    ``stands_for``: ``one`` is the acronym of the other; ``bracket``: one adds ``one`` in brackets;
    ``typo``: ``one`` is written ``other``; ``extra``: one adds the word ``one``; ``order``: same words, other order;
    ``identifier``: the file gives both the same identifier ``one``.
    """

    code: str
    one: str = ""
    other: str = ""


@dataclass(frozen=True)
class Pair:
    """``first`` and ``second`` are the keys given by the caller, in the order they were given."""

    first: Any
    second: Any
    score: float
    """0 to 1: how sure the writing makes it. Not a probability."""
    reasons: tuple[Reason, ...] = ()

    @property
    def trivial(self) -> bool:
        """The names differ by case, accents, apostrophes and spaces only."""
        return any(reason.code == "spelling" for reason in self.reasons)


@dataclass
class _Corpus:
    names: list[Name]
    frequency: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for name in self.names:
            self.frequency.update(set(name.words))

    def weight(self, word: str) -> float:
        """How much a word tells names apart: rare words weigh more. At least 0.5."""
        return max(0.5, math.log((len(self.names) + 2) / (1 + self.frequency[word])))


def find_pairs(
    names: Mapping[Any, str],
    *,
    identifiers: Mapping[Any, str] | None = None,
    threshold: float = THRESHOLD,
) -> list[Pair]:
    """Every proposed pair among ``names`` (key → name), the surest first.

    ``identifiers`` (key → identifier) are a hint of the file: a shared one proposes a pair, and is said.
    """
    keys = list(names)
    corpus = _Corpus([read_name(names[key]) for key in keys])
    hints = [(identifiers or {}).get(key, "") for key in keys]
    shared = _shared_acronyms(corpus.names)
    found: list[Pair] = []
    for first, second in sorted(_candidates(corpus, hints)):
        score, reasons = compare(corpus.names[first], corpus.names[second], corpus.weight)
        if reasons and reasons[0].code == "stands_for" and reasons[0].one in shared:
            score = 0.0
        if hints[first] and hints[first] == hints[second]:
            reasons = (*reasons, Reason("identifier", hints[first]))
            score = max(score, 0.9)
        if score >= threshold:
            found.append(Pair(keys[first], keys[second], round(score, 3), reasons))
    return sorted(found, key=lambda pair: (-pair.score, fold(names[pair.first]), fold(names[pair.second])))


def _candidates(corpus: _Corpus, hints: list[str]) -> set[tuple[int, int]]:
    """Pairs of positions worth comparing, the lower first."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, name in enumerate(corpus.names):
        blocks["letters", name.compact].append(at)
        blocks["sorted", " ".join(name.ordered)].append(at)
        rare = sorted(set(name.words), key=lambda word: (corpus.frequency[word], word))
        for word in rare[:4]:
            if corpus.frequency[word] <= _BLOCK:
                blocks["word", word].append(at)
        for one, other in itertools.pairwise(name.words):
            blocks["two", f"{one} {other}"].append(at)
        for acronym in name.acronyms | _as_acronym(name):
            blocks["acronym", acronym].append(at)
        if hints[at]:
            blocks["hint", hints[at]].append(at)
    sure = ("letters", "sorted", "hint")
    pairs = {
        pair
        for (kind, _key), members in blocks.items()
        if len(members) > 1 and (kind in sure or len(members) <= _BLOCK)
        for pair in itertools.combinations(sorted(set(members))[: _BLOCK * 5], 2)
    }
    return pairs | set(_neighbours(corpus.names))


def _shared_acronyms(names: list[Name]) -> frozenset[str]:
    """Acronyms that stand for names written with other words: alone, they do not say which."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if len(name.words) > 1:
            for acronym in name.acronyms:
                meanings[acronym].add(name.compact)
    return frozenset(acronym.upper() for acronym, told in meanings.items() if len(told) > 1)


def _as_acronym(name: Name) -> frozenset[str]:
    """A name of one short word may be the acronym of another; a long name offers its initials."""
    if len(name.words) == 1 and 3 <= len(name.compact) <= 10:
        return frozenset({name.compact})
    return frozenset({name.initials}) if 4 <= len(name.initials) <= 10 else frozenset()


def _neighbours(names: list[Name]) -> Iterator[tuple[int, int]]:
    """Names that follow one another in alphabetical order of their letters, read forwards and backwards."""
    for backwards in (False, True):
        step_by = -1 if backwards else 1
        order = sorted(range(len(names)), key=lambda at: (names[at].compact[::step_by], names[at].text))
        for step in range(1, _NEIGHBOURS + 1):
            for one, other in zip(order, order[step:], strict=False):
                yield (min(one, other), max(one, other))


def compare(first: Name, second: Name, weight: Any = lambda word: 1.0) -> tuple[float, tuple[Reason, ...]]:
    """Score and reasons for two names; 0 where they are not proposed. ``weight`` says what a word is worth."""
    if first.folded == second.folded:
        return 1.0, (Reason("spelling"),)
    if not _compatible(first, second) or _far(first, second):
        return 0.0, ()
    asides = list(_asides(first, second))
    less = 0.06 * sum(reason.code == "bracket" for reason in asides)
    if first.words == second.words:
        return 0.98 - less, tuple(asides) or (Reason("writing"),)
    if first.compact == second.compact:
        return 0.96 - less, (Reason("joined"), *asides)
    if acronym := _stands_for(first, second):
        return 0.88, (Reason("stands_for", acronym),)
    if first.ordered == second.ordered:
        return 0.9 - less, (Reason("order"), *asides)
    score, reasons = _by_words(first, second, weight)
    return max(0.0, score - less), (*reasons, *asides) if reasons else ()


def _compatible(first: Name, second: Name) -> bool:
    """Two different numbers are two different things (a school, a troop, a road)."""
    return first.numbers == second.numbers or not (first.numbers and second.numbers)


def _far(first: Name, second: Name) -> bool:
    """Cheap: too many words on one side only for any of the reasons to hold."""
    if first.compact == second.compact or len(first.words) == 1 or len(second.words) == 1:
        return False
    left, right = first.set - second.set, second.set - first.set
    if len(left) + len(right) > 4:
        return True
    generic = len(left & _GENERIC) + len(right & _GENERIC)
    if abs(len(left) - len(right)) > generic:
        return True
    return not generic and not all(any(_slip(word, other) for other in right) for word in left)


def _asides(first: Name, second: Name) -> Iterator[Reason]:
    """What brackets add on one side: an acronym says nothing against, a place or a section may."""
    for acronym in sorted(first.acronyms ^ second.acronyms):
        yield Reason("acronym", acronym.upper())
    one, other = " ".join(first.bracketed), " ".join(second.bracketed)
    if one != other and not (one or other).isdigit():
        yield Reason("bracket", one or other, other if one else "")


def _stands_for(first: Name, second: Name) -> str:
    """The acronym, where one name is only that and the other says it of itself or begins each word with it."""
    for short, long in ((first, second), (second, first)):
        if len(short.words) == 1 and len(long.words) > 1 and 3 <= len(short.compact) <= 10:
            if short.compact in long.acronyms and not long.bracketed:
                return short.compact.upper()
            if short.compact == long.initials and len(long.words) >= 4:
                return short.compact.upper()
    return ""


def _by_words(first: Name, second: Name, weight: Any) -> tuple[float, tuple[Reason, ...]]:
    """Align words; what is left on either side, weighted by its rarity, lowers the score."""
    left, right = Counter(first.words), Counter(second.words)
    common = left & right
    matched = sum(weight(word) * times for word, times in common.items())
    rest_left, rest_right = list((left - common).elements()), list((right - common).elements())
    reasons: list[Reason] = []
    typos = 0
    for word in list(rest_left):
        near = max(rest_right, key=lambda other: (JaroWinkler.similarity(word, other), other), default="")
        if near and _slip(word, near):
            rest_left.remove(word)
            rest_right.remove(near)
            matched += weight(word) * 0.9
            typos += 1
            reasons.append(Reason("typo", word, near))
    left_over = rest_left + rest_right
    if typos > 2 or not matched or (rest_left and rest_right):
        return 0.0, ()
    missing = sum(weight(word) * (0.35 if word in _GENERIC else 1.0) for word in left_over)
    reasons += [Reason("extra", word) for word in left_over]
    anchor = max((weight(word) for word in common if word not in _GENERIC), default=0.0)
    if left_over and (anchor < 2.0 or any(word not in _GENERIC for word in left_over)):
        return 0.0, ()
    return 0.94 * matched / (matched + missing), tuple(reasons)


def _slip(word: str, other: str) -> bool:
    """One slip of the pen: a letter more, less, changed or swapped, in words long enough to tell."""
    if abs(len(word) - len(other)) > 2 or word.isdigit() or other.isdigit():
        return False
    shortest = min(len(word), len(other))
    short, long = sorted((word, other), key=len)
    if long in (short + "s", short + "x", short + "es"):
        return shortest >= 3
    allowed = 0 if shortest < 5 else 1 if shortest < 9 else 2
    return bool(allowed) and OSA.distance(word, other, score_cutoff=allowed) <= allowed


def unite(keys: Iterable[Hashable], same: Iterable[tuple[Hashable, Hashable]]) -> list[list[Hashable]]:
    """Groups of keys that accepted pairs tie together, single ones included, in the order of ``keys``."""
    order = list(keys)
    above = {key: key for key in order}

    def top(key: Hashable) -> Hashable:
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    place = {key: at for at, key in enumerate(order)}
    for one, other in same:
        one, other = sorted((top(one), top(other)), key=place.__getitem__)
        above[other] = one
    groups: dict[Hashable, list[Hashable]] = {}
    for key in order:
        groups.setdefault(top(key), []).append(key)
    return list(groups.values())
