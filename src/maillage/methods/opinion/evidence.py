"""Are there groups at all? The votes are redrawn many times without any, and treated in the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion.groups import Groups, group_people
from maillage.methods.opinion.map import OpinionMap, map_opinions
from maillage.methods.opinion.rand import adjusted_rand
from maillage.methods.opinion.votes import Votes

Floats = NDArray[np.float64]

STABLE = 0.65
"""Halves of the people must give groups at least so alike (median adjusted Rand index): below, Steinley (2004) calls a
recovery of groups poor."""
ONE_CLOUD = 0.5
"""Most of a vote that the position on an axis explains where people are one cloud (mean over statements, each with the
weight of what is explained of it). The mean vote of a person at z is then 2 Φ(z ρ / √(1 − ρ²)) − 1: at ρ² = ½
people are spread evenly from one end to the other, above it they would gather at both ends. Axes stronger than that
are themselves a sign of groups."""
CALIBRATION, STEPS = 12, 12
"""Redraws, and steps, that set the strength of the axes of one cloud."""
FEWEST = 10
"""With fewer people grouped nothing is tested."""
ROUGH = 1e-4
"""Tolerance of the axes of redrawn votes: chance is not known more finely than that."""


class Verdict(StrEnum):
    CLEAR = "clear"
    """There are groups."""
    NO_STRUCTURE = "no-structure"
    """No clear groups: the votes look as if each statement had been answered without regard to the others."""
    ONE_CLOUD = "one-cloud"
    """No clear groups: opinions differ along the map, without a gap that would make groups of them."""
    UNSTABLE = "unstable"
    """No clear groups: half of the people do not find again the groups of all."""
    TOO_FEW = "too-few"
    """Too few people, or votes all alike: nothing can be tested."""
    UNTESTED = "untested"
    """No redraw was asked for."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for the groups and against. The p-values are (1 + redraws at least as extreme) / (1 + redraws)."""

    verdict: Verdict
    level: float
    redraws: int
    spread: float
    """Share of the variance that the first axis carries."""
    spread_by_chance: float | None
    """Median of the same, statements answered independently."""
    p_structure: float | None
    """How often independent answers give a first axis at least as strong."""
    silhouette: float | None
    silhouette_by_chance: float | None
    """Median of the best silhouette, statements answered independently."""
    p_silhouette: float | None
    """How often independent answers give a best silhouette at least as high."""
    silhouette_in_one_cloud: float | None
    """Median of the best silhouette where opinions spread in one cloud; ``None`` where it was not needed."""
    p_gap: float | None
    """How often one cloud gives a best silhouette at least as high."""
    stability: float | None
    """Median adjusted Rand index between the groups of all and those of half of the people."""

    @property
    def clear(self) -> bool:
        return self.verdict is Verdict.CLEAR


def weigh_groups(
    votes: Votes,
    opinion_map: OpinionMap,
    groups: Groups,
    *,
    redraws: int = 99,
    halves: int = 20,
    level: float = 0.05,
    seed: int = 0,
    regroup: Callable[..., Groups] = group_people,
    progress: Callable[[int, int], None] | None = None,
) -> Evidence:
    """The evidence for ``groups``, by three questions in this order; the first "no" ends it.

    1. **Is there structure?** Each statement's votes are dealt again at random to those who voted on it: same holes,
       same totals, no link between statements. The share of the first axis must be larger than in all but ``level``
       of the redraws. Under independent answers this is an exact permutation test: it says "groups" at most at the
       rate ``level``, whatever the numbers.
    2. **Is there a gap?** The votes are dealt again to one cloud of people: positions drawn from a normal law, each
       statement's votes dealt in the order of position × strength + chance, the strength set so that the axes are as
       strong as those seen (mean of a few redraws), or as one cloud can make them if that is less. Same holes, same
       totals, same directions, and no groups. The best silhouette must be higher than in all but ``level`` of these
       redraws. A mere gradient fails here.
    3. **Is it stable?** Random halves of the people are mapped and grouped anew in as many groups; the median adjusted
       Rand index with the groups of all must be at least 0.65.

    ``regroup`` must be what made ``groups`` from the map (same options). ``progress(done, of)`` is called on the way.
    Errors: ``ValueError`` where ``redraws`` is above 0 and below 1 / level − 1 (19): no p-value could be so small.
    """
    grouped = np.flatnonzero(groups.group > 0)
    spread = opinion_map.spread[0]
    shown = partial(
        Evidence, level=level, redraws=redraws, spread=spread, silhouette=groups.silhouette, spread_by_chance=None,
        p_structure=None, silhouette_by_chance=None, p_silhouette=None, silhouette_in_one_cloud=None, p_gap=None,
        stability=None,
    )  # fmt: skip
    if 0 < redraws < 1 / level - 1 - 1e-9:
        raise ValueError("With so few redraws no p-value can be as small as the level.")
    if redraws <= 0:
        return shown(verdict=Verdict.UNTESTED)
    if groups.silhouette is None or len(grouped) < FEWEST:
        return shown(verdict=Verdict.TOO_FEW)
    rng = np.random.default_rng(seed)
    deal = _Dealer(votes)
    whole = 2 * redraws + halves
    told = 0

    def step() -> None:
        nonlocal told
        told += 1
        if progress:
            progress(min(told, whole), whole)

    alone = np.array([_measured(deal.dealt(rng.random(len(votes.value))), regroup, step) for _ in range(redraws)])
    shown = partial(
        shown, spread_by_chance=float(np.median(alone[:, 0])), p_structure=_p(alone[:, 0], spread),
        silhouette_by_chance=float(np.median(alone[:, 2])), p_silhouette=_p(alone[:, 2], groups.silhouette),
    )  # fmt: skip
    if _p(alone[:, 0], spread) > level:
        return shown(verdict=Verdict.NO_STRUCTURE)
    draw = _one_cloud(votes, opinion_map, grouped, deal, alone[:, :2].mean(axis=0), rng)
    cloud = np.array([_measured(draw(), regroup, step)[2] for _ in range(redraws)])
    shown = partial(shown, silhouette_in_one_cloud=float(np.median(cloud)), p_gap=_p(cloud, groups.silhouette))
    same = [_alike(votes, groups, rng.permutation(grouped)[: len(grouped) // 2], regroup, step) for _ in range(halves)]
    shown = partial(shown, stability=float(np.median(same)) if same else None)
    if _p(cloud, groups.silhouette) > level:
        return shown(verdict=Verdict.ONE_CLOUD)
    if same and np.median(same) < STABLE:
        return shown(verdict=Verdict.UNSTABLE)
    return shown(verdict=Verdict.CLEAR)


def _p(redrawn: Floats, seen: float) -> float:
    # What equals the figure seen but for rounding counts as equal.
    return (1 + int((redrawn >= seen - 1e-9).sum())) / (1 + len(redrawn))


class _Dealer:
    """Deals the votes of each statement again among those who voted on it."""

    def __init__(self, votes: Votes) -> None:
        self.votes = votes
        self.values = votes.value[np.lexsort((votes.value, votes.statement))]

    def dealt(self, score: Floats) -> Votes:
        """The lowest scores get the disagreements, the highest the agreements: ``(votes,)``."""
        votes, value = self.votes, np.empty_like(self.votes.value)
        value[np.lexsort((score, votes.statement))] = self.values
        return Votes(votes.people, votes.statements, votes.person, votes.statement, value)


def _measured(votes: Votes, regroup: Callable[..., Groups], step: Callable[[], None]) -> tuple[float, float, float]:
    """The shares of both axes and the best silhouette."""
    opinion_map = map_opinions(votes, tolerance=ROUGH)
    silhouette = regroup(opinion_map).silhouette
    step()
    return *opinion_map.spread, -1.0 if silhouette is None else silhouette


def _one_cloud(
    votes: Votes,
    opinion_map: OpinionMap,
    grouped: NDArray[np.int64],
    deal: _Dealer,
    by_chance: Floats,
    rng: np.random.Generator,
) -> Callable[[], Votes]:
    """Draws votes as one cloud of people with axes as strong as those seen."""
    strength = _strengths(votes, opinion_map, grouped)
    wanted = np.maximum(np.array(opinion_map.spread) - by_chance, 0)

    def draw(pull: Floats, chance: np.random.Generator) -> Votes:
        positions = chance.normal(size=(2, len(votes.people)))
        left = np.sqrt(1 - np.square(pull).sum(axis=0))[votes.statement]
        score = (pull[:, votes.statement] * positions[:, votes.person]).sum(axis=0)
        return deal.dealt(score + left * chance.normal(size=len(votes.value)))

    # The same draws at every step: only the strength changes from one to the next. Small steps, and the mean of the
    # last half of them: what chance adds to one draw must not settle the strength.
    seeds = rng.integers(2**62, size=CALIBRATION)
    pulls = [_at_most_one_cloud(strength)]
    for _ in range(STEPS):
        redrawn = [map_opinions(draw(pulls[-1], np.random.default_rng(s)), ROUGH).spread for s in seeds]
        gain = (wanted / np.maximum(np.mean(redrawn, axis=0) - by_chance, 1e-9)) ** 0.25
        pulls.append(_at_most_one_cloud(pulls[-1] * np.clip(gain, 0.7, 1.4)[:, None]))
    pull = np.mean(pulls[-STEPS // 2 :], axis=0)
    return partial(draw, pull, rng)


def _at_most_one_cloud(pull: Floats) -> Floats:
    """``(2, m)``: the same, each axis weakened as a whole where one cloud could not be so strong."""
    explained = np.square(pull)
    most = np.square(explained).sum(axis=1) / np.maximum(explained.sum(axis=1), 1e-300)
    pull = pull * np.sqrt(np.minimum(ONE_CLOUD / np.maximum(most, 1e-300), 1))[:, None]
    # What positions explain of any one vote stays below all of it.
    weakened: Floats = pull / np.sqrt(np.maximum(np.square(pull).sum(axis=0) / 0.95, 1))
    return weakened


def _strengths(votes: Votes, opinion_map: OpinionMap, grouped: NDArray[np.int64]) -> Floats:
    """``(2, m)``: correlation of each statement's votes with each axis, over the people who are grouped."""
    among = np.isin(votes.person, grouped)
    person, statement = votes.person[among], votes.statement[among]
    size = len(votes.statements)
    people = opinion_map.people
    deviation = people[grouped].std(axis=0)
    people = (people - people[grouped].mean(axis=0)) / np.where(deviation > 0, deviation, 1)

    def centred(values: Floats) -> Floats:
        count = np.maximum(np.bincount(statement, minlength=size), 1)
        return values - (np.bincount(statement, values, size) / count)[statement]

    vote = centred(votes.value[among].astype(float))
    found = np.zeros((2, size))
    for axis in range(2):
        place = centred(people[person, axis])
        below = np.bincount(statement, vote * vote, size) * np.bincount(statement, place * place, size)
        found[axis] = np.bincount(statement, vote * place, size) / np.sqrt(np.where(below > 0, below, np.inf))
    return found * ~votes.left_out


def _alike(
    votes: Votes, groups: Groups, half: NDArray[np.int64], regroup: Callable[..., Groups], step: Callable[[], None]
) -> float:
    """How alike the groups of ``half`` of the people are to those of all."""
    kept = np.isin(votes.person, half)
    few = Votes(votes.people, votes.statements, votes.person[kept], votes.statement[kept], votes.value[kept])
    again = regroup(map_opinions(few, tolerance=ROUGH), count=groups.count).group
    step()
    both = half[again[half] > 0]
    return adjusted_rand(again[both], groups.group[both])
