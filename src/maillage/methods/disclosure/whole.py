"""Whether one line of counts of persons may be published whole."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from maillage.methods.disclosure.line import line

K = TypeVar("K", bound=Hashable)


def whole(counts: Mapping[K, int], threshold: int) -> bool:
    """Whether all of it may be shown. Same errors as ``line``."""
    return None not in line(counts, threshold).values()
