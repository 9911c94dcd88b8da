"""The statements that say best what each group thinks, and what the others do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion._shared import MOST, SIGNIFICANT, natural, z_half
from maillage.methods.opinion.groups import Groups
from maillage.methods.opinion.votes import AGREE, DISAGREE, Side, Votes

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Statistics:
    """``(groups, m)`` each; row ``g`` is group ``g + 1``."""

    agrees: Counts
    disagrees: Counts
    votes: Counts
    """Passes included."""
    p_agree: Floats
    """(agrees + 1) / (votes + 2)."""
    p_disagree: Floats
    z_agree: Floats
    """Is it more than half? 2 √(n + 1) ((agrees + 1)/(n + 1) − ½)."""
    z_disagree: Floats
    ratio_agree: Floats
    """``p_agree`` over the same for the people of all other groups."""
    ratio_disagree: Floats
    z_ratio_agree: Floats
    """Do they agree more than the others? Test of two proportions, 1 added to every count."""
    z_ratio_disagree: Floats


@dataclass(frozen=True)
class Representative:
    """One statement that represents a group, with the figures of its side."""

    statement: int
    """Place in ``Votes.statements``."""
    side: Side
    took: int
    """People of the group on that side."""
    voted: int
    """People of the group who voted on it."""
    others_took: int
    others_voted: int
    p: float
    z: float
    ratio: float
    z_ratio: float
    strength: float
    """ratio × z_ratio × p × z: what orders them."""
    significant: bool
    """Both z are above 1.2816. Else it is there for want of better."""


@dataclass(frozen=True, eq=False)
class Representation:
    statistics: Statistics
    chosen: tuple[tuple[Representative, ...], ...]
    """For each group in order: those it agrees with first, then those it disagrees with, each by strength."""


def represent(votes: Votes, groups: Groups, most: int = MOST) -> Representation:
    """What each group says that the others do not: at most ``most`` statements a group.

    A statement passes if, on one side, more than half of the group takes it and more than of the others do, both
    beyond z = 1.2816. They are ordered by strength. The statement that the group agrees with best comes in any case, so
    that a group is never told by its refusals alone; if nothing passes, there is that one, or the most distinctive.
    Statements left out are never chosen. Statements are looked at in the order of their ids, whatever the file's.

    Source: compdemocracy.org/representative-comments; Small and others 2021. "Others" are the people of other groups:
    who is in no group is not counted.
    """
    statistics = _statistics(votes, groups)
    left_out = votes.left_out
    order = [
        int(place) for place in sorted(range(len(left_out)), key=lambda place: natural(votes.statements[place].id))
    ]
    order = [place for place in order if not left_out[place]]
    chosen = tuple(_chosen(statistics, number, order, most) for number in range(groups.count))
    return Representation(statistics, chosen)


def _statistics(votes: Votes, groups: Groups) -> Statistics:
    rows, columns = groups.count, len(votes.statements)
    group = groups.group[votes.person]
    key = (group - 1) * columns + votes.statement

    def counted(taken: NDArray[np.bool_]) -> Counts:
        return np.bincount(key[taken & (group > 0)], minlength=rows * columns).reshape(rows, columns)

    agrees, disagrees = counted(votes.value == AGREE), counted(votes.value == DISAGREE)
    cast = counted(np.ones(len(key), bool))
    p_agree, p_disagree = ((took + 1) / (cast + 2) for took in (agrees, disagrees))
    others = [table.sum(axis=0) - table for table in (agrees, disagrees, cast)]
    return Statistics(
        agrees, disagrees, cast, p_agree, p_disagree,
        z_half(agrees, cast), z_half(disagrees, cast),
        p_agree / ((others[0] + 1) / (others[2] + 2)), p_disagree / ((others[1] + 1) / (others[2] + 2)),
        _z_between(agrees, cast, others[0], others[2]), _z_between(disagrees, cast, others[1], others[2]),
    )  # fmt: skip


def _z_between(took: Counts, of: Counts, others_took: Counts, others_of: Counts) -> Floats:
    """One-sided test that a proportion is more than that of the others, 1 added to every count; 0 if all took it."""
    a, n, b, m = took + 1, of + 1, others_took + 1, others_of + 1
    pooled = (a + b) / (n + m)
    below = np.sqrt(pooled * (1 - np.minimum(pooled, 1)) * (1 / n + 1 / m))
    # Without any vote 1 of 1 is added: more than all, where nothing can be tested.
    z: Floats = np.where(below > 0, (a / n - b / m) / np.where(below > 0, below, 1), 0)
    return z


def _figures(found: Statistics, number: int, place: int, side: Side) -> Representative:
    agree = side is Side.AGREE
    took = found.agrees if agree else found.disagrees
    p = float((found.p_agree if agree else found.p_disagree)[number, place])
    z = float((found.z_agree if agree else found.z_disagree)[number, place])
    ratio = float((found.ratio_agree if agree else found.ratio_disagree)[number, place])
    z_ratio = float((found.z_ratio_agree if agree else found.z_ratio_disagree)[number, place])
    return Representative(
        place, side, int(took[number, place]), int(found.votes[number, place]),
        int(took[:, place].sum() - took[number, place]), int(found.votes[:, place].sum() - found.votes[number, place]),
        p, z, ratio, z_ratio, ratio * z_ratio * p * z, z > SIGNIFICANT and z_ratio > SIGNIFICANT,
    )  # fmt: skip


def _chosen(found: Statistics, number: int, order: list[int], most: int) -> tuple[Representative, ...]:
    passing: list[Representative] = []
    best: Representative | None = None
    best_agree: Representative | None = None
    for place in order:
        if not found.votes[number, place]:
            continue
        agree, disagree = (_figures(found, number, place, side) for side in (Side.AGREE, Side.DISAGREE))
        more = agree if agree.z_ratio > disagree.z_ratio else disagree
        if agree.significant or disagree.significant:
            # The side that passes is told. Of two (not possible with one vote a person) the more distinctive.
            passing.append(more if more.significant else agree if agree.significant else disagree)
        if best is None or more.z_ratio > best.z_ratio:
            best = more
        if agree.took + disagree.took and _agreed_better(agree, best_agree):
            best_agree = agree
    first = best_agree or (best if not passing else None)
    rest = sorted(passing, key=lambda one: -one.strength)
    kept = ([first] if first else []) + [one for one in rest if first is None or one.statement != first.statement]
    return tuple(sorted(kept[:most], key=lambda one: one.side is not Side.AGREE))


def _agreed_better(this: Representative, best: Representative | None) -> bool:
    """Whether ``this`` is a better statement that the group agrees with than the best so far."""
    if best is None:
        return this.z > SIGNIFICANT or (this.ratio > 1 and this.p > 0.5)
    if best.ratio > 1:
        return this.strength > best.strength
    return this.p * this.z > best.p * best.z
