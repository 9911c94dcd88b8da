"""Contents of ballots as tables of numbers, by the million: what is read is the canonical JSON of the urn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

NOTHING = -1
"""What stands for ``null`` in a table of numbers."""
_SPACES = bytes.maketrans(b"[],\n", b"    ")


def lists(contents: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Flat lists of whole numbers: ``(lengths, values)``, the values of all the ballots end to end.

    Errors: ``ValueError`` where a content is no list of whole numbers.
    """
    if not contents:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    text = ("\n".join(contents) + "\n").replace("null", str(NOTHING)).encode("ascii")
    signs = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(signs == 10)
    if len(ends) != len(contents):
        raise ValueError("A ballot holds an end of line.")
    commas = np.searchsorted(np.flatnonzero(signs == 44), ends)
    starts = np.concatenate([[0], ends[:-1] + 1])
    empty = ends - starts <= 2
    lengths = np.diff(np.concatenate([[0], commas])) + ~empty
    plain = text.translate(_SPACES).decode("ascii")
    # numpy reads a number in a text that has none.
    values = np.fromstring(plain, sep=" ", dtype=np.int32) if lengths.any() else np.zeros(0, dtype=np.int32)
    if len(values) != int(lengths.sum()) or (signs[starts] != 91).any() or (signs[ends - 1] != 93).any():
        raise ValueError("A ballot is not a list of numbers.")
    return lengths, values


def rows(contents: Sequence[str], numbers: Sequence[int], *, fill: int) -> NDArray[np.int32]:
    """``(ballots, options)``: what each ballot says at the place of each option's number, ``fill`` where it says none.

    Contents are lists whose place is the option's number less one.
    """
    fast = digits(contents, max(numbers, default=0))
    if fast is not None:
        return fast[:, [number - 1 for number in numbers]]
    lengths, values = lists(contents)
    width = max([*numbers, *lengths[:1].tolist(), int(lengths.max(initial=0)), 1])
    table = np.full((len(lengths), width), fill, dtype=np.int32)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    table[owner, place] = values
    return table[:, [number - 1 for number in numbers]]


def digits(contents: Sequence[str], least: int) -> NDArray[np.int32] | None:
    """The table of ballots that all have as many numbers of one digit, ten times quicker; else ``None``."""
    if not contents:
        return None
    size = len(contents[0])
    text = "".join(contents)
    if size < 3 or size % 2 == 0 or size // 2 < least or len(text) != size * len(contents) or not text.isascii():
        return None
    signs = np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(len(contents), size)
    figures = signs[:, 1::2]
    shaped = (signs[:, 0] == 91).all() and (signs[:, -1] == 93).all() and (signs[:, 2:-1:2] == 44).all()
    if not shaped or (figures < 48).any() or (figures > 57).any():
        return None
    return (figures - 48).astype(np.int32)


def chosen(contents: Sequence[str], numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Ballots that name options: ``(lengths, places)``, places in ``numbers``; other options are left out."""
    lengths, values = lists(contents)
    place_of = np.full(max([*numbers, int(values.max(initial=0))], default=0) + 1, -1, dtype=np.int32)
    place_of[list(numbers)] = np.arange(len(numbers))
    places = place_of[values]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    kept = places >= 0
    return np.bincount(owner[kept], minlength=len(lengths)), places[kept]
