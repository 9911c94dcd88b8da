"""What search knows of actors."""

from __future__ import annotations

from collections.abc import Iterable

from maillage.actors.models import Actor


def put(actors: Iterable[Actor]) -> None:
    """Tell the search index what these actors are now."""
