"""What brings together: statements that most people take the same side on, whatever their group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion._shared import MOST, SIGNIFICANT, natural, z_half
from maillage.methods.opinion.groups import Groups
from maillage.methods.opinion.votes import AGREE, DISAGREE, Side, Votes

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
VALUES = {Side.AGREE: AGREE, Side.DISAGREE: DISAGREE}


@dataclass(frozen=True)
class Shared:
    """One statement that people take the same side on."""

    statement: int
    """Place in ``Votes.statements``."""
    side: Side
    took: int
    voted: int
    p: float
    """(took + 1) / (voted + 2)."""
    z: float
    across_groups: float
    """The group-aware consensus of that side."""


@dataclass(frozen=True, eq=False)
class Consensus:
    agree: tuple[Shared, ...]
    """By most people, everyone's votes counted together: a small group may think otherwise."""
    disagree: tuple[Shared, ...]
    every_group: tuple[Shared, ...]
    """By most people of every group, on the same side: what brings together. Ordered by ``across_groups``."""
    agree_across_groups: Floats
    """``(m,)``: product over the groups of (agrees + 1) / (votes + 2). Near 1 only if every group agrees.
    0 without groups."""
    disagree_across_groups: Floats


def consensus(votes: Votes, groups: Groups, most: int = MOST) -> Consensus:
    """Statements that more than half take the same side on, beyond z = 1.2816, at most ``most`` a side, by p × z.

    Beside them, for every statement, the group-aware consensus: a product, so that a small group weighs as much as a
    large one. It shrinks as groups are more: compare it within one conversation. It says nothing of the number of
    votes (½ for each group without any), so ``every_group`` keeps only statements that pass the same test (more than
    half, beyond z = 1.2816) within every group: this last list is ours.

    Source: compdemocracy.org/group-informed-consensus; Small and others 2021. Statements left out are never chosen.
    """
    across = {side: _across(votes, groups, value) for side, value in VALUES.items()}
    size = len(votes.statements)
    everyone = np.ones(len(votes.person), bool)

    def shared(side: Side, places: NDArray[np.bool_]) -> list[Shared]:
        took, voted = _counts(votes, everyone, VALUES[side])
        p, z = (took + 1) / (voted + 2), z_half(took, voted)
        kept = [int(j) for j in np.flatnonzero(places & ~votes.left_out)]
        kept.sort(key=lambda j: (-p[j] * z[j], natural(votes.statements[j].id)))
        return [
            Shared(j, side, int(took[j]), int(voted[j]), float(p[j]), float(z[j]), float(across[side][j])) for j in kept
        ]

    every: list[Shared] = []
    for side, value in VALUES.items():
        passing = np.full(size, groups.count > 0)
        for number in range(1, groups.count + 1):
            passing &= _most(votes, groups.group[votes.person] == number, value)
        every += shared(side, passing)
    agree, disagree = (shared(side, _most(votes, everyone, value))[:most] for side, value in VALUES.items())
    return Consensus(
        tuple(agree),
        tuple(disagree),
        tuple(sorted(every, key=lambda one: -one.across_groups)[:most]),
        across[Side.AGREE],
        across[Side.DISAGREE],
    )


def _counts(votes: Votes, among: NDArray[np.bool_], value: int) -> tuple[Counts, Counts]:
    """``(m,)`` each: votes on that side, and all votes."""
    size = len(votes.statements)
    took = np.bincount(votes.statement[among & (votes.value == value)], minlength=size)
    return took, np.bincount(votes.statement[among], minlength=size)


def _most(votes: Votes, among: NDArray[np.bool_], value: int) -> NDArray[np.bool_]:
    took, voted = _counts(votes, among, value)
    passing: NDArray[np.bool_] = ((took + 1) / (voted + 2) > 0.5) & (z_half(took, voted) > SIGNIFICANT)
    return passing


def _across(votes: Votes, groups: Groups, value: int) -> Floats:
    product = np.ones(len(votes.statements)) if groups.count else np.zeros(len(votes.statements))
    for number in range(1, groups.count + 1):
        took, voted = _counts(votes, groups.group[votes.person] == number, value)
        product *= (took + 1) / (voted + 2)
    return product
