"""Cells that are withheld for themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from maillage.methods.disclosure.tables import Cell, CountTable, Zeros

if TYPE_CHECKING:
    from maillage.methods.disclosure._system import Line


def sensitive(tables: Sequence[CountTable], threshold: int = 5, zeros: Zeros = Zeros.OPEN) -> frozenset[Cell]:
    """The cells withheld for themselves: primary suppression (Hundepool et al. 2012, §4.2).

    A count of 1 to ``threshold - 1`` people, margins included; with ``Zeros.SMALL``, 0 too. And every cell of a group
    that is itself under the threshold, its zeros included unless everyone knows them: whoever knows that somebody is
    one of the three people of a village learns from its published zeros what this person did *not* answer.
    """
    from maillage.methods.disclosure._system import build

    system = build(tables)
    counts = system.counts
    small = (counts > 0) & (counts < threshold)
    if zeros is Zeros.SMALL:
        small |= counts == 0
    if zeros is not Zeros.KNOWN:
        _spread(small, counts < threshold, system.lines)
    return frozenset(system.cells[place] for place in np.flatnonzero(small))


def _spread(small: NDArray[np.bool_], could: NDArray[np.bool_], lines: Sequence[Line]) -> None:
    """A group withheld is withheld whole: its parts too, and theirs, until nothing changes."""
    while True:
        before = int(small.sum())
        for line in lines:
            if small[line.parent] and could[line.parent]:
                small[line.children] = True
        if int(small.sum()) == before:
            return
