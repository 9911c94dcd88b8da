"""Actors who have more ties among themselves than chance would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.graph import Graph
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class Communities:
    members: tuple[tuple[str, ...], ...]
    """Ids of each community, the largest first, then by first id. Actors without tie are in none."""
    modularity: float
    """From −1/2 to 1, of the weighted ties, at ``resolution``; 0 without tie."""
    resolution: float


def communities(
    network: Network, *, resolution: float = 1.0, seed: int = 0, trials: int = 2, iterations: int = 3
) -> Communities:
    """Communities of the Leiden algorithm (Traag, Waltman and van Eck 2019), by graspologic-native.

    The best of ``trials`` seeded runs for the modularity of Newman and Girvan with resolution (Reichardt and Bornholdt
    2006). The same network gives the same communities, in whatever order it came. A larger ``resolution`` gives more
    of them, and smaller. Errors: ``ValueError`` where it is not more than 0.
    """
    if not resolution > 0:
        raise ValueError(resolution)
    graph = network.graph
    if not len(graph.ends):
        return Communities((), 0.0, resolution)
    from graspologic_native import leiden_csr

    matrix = graph.matrix(weighted=True)
    _quality, found = leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data,
        graph.size,
        resolution=resolution,
        iterations=iterations,
        seed=seed,
        trials=trials,
    )
    tied = np.flatnonzero(graph.degrees)
    label = np.full(graph.size, -1, dtype=np.int64)
    label[tied] = np.unique([found[i] for i in tied.tolist()], return_inverse=True)[1]
    order = tied[np.argsort(label[tied], kind="stable")]
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    members = [tuple(graph.ids[i] for i in places) for places in np.split(order, cuts)]
    members.sort(key=lambda ids: (-len(ids), ids[0]))
    return Communities(tuple(members), _modularity(graph, label, resolution), resolution)


def _modularity(graph: Graph, label: NDArray[np.int64], resolution: float) -> float:
    """``Σ_c (inside_c / W − resolution (strength_c / 2 W)²)``, ``W`` being the sum of the weights."""
    whole = graph.weights.sum()
    one, other = label[graph.ends].T
    inside = np.bincount(one[one == other], weights=graph.weights[one == other], minlength=label.max() + 1)
    strength = np.bincount(np.concatenate([one, other]), weights=np.concatenate([graph.weights, graph.weights]))
    return float((inside / whole - resolution * (strength / (2 * whole)) ** 2).sum())
