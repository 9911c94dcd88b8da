"""How many of the possible ties are there."""

from __future__ import annotations

from fractions import Fraction

from maillage.methods.network.network import Network


def density(network: Network) -> Fraction | None:
    """Different ties over possible pairs, ``2 m / (n (n − 1))``; ``None`` for fewer than 2 actors."""
    n = network.graph.size
    return Fraction(2 * len(network.graph.ends), n * (n - 1)) if n > 1 else None
