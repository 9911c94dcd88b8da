"""Which sectors, types and scales are at the table, and which are wanted and missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from maillage.methods.network.network import Network

Cell = tuple[str, str, str]
"""Sector, type, scale; an empty code is an actor whose code is not known, or, in what is wanted, any."""


@dataclass(frozen=True)
class Missing:
    cell: Cell
    wanted: int
    present: int

    @property
    def lacking(self) -> int:
        return self.wanted - self.present


@dataclass(frozen=True)
class Coverage:
    present: Mapping[Cell, int]
    """Actors in every cell that has one, in alphabetical order."""
    wanted: Mapping[Cell, int]
    """What was asked: a cell, with empty codes for any, and the least number of actors."""
    missing: tuple[Missing, ...]
    """Cells of ``wanted`` that have too few, in the order they were given."""
    empty: tuple[Cell, ...]
    """Crossings of the sectors, types and scales known in the network where there is nobody, in alphabetical order."""
    cells: int
    """All these crossings."""


def coverage(network: Network, wanted: Mapping[Cell, int] | None = None) -> Coverage:
    """Actors by sector × type × scale, against what an alliance wants (nothing, where it did not say).

    ``{("", "citizens", ""): 2, ("housing", "", "MRC"): 1}`` wants two citizens' colleges anywhere, and
    someone in housing at the scale of the MRC.
    """
    present = Counter((actor.sector, actor.type, actor.scale) for actor in network.actors)
    asked = dict(wanted or {})
    missing = []
    for cell, least in asked.items():
        there = sum(count for found, count in present.items() if _within(found, cell))
        if there < least:
            missing.append(Missing(cell, least, there))
    known = [sorted({cell[axis] for cell in present} - {""}) for axis in range(3)]
    crossings = list(product(*known))
    empty = tuple((a, b, c) for a, b, c in crossings if (a, b, c) not in present)
    return Coverage(dict(sorted(present.items())), asked, tuple(missing), empty, len(crossings))


def _within(found: Cell, cell: Cell) -> bool:
    return all(code in ("", own) for own, code in zip(found, cell, strict=True))
