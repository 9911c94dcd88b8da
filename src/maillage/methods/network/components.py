"""Which actors can reach each other from tie to tie."""

from __future__ import annotations

import numpy as np

from maillage.methods.network.network import Network


def components(network: Network) -> tuple[tuple[str, ...], ...]:
    """Ids of each part that holds together, the largest part first, then by first id; an actor without tie is one."""
    graph = network.graph
    if not graph.size:
        return ()
    from scipy.sparse.csgraph import connected_components

    _count, part = connected_components(graph.matrix(), directed=False)
    order = np.argsort(part, kind="stable")
    cuts = np.flatnonzero(np.diff(part[order])) + 1
    found = [tuple(graph.ids[i] for i in places) for places in np.split(order, cuts)]
    return tuple(sorted(found, key=lambda ids: (-len(ids), ids[0])))
