"""What differs between two names, for the eye: words that the other does not have, as they are written."""

from __future__ import annotations

from difflib import SequenceMatcher

Pieces = list[tuple[str, bool]]
"""Text in order, each piece with whether it differs from the other name."""


def differences(left: str, right: str) -> tuple[Pieces, Pieces]:
    """The pieces of each name, cut at words. Joined again, they give the name, spaces included."""
    first, second = _words(left), _words(right)
    ours: Pieces = []
    theirs: Pieces = []
    for same, start, end, other_start, other_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        _add(ours, first[start:end], same != "equal")
        _add(theirs, second[other_start:other_end], same != "equal")
    return ours, theirs


def _words(name: str) -> list[str]:
    """Words with the spaces that follow them apart: a doubled space is a difference too."""
    pieces: list[str] = []
    for character in name:
        if pieces and pieces[-1][-1].isspace() == character.isspace():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _add(pieces: Pieces, words: list[str], differs: bool) -> None:
    if words:
        pieces.append(("".join(words), differs))
