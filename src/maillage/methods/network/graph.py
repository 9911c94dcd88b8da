"""A network as arrays. Actors stand in the order of their ids, so that no result depends on the order of the input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from maillage.methods.network.network import Actor, Tie

By = Literal["sector", "type", "scale"]
"""What actors are grouped by."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The group of each actor."""

    names: tuple[str, ...]
    """Codes in alphabetical order; the actors whose code is not known are in none."""
    of: NDArray[np.int32]
    """``(n,)``: places in ``names``, −1 where it is not known."""

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """``(groups,)``: actors in each."""
        return np.bincount(self.of[self.of >= 0], minlength=len(self.names))


@dataclass(frozen=True, eq=False)
class Graph:
    """``n`` actors in the order of their ids and ``m`` different ties, several ties of one pair being one."""

    actors: Sequence[Actor]
    ends: NDArray[np.int64]
    """``(m, 2)``: places in ``actors``, the lower first; ties in order."""
    weights: NDArray[np.float64]
    """``(m,)``."""

    @property
    def size(self) -> int:
        return len(self.actors)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(actor.id for actor in self.actors)

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Every tie from both of its ends: from, to, weight, in order."""
        source = np.concatenate([self.ends[:, 0], self.ends[:, 1]])
        target = np.concatenate([self.ends[:, 1], self.ends[:, 0]])
        order = np.lexsort((target, source))
        return source[order], target[order], np.concatenate([self.weights, self.weights])[order]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """``(n + 1,)``: the neighbours of ``i`` are ``neighbours[starts[i]:starts[i + 1]]``, in order."""
        return np.concatenate([[0], np.cumsum(self.degrees)])

    @cached_property
    def neighbours(self) -> NDArray[np.int64]:
        """``(2 m,)``."""
        return self._sorted[1]

    @cached_property
    def degrees(self) -> NDArray[np.int64]:
        """``(n,)``: ties of each actor."""
        return np.bincount(self.ends.ravel(), minlength=self.size)

    def matrix(self, weighted: bool = False) -> Any:
        """The symmetric adjacency matrix, a ``scipy.sparse.csr_matrix`` of floats ``(n, n)``."""
        from scipy.sparse import csr_matrix

        values = self._sorted[2] if weighted else np.ones(len(self.neighbours))
        return csr_matrix((values, self.neighbours, self.starts), shape=(self.size, self.size))

    def groups(self, by: By) -> Groups:
        """Actors grouped by a code."""
        codes = [getattr(actor, by) for actor in self.actors]
        names = tuple(sorted(set(codes) - {""}))
        place = {name: i for i, name in enumerate(names)} | {"": -1}
        return Groups(names, np.array([place[code] for code in codes], dtype=np.int32))


def graph(actors: Sequence[Actor], ties: Iterable[Tie]) -> Graph:
    """Arrays of actors already in the order of their ids, and of ties in any order."""
    place = {actor.id: i for i, actor in enumerate(actors)}
    pairs = np.array([(place[tie.one], place[tie.other]) for tie in ties], dtype=np.int64).reshape(-1, 2)
    pairs.sort(axis=1)
    weights = np.array([tie.weight for tie in ties], dtype=np.float64)
    # Equal pairs are added up from the lightest, so that the sum is the same in whatever order they came.
    order = np.lexsort((weights, pairs[:, 1], pairs[:, 0]))
    pairs, weights = pairs[order], weights[order]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    summed = np.add.reduceat(weights, np.flatnonzero(first)) if len(pairs) else weights
    return Graph(tuple(actors), pairs[first], summed)
