"""The directions along which a table with holes varies most, without ever filling its holes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALL = 64
"""Up to so many columns the products of columns make a table small enough to be solved whole."""
LARGE = 4_000_000
"""Cells of a table that is written in full; above, only its entries are kept."""
WIDEST = 360
"""Vectors kept while searching. Two directions that nearly tie may need them all."""


@dataclass(frozen=True, eq=False)
class Entries:
    """A table ``(rows, columns)`` by its entries; everything else is 0."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Floats
    shape: tuple[int, int]

    def forward(self, vector: Floats) -> Floats:
        """The table times a vector ``(columns,)``."""
        product: Floats = np.bincount(self.row, self.value * vector[self.column], self.shape[0]).astype(float)
        return product

    def back(self, vector: Floats) -> Floats:
        """The table turned over, times a vector ``(rows,)``."""
        product: Floats = np.bincount(self.column, self.value * vector[self.row], self.shape[1]).astype(float)
        return product


def leading_axes(table: Entries, count: int = 2, tolerance: float = 1e-9) -> tuple[Floats, Floats]:
    """The first ``count`` axes of a principal component analysis: unit vectors ``(count, columns)``, sums of squares.

    The columns must already have mean 0. A small table is solved whole; a large one by a block Krylov search
    (Musco and Musco 2015): the products of the table with a few vectors, kept orthogonal, hold its leading directions
    long before the table is known; it stops when ``‖TᵀTv − λv‖ ≤ tolerance · λ₁``. An axis along which nothing varies
    is a vector of 0. Signs are not settled here.
    """
    if table.shape[1] <= SMALL and table.shape[0] * table.shape[1] <= LARGE:
        found = _whole(table)
    else:
        found = _searched(table, count, tolerance)
    squares, vectors = found
    axes, size = np.zeros((count, table.shape[1])), np.zeros(count)
    kept = min(count, len(squares))
    axes[:kept], size[:kept] = vectors[:, ::-1].T[:kept], squares[::-1][:kept]
    # What rounding alone would give is no direction.
    flat = size <= 1e-12 * max(float(np.square(table.value).sum()), 1e-300)
    axes[flat], size[flat] = 0, 0
    return axes, size


def _whole(table: Entries) -> tuple[Floats, Floats]:
    full = np.zeros(table.shape)
    full[table.row, table.column] = table.value
    squares, vectors = np.linalg.eigh(full.T @ full)
    return squares, vectors


def _searched(table: Entries, count: int, tolerance: float) -> tuple[Floats, Floats]:
    columns = table.shape[1]
    widest = min(columns, WIDEST)
    # One vector more than asked: a tie between two axes is found as a tie. The start is fixed, and changes nothing
    # of the result beyond the tolerance.
    block = np.linalg.qr(np.random.default_rng(0).normal(size=(columns, min(count + 1, columns))))[0]
    basis, images = np.zeros((columns, 0)), np.zeros((columns, 0))
    for step in range(1, widest + 1):
        image = np.stack([table.back(table.forward(vector)) for vector in block.T], axis=1)
        basis, images = np.hstack([basis, block]), np.hstack([images, image])
        full = basis.shape[1] + block.shape[1] > widest
        if full or step % 4 == 0:
            product = basis.T @ images
            squares, turns = np.linalg.eigh((product + product.T) / 2)
            squares, turns = squares[-count:], turns[:, -count:]
            vectors = basis @ turns
            off = np.linalg.norm(images @ turns - vectors * squares, axis=0).max()
            if full or off <= tolerance * max(float(squares[-1]), 1e-300):
                break
        block = image
        for _ in range(2):  # Twice: once leaves what rounding put back.
            block = np.linalg.qr(block - basis @ (basis.T @ block))[0]
    return squares, vectors
