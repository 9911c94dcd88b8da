"""One line of counts of persons whose total is known: which may be published, without a solver.

The case of a page that tells how a group is shared out (positions, types, years). Same promise as ``protect``: no
count of 1 to ``threshold - 1`` is shown, and what is withheld adds up to ``threshold`` or more over at least two
counts, so that the total, or a subtraction, gives no small group back.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def line(counts: Mapping[K, int], threshold: int) -> dict[K, int | None]:
    """The counts as they may be shown, in the same order; ``None``: withheld.

    A total under the threshold withholds everything, zeros included: do not show it either. Otherwise the small counts
    are withheld, then the smallest others until they help each other (the first of equals).

    Errors: ``ValueError`` for a count under 0 or a threshold under 1.

    >>> line({"for": 9, "against": 3}, 5), line({"for": 12, "against": 4, "none": 3}, 5)
    ({'for': None, 'against': None}, {'for': 12, 'against': None, 'none': None})
    """
    if threshold < 1 or any(n < 0 for n in counts.values()):
        raise ValueError("Counts are of 0 or more, and the threshold of 1 or more.")
    if sum(counts.values()) < threshold:
        return dict.fromkeys(counts) if any(counts.values()) else dict(counts)
    withheld = {key for key, n in counts.items() if 0 < n < threshold}
    others = sorted((key for key in counts if counts[key] >= threshold), key=lambda key: counts[key])
    while withheld and others and (len(withheld) < 2 or sum(counts[key] for key in withheld) < threshold):
        withheld.add(others.pop(0))
    return {key: None if key in withheld else n for key, n in counts.items()}
