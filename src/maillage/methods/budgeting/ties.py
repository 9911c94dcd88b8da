"""Which of several equal projects comes first."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from maillage.methods.budgeting.election import Election, Ties


def order(election: Election, ties: Ties = Ties.COST, seed: int = 0) -> NDArray[np.int64]:
    """The rank of each project, ``(projects,)``: of two equal projects, the one with the lower rank comes first.

    ``COST``: least cost, then name. ``VOTES``: most ballots that name it, then name. ``NAME``: the id, in plain text
    order (character by character, by code point: ``10`` before ``9``). ``LOT``: the ids in the order of the SHA-256 of
    « seed:id »; anyone can draw it again, in any language, and the order of the file changes nothing.
    """
    projects = election.projects
    if ties is Ties.COST:
        keys: list[tuple[object, str]] = [(project.cost, project.id) for project in projects]
    elif ties is Ties.VOTES:
        votes = np.bincount(election.ballots.chosen, minlength=len(projects))
        keys = [(-int(count), project.id) for count, project in zip(votes, projects, strict=True)]
    elif ties is Ties.LOT:
        keys = [(sha256(f"{seed}:{project.id}".encode()).hexdigest(), project.id) for project in projects]
    else:
        keys = [("", project.id) for project in projects]
    rank = np.empty(len(projects), dtype=np.int64)
    rank[sorted(range(len(projects)), key=keys.__getitem__)] = np.arange(len(projects))
    return rank
