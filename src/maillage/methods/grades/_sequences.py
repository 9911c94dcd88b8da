"""The grades of an option in the order in which repeated removal of the median takes them, as runs.

Copy every grade until each option has ``2 L`` of them (copying changes no comparison, see below): the lower median is
then the ``L``-th from the worst, and removal takes alternately one from below and one from above the middle: the
``L``-th, the ``L + 1``-th, the ``L − 1``-th, the ``L + 2``-th… At distance ``d`` from the middle, from 1 to ``L``, it
takes the pair (``L + 1 − d``-th, ``L + d``-th). As there are few grades, these pairs are few runs of equal ones.
Options compare as their sequences do, at the first place where they differ.

Copying: with an even number ``n`` of grades the pairs are the same, each repeated; with an odd number the middle grade
comes once and then the pairs, and its copies first make a pair of itself. Either way the first difference is between
the same two grades.
"""

from __future__ import annotations

from collections.abc import Sequence

Run = tuple[int, int, int]
"""Up to which distance, the grade below, the grade above; grades from 0 for the best."""


def runs_of(counts: Sequence[int], everyone: int) -> list[Run]:
    """The runs of an option, ``counts`` best first, copied so that ``everyone`` is ``L``. None without grades."""
    total = sum(counts)
    if not total:
        return []
    copies = 2 * everyone // total
    below: list[tuple[int, int]] = []
    above: list[tuple[int, int]] = []
    reached = 0
    for grade in reversed(range(len(counts))):
        before, reached = reached, reached + counts[grade] * copies
        if before < min(reached, everyone):
            below.insert(0, (everyone - before, grade))
        if reached > max(before, everyone):
            above.append((reached - everyone, grade))
    ends = sorted({end for end, _grade in below + above})
    return [(end, _at(below, end), _at(above, end)) for end in ends]


def _at(side: list[tuple[int, int]], distance: int) -> int:
    return next(grade for end, grade in side if distance <= end)


def compare(first: list[Run], second: list[Run]) -> tuple[int, int, int]:
    """1, −1 or 0 where ``first`` is better, worse or equal; pairs that are equal before; 0 or 1: which of the pair.

    An option without grades is worse than any other.
    """
    if not first or not second:
        return bool(first) - bool(second), 0, 0
    a = b = passed = 0
    while a < len(first) and b < len(second):
        for side in (1, 2):
            if first[a][side] != second[b][side]:
                return (1 if first[a][side] < second[b][side] else -1), passed, side - 1
        passed = min(first[a][0], second[b][0])
        a += first[a][0] == passed
        b += second[b][0] == passed
    return 0, passed, 0
