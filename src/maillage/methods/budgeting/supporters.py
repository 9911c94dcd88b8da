"""Who names each project."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import Election


@dataclass(frozen=True, eq=False)
class Supporters:
    """Ballots end to end: project ``p`` is named by ballots ``ballots[starts[p]:starts[p + 1]]``, in file order."""

    starts: NDArray[np.int64]
    """``(projects + 1,)``."""
    ballots: NDArray[np.int32]
    """``(entries,)``."""
    entries: NDArray[np.int64]
    """``(entries,)``: where each of them stands in ``Ballots.chosen`` (and in ``points``)."""

    def of(self, project: int) -> NDArray[np.int32]:
        """The ballots that name this project, a view."""
        return self.ballots[self.starts[project] : self.starts[project + 1]]

    def votes(self) -> NDArray[np.int64]:
        """How many ballots name each project, ``(projects,)``."""
        return np.diff(self.starts)


def supporters(election: Election) -> Supporters:
    """The ballots of an election turned over, from projects to ballots."""
    ballots, count = election.ballots, len(election.projects)
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(ballots.chosen, minlength=count), out=starts[1:])
    # On 16 bits numpy sorts by counting, five times faster; a stable sort keeps the order of the file.
    small = ballots.chosen.astype(np.uint16) if count < 1 << 16 else ballots.chosen
    entries = np.argsort(small, kind="stable")
    owner = np.repeat(np.arange(len(ballots), dtype=np.int32), np.diff(ballots.starts))
    return Supporters(starts, owner[entries], entries)
