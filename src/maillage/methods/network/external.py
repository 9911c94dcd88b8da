"""Do ties go out of the groups or stay inside: the E-I index, and what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.graph import By, Groups
from maillage.methods.network.network import Network


@dataclass(frozen=True)
class GroupIndex:
    """The index of one group."""

    group: str
    actors: int
    inside: int
    outside: int
    """Ties with the other groups."""
    expected: Fraction | None
    """With ties drawn among all pairs alike; ``None`` where the group has no pair."""

    @property
    def index(self) -> Fraction | None:
        """``None`` without tie."""
        return _index(self.outside, self.inside)


@dataclass(frozen=True)
class External:
    """The E-I index of a network."""

    by: By
    inside: int
    outside: int
    unknown: int
    """Ties of an actor whose group is not known: left out."""
    expected: Fraction | None
    """The mean of the index over every way of giving the groups to the actors; ``None`` for fewer than 2 actors."""
    chance: Fraction | None
    """Share of the drawn networks as far from ``expected`` as this one, or farther; ``None`` without tie."""
    draws: int
    groups: tuple[GroupIndex, ...]
    """In alphabetical order."""

    @property
    def index(self) -> Fraction | None:
        """From −1 (every tie stays inside a group) to 1 (every tie goes out); ``None`` without tie."""
        return _index(self.outside, self.inside)


def external(network: Network, by: By = "sector", *, draws: int = 499, seed: int = 0) -> External:
    """The index of Krackhardt and Stern (1988): ``(E − I) / (E + I)``, over the actors whose group is known.

    ``expected`` is exact: with the groups given at random, a tie falls inside one with the probability
    ``p = Σ n_g (n_g − 1) / (n (n − 1))``, so the mean index is ``1 − 2 p``. For one group, the ratio is taken between
    expected counts: ``(2 (n − n_g) − (n_g − 1)) / (2 (n − n_g) + (n_g − 1))``.

    ``chance`` is a permutation test: the groups are shuffled ``draws`` times over the actors (seeded), the ties stay.
    It counts this network as one of the draws, so it is never 0. Two-sided.
    """
    graph = network.graph
    groups = graph.groups(by)
    pairs = groups.of[graph.ends].reshape(-1, 2)
    known = (pairs >= 0).all(axis=1)
    same = pairs[:, 0] == pairs[:, 1]
    sizes = groups.sizes.tolist()
    n = sum(sizes)
    inside_of = np.bincount(pairs[known & same, 0], minlength=len(sizes)).tolist()
    outside_of = np.bincount(pairs[known & ~same].ravel(), minlength=len(sizes)).tolist()
    inside, ties = sum(inside_of), int(known.sum())
    within = sum(size * (size - 1) for size in sizes)
    return External(
        by,
        inside,
        ties - inside,
        len(pairs) - ties,
        1 - 2 * Fraction(within, n * (n - 1)) if n > 1 else None,
        _chance(groups, graph.ends[known], inside, Fraction(within * ties, n * (n - 1)), draws, seed) if ties else None,
        draws,
        tuple(
            GroupIndex(name, size, inner, outer, _index(2 * (n - size), size - 1))
            for name, size, inner, outer in zip(groups.names, sizes, inside_of, outside_of, strict=True)
        ),
    )


def _index(outside: int, inside: int) -> Fraction | None:
    return Fraction(outside - inside, outside + inside) if outside + inside else None


def _chance(groups: Groups, ends: NDArray[np.int64], inside: int, mean: Fraction, draws: int, seed: int) -> Fraction:
    """The share of networks as far from the mean, this one among them."""
    places = np.flatnonzero(groups.of >= 0)
    # The smallest integers that hold the codes: they stay in the processor's nearest memory.
    codes = groups.of.astype(np.int8 if len(groups.names) < 2**7 else np.int32)
    known = codes[places]
    one, other = np.ascontiguousarray(ends[:, 0]), np.ascontiguousarray(ends[:, 1])
    random = np.random.default_rng(seed)
    counts = np.empty(draws, dtype=np.int64)
    for draw in range(draws):
        # Places are drawn, not codes: numpy shuffles its own integers faster than small ones.
        codes[places] = known[random.permutation(len(known))]
        counts[draw] = np.count_nonzero(codes.take(one) == codes.take(other))
    # Compared as whole numbers: equal distances are equal.
    distances = np.abs(counts * mean.denominator - mean.numerator)
    far = int(np.count_nonzero(distances >= abs(inside * mean.denominator - mean.numerator)))
    return Fraction(1 + far, 1 + draws)
