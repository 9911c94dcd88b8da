"""The fewest cells: an integer program that learns, round after round, the inequalities that its choice breaks.

Fischetti & Salazar (2001): the master program chooses cells; an attack on the choice gives inequalities; when none is
broken the choice is safe, and no safe choice costs less.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from maillage.methods.disclosure._attack import NEAR
from maillage.methods.disclosure._greedy import greedy
from maillage.methods.disclosure._problem import Cut, Problem, violated
from maillage.methods.disclosure._trim import trim


def exact(
    problem: Problem, known: NDArray[np.bool_] | None, left: Callable[[], float]
) -> tuple[NDArray[np.bool_] | None, bool]:
    """The cheapest safe choice and whether it is proven so; ``known`` is a safe choice, ``left()`` the seconds left.

    ``(None, True)``: there is no safe choice.
    """
    cuts = _first(problem)
    best = known
    while left() > 0:
        chosen, bound = _master(problem, cuts, left())
        if chosen is None:
            return best, best is None and bound == np.inf
        if best is not None and bound >= problem.cost[best].sum() - NEAR:
            return best, True
        broken = violated(problem, chosen)
        if not broken:
            return chosen, bound >= problem.cost[chosen].sum() - NEAR
        cuts += broken
        # The choice was near: what it lacks is soon found, and often makes the best known so far.
        whole = greedy(problem, chosen)
        if whole is not None:
            whole = trim(problem, whole, chosen, left)
            best = whole if best is None or problem.cost[whole].sum() < problem.cost[best].sum() else best
    return best, False


def _first(problem: Problem) -> list[Cut]:
    """What lines say without an attack: in a line whose sum is published, those withheld with a cell must cover it."""
    counts = problem.system.counts
    cuts = []
    for line in problem.system.lines:
        for cell in line.children[problem.forced[line.children]].tolist():
            asked = int(problem.high[cell] - counts[cell])
            if asked > 0:
                share = np.zeros(len(counts))
                share[line.children] = np.minimum(counts[line.children] / asked, 1.0)
                share[line.parent], share[cell] = 1.0, 0.0
                cuts.append(Cut(share, cell))
    return cuts


def _master(problem: Problem, cuts: list[Cut], seconds: float) -> tuple[NDArray[np.bool_] | None, float]:
    """The cheapest choice that breaks none of the inequalities known, and what every choice costs at least."""
    size = len(problem.cost)
    rules = []
    if cuts:
        shares = np.array([cut.share for cut in cuts])
        when = np.array([cut.when for cut in cuts])
        asked = np.flatnonzero(when >= 0)
        shares[asked, when[asked]] -= 1.0
        matrix, right = sparse.csr_matrix(shares), (when < 0).astype(float)
        # The multipliers are rounded by the solver: a little room keeps the inequalities true.
        rules.append(LinearConstraint(matrix, right - 1e-6, np.inf))
    done = milp(
        problem.cost, integrality=np.ones(size), constraints=rules,
        bounds=Bounds(problem.forced.astype(float), problem.allowed.astype(float)),
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0},
    )  # fmt: skip
    if done.status == 2:
        return None, np.inf
    if done.x is None:
        return None, 0.0
    return done.x > 0.5, float(done.mip_dual_bound)
