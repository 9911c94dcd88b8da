"""Electorates drawn from a seed, small enough for ties to be everywhere."""

import numpy as np

from maillage.methods.ranking.ballots import RatingBallots


def ballots_of(*rows, counts=None, options=None):
    """Rows of numbers, a higher one better, None where blank."""
    values = np.array([[-128 if cell is None else cell for cell in row] for row in rows], dtype=np.int8)
    names = tuple(options or "ABCDEFGHIJKL"[: values.shape[1]])
    return RatingBallots(names, values, None if counts is None else np.array(counts, dtype=np.int64))


def drawn(seed, *, strict=False, complete=False, most=5, voters=9):
    """One to ``most`` options; ``strict``: no two options equal on a ballot."""
    random = np.random.default_rng(seed)
    size = int(random.integers(1, most + 1))
    rows = int(random.integers(1, voters + 1))
    if strict:
        values = np.array([random.permutation(size) + 1 for _ in range(rows)], dtype=np.int8)
    else:
        values = random.integers(1, max(2, size), (rows, size), endpoint=True).astype(np.int8)
    if not complete:
        values[random.random(values.shape) < random.choice([0, 0.2, 0.5])] = -128
    return RatingBallots(tuple("ABCDEFGHIJKL"[:size]), values)
