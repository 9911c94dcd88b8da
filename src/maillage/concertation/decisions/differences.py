"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\s+|[\w’'\-]+|[^\w\s]")
LIMIT = 6000
"""Words beyond which the texts are compared line by line: word by word would take too long."""


@dataclass(frozen=True)
class Piece:
    kind: str
    """``same``, ``added``, ``removed``."""
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces in order: those of ``before`` are ``same`` and ``removed``, those of ``after`` ``same`` and ``added``.

    >>> [(piece.kind, piece.text) for piece in compare("au plus 1500 $", "au plus 1900 $")]
    [('same', 'au plus '), ('removed', '1500'), ('added', '1900'), ('same', ' $')]
    """
    old, new = _cut(before), _cut(after)
    if max(len(old), len(new)) > LIMIT:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[first:last])))
            continue
        if last > first:
            pieces.append(Piece("removed", "".join(old[first:last])))
        if end > begin:
            pieces.append(Piece("added", "".join(new[begin:end])))
    return pieces


def _cut(text: str) -> list[str]:
    return _WORDS.findall(text)
