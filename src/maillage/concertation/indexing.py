"""What search knows of spaces."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.concertation.models import Space


def put(spaces: Iterable[Space]) -> None:
    """Tell the search index what these spaces are now."""
