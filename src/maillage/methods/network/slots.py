"""Where actors may stand in the drawing: rows of a ring, cut in one wedge for each sector."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TURN = 2 * math.pi
_LARGEST = 0.06
"""Spacing that a few actors do not exceed."""
_COMFORTABLE = 0.02
"""Spacing above which one row more is of no use: 17 pixels of a drawing 850 wide."""
_INNERMOST = 0.2
"""Radius left free in the middle for the ties."""
_STEPS = 40


@dataclass(frozen=True, eq=False)
class Slots:
    spacing: float
    """Distance between any two actors, at least."""
    radii: NDArray[np.float64]
    """``(rows,)``: from the innermost."""
    middle: NDArray[np.float64]
    """``(sectors,)``: angles from the top, clockwise."""
    widths: NDArray[np.float64]
    """``(sectors, rows)``: angles from the first actor of the row to the last."""
    counts: NDArray[np.int64]
    """``(sectors, rows)``: actors."""


def slots(sizes: NDArray[np.int64]) -> Slots:
    """Room for ``sizes`` actors (``(sectors,)``, each at least 1): the fewest rows that let them be seen.

    Rows are added until actors are ``_COMFORTABLE`` apart, or no row more gives them more room. Between two sectors the
    way is equally wide from the inside to the outside.
    """
    best = _Spacing(sizes, 1)
    for rows in range(2, 60):
        if not best.below(_COMFORTABLE):
            break
        more = _Spacing(sizes, rows)
        if not best.less_than(more):
            break
        best = more
    spacing, rows = best.found(), best.rows
    radii = _radii(spacing, rows)
    gap = _gap(len(sizes), spacing, radii[0])
    shares = _shares(sizes, spacing, radii, gap)
    # What is left is given in proportion, up to half as much again; beyond, it opens the ways between sectors.
    free = _TURN - shares.sum()
    taken = shares - gap / radii[0]
    shares += taken * min(free / taken.sum(), 0.5) if taken.sum() > 0 else 0
    widths = _inside(shares, radii, gap)
    shares += (_TURN - shares.sum()) / len(sizes)
    return Slots(
        spacing, radii, np.cumsum(shares) - shares / 2, widths, _filled(sizes, _held(widths, _arcs(spacing, radii)))
    )


def _radii(spacing: float, rows: int) -> NDArray[np.float64]:
    return np.linspace(0.5 - spacing * (rows - 0.5), 0.5 - spacing / 2, rows)


def _gap(sectors: int, spacing: float, inner: float) -> float:
    """Width of the way between two sectors."""
    return max(min(0.3, 0.25 * _TURN / sectors) * inner, 1.5 * spacing)


def _inside(shares: NDArray[np.float64], radii: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """The angle that each sector's share of the circle leaves it in each row, between two half ways."""
    return np.maximum(shares[:, None] - gap / radii, 0)


def _arcs(spacing: float, radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The angle, in each row, between two actors whose straight distance is the spacing."""
    return 2 * np.arcsin(np.minimum(spacing / (2 * radii), 1))


def _held(widths: NDArray[np.float64], arcs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Actors that rows of these widths hold."""
    # A little is given back to rounding.
    return 1 + np.floor(widths / arcs + 1e-9).astype(np.int64)


def _shares(
    sizes: NDArray[np.int64], spacing: float, radii: NDArray[np.float64], gap: float, most: float | None = None
) -> NDArray[np.float64]:
    """The smallest shares of the circle, way included, that hold the actors: by halving.

    ``most``: stop as soon as it is known whether their sum is at most this.
    """
    arcs = _arcs(spacing, radii)
    low = np.full(len(sizes), gap / radii[0])
    high = np.full(len(sizes), 4 * _TURN)
    enough = _held(_inside(low, radii, gap), arcs).sum(axis=1) >= sizes
    high = np.where(enough, low, high)
    for _ in range(_STEPS):
        if most is not None and (high.sum() <= most or low.sum() > most):
            break
        middle = (low + high) / 2
        enough = _held(_inside(middle, radii, gap), arcs).sum(axis=1) >= sizes
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _fits(sizes: NDArray[np.int64], spacing: float, rows: int) -> bool:
    radii = _radii(spacing, rows)
    if radii[0] < (_INNERMOST if rows > 1 else spacing):
        return False
    return bool(_shares(sizes, spacing, radii, _gap(len(sizes), spacing, radii[0]), _TURN).sum() <= _TURN)


class _Spacing:
    """The largest spacing at which rows hold the actors, by halving, no further than a comparison needs."""

    def __init__(self, sizes: NDArray[np.int64], rows: int) -> None:
        self.sizes, self.rows = sizes, rows
        self.low, self.high, self.steps = 0.0, _LARGEST, 0
        if _fits(sizes, _LARGEST, rows):
            self.low, self.steps = _LARGEST, _STEPS

    def halve(self) -> bool:
        """``False`` once there is nothing more to find."""
        if self.steps == _STEPS:
            return False
        self.steps += 1
        middle = (self.low + self.high) / 2
        if _fits(self.sizes, middle, self.rows):
            self.low = middle
        else:
            self.high = middle
        return True

    def below(self, limit: float) -> bool:
        while self.low < limit < self.high and self.halve():
            pass
        return self.low < limit

    def less_than(self, other: _Spacing) -> bool:
        while self.high > other.low and other.high > self.low:
            halved = self.halve()
            if not (other.halve() or halved):
                break
        return self.low < other.low

    def found(self) -> float:
        while self.halve():
            pass
        return self.low


def _filled(sizes: NDArray[np.int64], held: NDArray[np.int64]) -> NDArray[np.int64]:
    """Actors of each row, in proportion to what it holds; the innermost rows take what is over."""
    counts = sizes[:, None] * held // held.sum(axis=1, keepdims=True)
    over = sizes - counts.sum(axis=1)
    return counts + (np.arange(held.shape[1]) < over[:, None])
