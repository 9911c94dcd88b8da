"""Three-way merge of what two people wrote from the same text. Nothing of either is dropped.

Lines first; where both changed the same lines, words. Only what touches the same words, or goes in at the same place of
a line, is left to people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST = 4000
"""Lines (or words) that differ, beyond which nothing is compared: the comparison would be too long."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]+")


@dataclass(frozen=True)
class Merged:
    """``clean``: every change of both is in ``text``. Otherwise ``text`` holds both, one after the other, where they
    touch the same words."""

    text: str
    clean: bool


@dataclass(frozen=True)
class _Change:
    start: int
    end: int
    new: tuple[str, ...]


class _TooLong(Exception):
    pass


def merge(base: str, one: str, other: str) -> Merged:
    """Both texts began as ``base``; what ``one`` and ``other`` changed, together."""
    if one == other or other == base:
        return Merged(one, True)
    if one == base:
        return Merged(other, True)
    try:
        lines, clean = _merge(base.split("\n"), one.split("\n"), other.split("\n"), words=False)
    except _TooLong:
        return Merged(f"{one}\n\n{other}" if one.strip() else other, False)
    return Merged("\n".join(lines), clean)


def _changes(base: Sequence[str], new: Sequence[str]) -> list[_Change]:
    """What was changed, between what begins and what ends alike."""
    first, most = 0, min(len(base), len(new))
    while first < most and base[first] == new[first]:
        first += 1
    last = 0
    while last < most - first and base[-1 - last] == new[-1 - last]:
        last += 1
    old, fresh = base[first : len(base) - last], new[first : len(new) - last]
    if max(len(old), len(fresh)) > MOST:
        raise _TooLong
    matcher = SequenceMatcher(None, old, fresh, autojunk=False)
    return [
        _Change(first + i1, first + i2, tuple(fresh[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _touch(start: int, end: int, change: _Change, *, words: bool) -> bool:
    """Whether the change is about the same pieces, or goes in at the same place. Adjoining words touch."""
    if words:
        return max(start, change.start) <= min(end, change.end)
    if change.start == change.end:
        # An insertion at the edge of what is replaced stands beside it; two at the same place are together.
        return start < change.start < end or (start == end == change.start)
    if start == end:
        return change.start < start < change.end
    return max(start, change.start) < min(end, change.end)


def _merge(base: Sequence[str], one: Sequence[str], other: Sequence[str], *, words: bool) -> tuple[list[str], bool]:
    sides = (_changes(base, one), _changes(base, other))
    rest = sorted(
        [(change.start, change.end, side, change) for side in (0, 1) for change in sides[side]],
        key=lambda row: row[:3],
    )
    out: list[str] = []
    at, clean = 0, True
    while rest:
        start, end, side, change = rest.pop(0)
        group: tuple[list[_Change], list[_Change]] = ([], [])
        group[side].append(change)
        # Whatever touches the group joins it, and makes it larger.
        while True:
            joining = next((row for row in rest if _touch(start, end, row[3], words=words)), None)
            if joining is None:
                break
            rest.remove(joining)
            group[joining[2]].append(joining[3])
            start, end = min(start, joining[0]), max(end, joining[1])
        out += base[at:start]
        if group[0] and group[1]:
            piece, agreed = _both(
                base[start:end],
                _applied(base, start, end, group[0]),
                _applied(base, start, end, group[1]),
                words=words,
            )
            out += piece
            clean = clean and agreed
        else:
            out += _applied(base, start, end, group[0] or group[1])
        at = max(at, end)
    return out + list(base[at:]), clean


def _applied(base: Sequence[str], start: int, end: int, changes: Sequence[_Change]) -> list[str]:
    """The pieces from ``start`` to ``end`` once these changes are made."""
    out: list[str] = []
    at = start
    for change in sorted(changes, key=lambda row: (row.start, row.end)):
        out += [*base[at : change.start], *change.new]
        at = change.end
    return out + list(base[at:end])


def _both(base: Sequence[str], one: list[str], other: list[str], *, words: bool) -> tuple[list[str], bool]:
    if one == other:
        return one, True
    if words:
        return [*one, *other], False
    if not "".join(base).strip():
        return _one_after_the_other(one, other), True
    # The same lines: perhaps not the same words.
    before, first, second = (_WORDS.findall("\n".join(lines)) for lines in (base, one, other))
    pieces, clean = _merge(before, first, second, words=True)
    if clean:
        return "".join(pieces).split("\n"), True
    return [*one, *other], False


def _one_after_the_other(one: list[str], other: list[str]) -> list[str]:
    """Lines added at the same place: one's, then the other's; what goes on from the same words is not written twice."""
    first, second = "\n".join(one), "\n".join(other)
    if first.startswith(second):
        return one
    if second.startswith(first):
        return other
    while one and not one[-1].strip():
        one = one[:-1]
    return [*one, *other]
