"""What every measure of a network takes: actors, and undirected ties between them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from maillage.methods.network.depth import Walk, walk
from maillage.methods.network.graph import Graph, graph
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _


class NetworkError(ValueError):
    """A network that means nothing (a tie to nobody, an actor twice), and why."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class Actor:
    id: str
    sector: str = ""
    """A code; empty where it is not known. So are ``type`` and ``scale``."""
    type: str = ""
    scale: str = ""
    name: str = field(default="", compare=False)
    """For the words; the id where it is empty."""
    since: date | None = None
    """Present in ``[since, until)``; ``None`` = not known, which bounds nothing."""
    until: date | None = None

    @property
    def label(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Tie:
    """A relation between two different actors, the same both ways."""

    one: str
    other: str
    kind: str = ""
    weight: float = 1
    """More than 0. Communities use it; no other measure does."""
    since: date | None = None
    """Alive in ``[since, until)``; ``None`` = not known, which bounds nothing."""
    until: date | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Its two ends, in the order of ids."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


@dataclass(frozen=True)
class Network:
    """Actors and their ties, in any order: nothing depends on it.

    Several ties may join the same two actors (several kinds, or a tie that each of them declared). The measures see
    one tie there, whose weight is their sum.

    Errors: :class:`NetworkError` for two actors with one id, a tie to an actor that is not there, a tie of an actor
    with itself, a weight that is not more than 0, an interval that ends before it begins.
    """

    actors: tuple[Actor, ...]
    ties: tuple[Tie, ...] = ()

    def __post_init__(self) -> None:
        known: set[str] = set()
        for actor in self.actors:
            if actor.id in known:
                raise NetworkError(_("Two actors have the same id: %(id)s.", id=actor.id))
            known.add(actor.id)
            _refuse_backwards(actor.since, actor.until, actor.id)
        for tie in self.ties:
            for end in (tie.one, tie.other):
                if end not in known:
                    raise NetworkError(_("A tie names an actor that is not in the network: %(id)s.", id=end))
            if tie.one == tie.other:
                raise NetworkError(_("A tie joins an actor to itself: %(id)s.", id=tie.one))
            if not 0 < tie.weight < math.inf:
                raise NetworkError(
                    _("The weight of the tie %(one)s – %(other)s is not more than 0.", one=tie.one, other=tie.other)
                )
            _refuse_backwards(tie.since, tie.until, f"{tie.one} – {tie.other}")

    def at(self, day: date) -> Network:
        """The network as it was on this day. A tie ends with the presence of either of its actors."""
        actors = tuple(actor for actor in self.actors if _alive(actor.since, actor.until, day))
        present = {actor.id for actor in actors}
        ties = tuple(
            tie
            for tie in self.ties
            if tie.one in present and tie.other in present and _alive(tie.since, tie.until, day)
        )
        return Network(actors, ties)

    def only(self, kinds: Iterable[str]) -> Network:
        """The same actors with the ties of these kinds."""
        wanted = frozenset(kinds)
        return replace(self, ties=tuple(tie for tie in self.ties if tie.kind in wanted))

    @cached_property
    def graph(self) -> Graph:
        """The same as arrays, made once: what the measures compute on."""
        actors = sorted(self.actors, key=lambda actor: actor.id)
        return graph(actors, self.ties)

    @cached_property
    def walk(self) -> Walk:
        """A walk in depth, made once: cut points and bridges are both read from it."""
        return walk(self.graph)


def _alive(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)


def _refuse_backwards(since: date | None, until: date | None, what: str) -> None:
    if since is not None and until is not None and until <= since:
        raise NetworkError(_("It ends before it begins: %(what)s.", what=what))
