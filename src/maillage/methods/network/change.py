"""What changed in a network between two days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from maillage.methods.network.network import Network

Thing = TypeVar("Thing", str, tuple[str, str])


@dataclass(frozen=True)
class SectorChange:
    """Actors of a sector; ties of which an end is there (one between two sectors counts in both)."""

    sector: str
    actors_came: int
    actors_ended: int
    actors_stayed: int
    ties_came: int
    ties_ended: int
    ties_stayed: int


@dataclass(frozen=True)
class Change:
    """Ids of actors, pairs of ids of ties; all in order."""

    before: date
    after: date
    actors_came: tuple[str, ...]
    actors_ended: tuple[str, ...]
    actors_stayed: tuple[str, ...]
    ties_came: tuple[tuple[str, str], ...]
    ties_ended: tuple[tuple[str, str], ...]
    ties_stayed: tuple[tuple[str, str], ...]
    sectors: tuple[SectorChange, ...]
    """In alphabetical order; ``""`` where it is not known."""


def change(network: Network, before: date, after: date) -> Change:
    """Actors and tied pairs of one day and not of the other, and of both. A pair is tied while one of its ties lasts.

    Errors: ``ValueError`` where ``after`` comes before ``before``.
    """
    if after < before:
        raise ValueError(f"{after} < {before}")
    first, last = network.at(before), network.at(after)
    actors = _compared({actor.id for actor in first.actors}, {actor.id for actor in last.actors})
    ties = _compared({tie.pair for tie in first.ties}, {tie.pair for tie in last.ties})
    sector = {actor.id: actor.sector for actor in network.actors}
    of_actors = [Counter(sector[id] for id in ids) for ids in actors]
    # A set: a tie inside a sector counts there once.
    of_ties = [Counter(code for one, other in pairs for code in {sector[one], sector[other]}) for pairs in ties]
    counts = [*of_actors, *of_ties]
    rows = tuple(SectorChange(code, *(count[code] for count in counts)) for code in sorted(set().union(*counts)))
    return Change(before, after, *actors, *ties, rows)


def _compared(first: set[Thing], last: set[Thing]) -> tuple[tuple[Thing, ...], tuple[Thing, ...], tuple[Thing, ...]]:
    """Came, ended, stayed."""
    return tuple(sorted(last - first)), tuple(sorted(first - last)), tuple(sorted(first & last))
