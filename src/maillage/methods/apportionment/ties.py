"""Who comes first between equals, when one cent or one seat is left for several."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256


class Ties(StrEnum):
    """What decides between equals. Sizes that are equal too go by name."""

    OPEN = "open"
    """Nothing: the tie is reported and what is at stake is given to nobody (seats only)."""
    NAME = "name"
    ORDER = "order"
    """As they come in the list."""
    LARGEST = "largest"
    SMALLEST = "smallest"
    LOT = "lot"


def first_of(
    tied: Sequence[int], count: int, ties: Ties, names: Sequence[str], sizes: Sequence[Fraction], seed: int
) -> list[int]:
    """The first ``count`` of the places in ``tied``, as ``ties`` says.

    The lot orders names by the SHA-256 digest of ``seed:name`` in UTF-8: anyone can draw it again with other tools.
    """

    def key(place: int) -> tuple[Fraction | str | int, ...]:
        match ties:
            case Ties.ORDER:
                return (place,)
            case Ties.LARGEST:
                return (-sizes[place], names[place])
            case Ties.SMALLEST:
                return (sizes[place], names[place])
            case Ties.LOT:
                return (sha256(f"{seed}:{names[place]}".encode()).hexdigest(), names[place])
            case _:
                return (names[place],)

    return sorted(tied, key=key)[:count]
