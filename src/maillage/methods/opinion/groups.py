"""Groups of people who stand near each other on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.opinion.map import OpinionMap

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

LEAST_VOTES = 7
BASE_CLUSTERS = 100
COUNTS = (2, 3, 4, 5)
STARTS = 48
"""Starting points of k-means for each number of groups."""
ROUNDS = 30
"""k-means stops there if it has not settled."""


@dataclass(frozen=True)
class Split:
    """One number of groups that was tried."""

    count: int
    silhouette: float
    """Mean silhouette, −1 to 1: near 1, each person is much nearer to their group than to the next one."""
    sizes: tuple[int, ...]
    """People in each group, largest first."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Who is with whom. Groups are numbered from 1, the largest first."""

    group: Places
    """``(n,)``: number of each person's group; 0: not grouped (too few votes)."""
    sizes: tuple[int, ...]
    centres: Floats
    """``(count, 2)``: on the map."""
    silhouette: float | None
    """Of the split that is kept; ``None`` where there is only one group."""
    tried: tuple[Split, ...]
    """Every number of groups that was tried, with its silhouette: the evidence for the number."""
    least_votes: int
    """Votes a person needed to be grouped."""

    @property
    def count(self) -> int:
        return len(self.sizes)


def group_people(
    opinion_map: OpinionMap,
    *,
    count: int | None = None,
    counts: tuple[int, ...] = COUNTS,
    least_votes: int = LEAST_VOTES,
    base_clusters: int = BASE_CLUSTERS,
    starts: int = STARTS,
    seed: int = 0,
) -> Groups:
    """Groups by k-means in two steps, their number chosen by silhouette (or given by ``count``).

    1. People with at least ``least_votes`` votes take part (or with a vote on every statement, if there are fewer).
    2. They are gathered in ``base_clusters`` small clusters by k-means, started from points far from each other.
    3. The small clusters, each with the weight of its people, are gathered in 2 to 5 groups by k-means from ``starts``
       seeded starting points. k-means stops in many places; of all of them the one with the best silhouette is kept.
    4. The number of groups with the best silhouette is kept; of two that tie, the smaller.

    The starting points are drawn from the points in the order of their coordinates: the order of people in the file
    changes nothing. Source: Small and others 2021; compdemocracy.org/clustering; Rousseeuw 1987 for the silhouette.
    Errors: ``ValueError`` for a number of groups below 1.
    """
    if count is not None and count < 1:
        raise ValueError("The number of groups is at least 1.")
    least = min(least_votes, opinion_map.statement_count)
    taken = np.flatnonzero(opinion_map.cast >= max(least, 1))
    points, weights, base = _base(opinion_map.people[taken], base_clusters)
    rng = np.random.default_rng(seed)
    wanted = [
        k for k in ((count,) if count is not None else counts) if 2 <= k < max(len(points), 3) and k <= len(points)
    ]
    distances = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    found = [(k, *_split(points, weights, distances, k, starts, rng)) for k in wanted]
    found = [split for split in found if split[2] > -1]
    labels, silhouette = np.zeros(len(points), np.int64), None
    if found:
        _, labels, silhouette = max(found, key=lambda split: (split[2], -split[0]))
    group = np.zeros(len(opinion_map.people), np.int64)
    group[taken], centres = _numbered(labels[base], opinion_map.people[taken])
    return Groups(
        group=group,
        sizes=tuple(int(n) for n in np.bincount(group)[1:]),
        centres=centres,
        silhouette=silhouette,
        tried=tuple(Split(k, s, _sizes(label, weights)) for k, label, s in found),
        least_votes=least,
    )


def _sizes(labels: Places, weights: Floats) -> tuple[int, ...]:
    return tuple(sorted((int(n) for n in np.bincount(labels, weights)), reverse=True))


def _numbered(labels: Places, points: Floats) -> tuple[Places, Floats]:
    """Numbers from 1 by decreasing size (then from left to right, from bottom to top), and the centres."""
    kinds, labels = np.unique(labels, return_inverse=True)
    sizes = np.bincount(labels, minlength=len(kinds))
    centres = np.stack([np.bincount(labels, axis, len(kinds)) / np.maximum(sizes, 1) for axis in points.T], axis=1)
    order = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    number = np.empty(len(kinds), np.int64)
    number[order] = np.arange(1, len(kinds) + 1)
    return number[labels], centres[order]


def _base(points: Floats, limit: int) -> tuple[Floats, Floats, Places]:
    """Small clusters in the order of their coordinates: centres, numbers of people, the cluster of each person."""
    distinct, labels = np.unique(points, axis=0, return_inverse=True)
    labels = labels.reshape(-1)
    if len(distinct) > limit:
        weights = np.bincount(labels).astype(float)
        centres = _far_apart(distinct, limit)
        near = np.zeros(len(distinct), np.int64)
        for _ in range(ROUNDS):
            before, near = near, _nearest(distinct, centres)
            if np.array_equal(before, near):
                break
            size = np.bincount(near, weights, limit)
            sums = np.stack([np.bincount(near, weights * axis, limit) for axis in distinct.T], axis=1)
            centres = np.where(size[:, None] > 0, sums / np.maximum(size, 1)[:, None], centres)
        used, near = np.unique(near, return_inverse=True)
        order = np.lexsort((centres[used, 1], centres[used, 0]))
        place = np.empty(len(used), np.int64)
        place[order] = np.arange(len(used))
        distinct, labels = centres[used][order], place[near][labels]
    return distinct, np.bincount(labels, minlength=len(distinct)).astype(float), labels


def _nearest(points: Floats, centres: Floats) -> Places:
    """The centre nearest to each point (|p − c|² without |p|², which is the same for all)."""
    nearest: Places = np.argmin(np.square(centres).sum(axis=1) - 2 * (points @ centres.T), axis=1)
    return nearest


def _far_apart(points: Floats, count: int) -> Floats:
    """``count`` of the points: the farthest from the mean, then each time the farthest from those taken."""
    taken = [int(np.argmax(np.square(points - points.mean(axis=0)).sum(axis=1)))]
    away = np.full(len(points), np.inf)
    while len(taken) < count:
        away = np.minimum(away, np.square(points - points[taken[-1]]).sum(axis=1))
        taken.append(int(np.argmax(away)))
    return points[taken]


def _split(
    points: Floats, weights: Floats, distances: Floats, count: int, starts: int, rng: np.random.Generator
) -> tuple[Places, float]:
    """``count`` groups by weighted k-means, and their silhouette: the best of all starting points, run together."""
    drawn = np.argsort(rng.random((starts - 1, len(points))), axis=1)[:, :count]
    centres = np.concatenate([_far_apart(points, count)[None], points[drawn]])
    labels = np.full((starts, len(points)), -1)
    weighted = np.concatenate([points * weights[:, None], weights[:, None]], axis=1)
    moving = np.arange(starts)
    for _ in range(ROUNDS):
        place = centres[moving]
        gaps = np.square(place).sum(axis=2)[:, None, :] - 2 * (points @ place.transpose(0, 2, 1))
        near = np.argmin(gaps, axis=2)
        # Where nobody changes group, that start has settled.
        changed = (near != labels[moving]).any(axis=1)
        moving, near, place = moving[changed], near[changed], place[changed]
        if not len(moving):
            break
        labels[moving] = near
        sums = (near[:, :, None] == np.arange(count)).transpose(0, 2, 1).astype(float) @ weighted
        size = sums[:, :, 2:]
        centres[moving] = np.where(size > 0, sums[:, :, :2] / np.maximum(size, 1), place)
    values = _silhouettes(labels, weights, distances, count)
    best = int(np.argmax(values))
    return labels[best], float(values[best])


def _silhouettes(labels: Places, weights: Floats, distances: Floats, count: int) -> Floats:
    """Mean silhouette of each row of ``labels``, small clusters weighing their people; −1 where a group is empty.

    As if everyone of a small cluster stood at its centre: a person alone in their group has 0.
    """
    member = (labels[:, :, None] == np.arange(count)) * weights[None, :, None]
    size = member.sum(axis=1)
    sums = distances @ member
    own = np.take_along_axis(sums, labels[:, :, None], axis=2)[:, :, 0]
    own_size = np.take_along_axis(size, labels, axis=1)
    inside = own / np.maximum(own_size - 1, 1)
    means = sums / np.maximum(size, 1)[:, None, :]
    np.put_along_axis(means, labels[:, :, None], np.inf, axis=2)
    outside = means.min(axis=2)
    largest = np.maximum(inside, outside)
    value = np.where((own_size > 1) & (largest > 0), (outside - inside) / np.where(largest > 0, largest, 1), 0)
    mean: Floats = (value @ weights) / weights.sum()
    return np.where((size > 0).all(axis=1), mean, -1.0)
