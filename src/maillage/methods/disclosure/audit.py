"""What an attacker can derive of every withheld cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from maillage.methods.disclosure.tables import CannotProtect, Cell, CountTable, Range
from maillage.methods.sentences import sentence as _

if TYPE_CHECKING:
    from maillage.methods.disclosure._attack import Attack


@dataclass(frozen=True)
class Audit:
    """What an attacker can say."""

    cells: Mapping[Cell, Range]
    """Of each suppressed cell."""
    sums: tuple[Range, ...] = ()
    """Of each sum asked for."""


def audit(
    tables: Sequence[CountTable], suppressed: Iterable[Cell], *, sums: Sequence[Sequence[Cell]] = (),
    own: Cell | None = None, seconds: float = 10.0,
) -> Audit:  # fmt: skip
    """For each suppressed cell, the range that the published cells of all the tables leave to an attacker.

    The attacker knows that counts are whole numbers of at least 0 and, with ``own``, that at least one person (who may
    be the attacker) is in this cell. ``sums``: ranges of sums of cells too. The bounds come from linear programming
    (Fischetti & Salazar 2001, §2), made whole and proven by whole tables; ``Range.exact`` says where an integer program
    of ``seconds`` did not end. It trusts nothing of how the cells were chosen.

    Raises ``CannotProtect`` for tables that contradict each other, ``KeyError`` for a cell that they do not have.
    """
    from scipy import sparse

    from maillage.methods.disclosure._attack import Attack, Witnesses
    from maillage.methods.disclosure._system import build

    system = build(tables)
    hidden = np.zeros(len(system.counts), dtype=bool)
    hidden[[system.place[cell] for cell in suppressed]] = True
    added = [[system.place[cell] for cell in one] for one in sums]
    goals = sparse.vstack([system.rows, *(sparse.csr_matrix(system.rows[one].sum(axis=0)) for one in added)]).tocsr()
    truth = [*system.counts.tolist(), *(int(system.counts[one].sum()) for one in added)]
    least = [] if own is None else [(system.place[own], 1)]
    attack = Attack(system, hidden, goals, Witnesses(system, goals, truth), least, seconds)
    try:
        found = {system.cells[place]: _range(attack, place, truth[place]) for place in np.flatnonzero(hidden).tolist()}
        extra = tuple(_range(attack, place, truth[place]) for place in range(len(system.cells), len(truth)))
    except ArithmeticError:
        raise CannotProtect(
            _("No group of people gives all these tables at once. Check that they count the same people.")
        ) from None
    return Audit(found, extra)


def _range(attack: Attack, goal: int, truth: int) -> Range:
    low, high = attack.range(goal)
    least = truth if low.value is None else -low.value
    if high.value is None and high.relaxed == float("inf"):
        return Range(least, None, low.exact)
    return Range(least, truth if high.value is None else high.value, low.exact and high.exact)
