"""How the ballots of a Pabulib file are laid out, and what is read of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import VoteType

LONGEST = 64
"""Bytes of an id that the fast way compares; longer ones are read the exact way."""


@dataclass(frozen=True)
class Layout:
    """How the lines are made."""

    width: int
    """Number of cells."""
    voter: int
    vote: int
    points: int | None
    """Places of the cells."""
    vote_type: VoteType


@dataclass
class BallotLines:
    """Ballots read so far, or a chunk of them."""

    counts: NDArray[np.int64]
    """How many projects each names."""
    chosen: NDArray[np.int32]
    points: NDArray[np.int64]
    """In units of ``10 ** -digits``; empty without points."""
    digits: int
    lines: NDArray[np.int64]
    """The line of each ballot."""
    voters: NDArray[np.uint64]
    """A number for each voter's id: the same id has the same number; 0 where there is none."""
    doubts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """What was passed over: how many times, and the first line."""
