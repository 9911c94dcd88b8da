"""A safe choice made smaller: each cell withheld only as a help is published again if all remain safe without it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from maillage.methods.disclosure._problem import Problem, violated


def trim(
    problem: Problem, chosen: NDArray[np.bool_], start: NDArray[np.bool_], left: Callable[[], float]
) -> NDArray[np.bool_]:
    """Publish again, the dearest first, each cell whose withholding protects nothing."""
    extra = np.flatnonzero(chosen & ~start)
    for cell in extra[np.argsort(-problem.cost[extra], kind="stable")].tolist():
        if left() <= 0:
            break
        chosen[cell] = False
        if violated(problem, chosen, first=True):
            chosen[cell] = True
    return chosen
