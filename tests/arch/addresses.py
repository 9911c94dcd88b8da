"""What each reader must get at an address of the project: the words of the table.

Each room keeps its own table in ``tests/<room>/addresses.py``, one line for each name of its ``urls.py``::

    from tests.arch.addresses import INSIDE, OPEN, STEERS, post_only

    ADDRESSES = {
        "actors_in:directory": OPEN,
        "actors_in:edit": STEERS.at(lambda world: {"uuid": ActorFactory(alliance=world.alliance).uuid}),
        "actors_in:merge": post_only(STEERS).at(…),
    }

``.at(world -> kwargs)`` gives the pieces of the address; the slug of the alliance is filled in by itself.
``.but(member=404)`` changes one reader of a ready-made line. Five readers: ``nobody`` (not signed in), ``member``
and ``agent`` of the alliance, ``stranger`` (agent of another alliance), ``operator`` of the instance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from maillage.accounts.models import User
from maillage.alliances.models import Alliance

SIGN_IN = "sign-in"
"""Sent to the sign-in page."""
MOVED = "moved"
"""Any other redirection."""
READERS = ("nobody", "member", "agent", "stranger", "operator")
Outcome = int | str


@dataclass
class World:
    """Who and what the walk uses. The alliance is public; ``other`` is the stranger's."""

    alliance: Alliance
    other: Alliance
    users: Mapping[str, User | None]

    @property
    def agent(self) -> User:
        user = self.users["agent"]
        assert user is not None
        return user

    @property
    def member(self) -> User:
        user = self.users["member"]
        assert user is not None
        return user


def _nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Expected:
    """The outcome of a GET for each reader."""

    nobody: Outcome
    member: Outcome
    agent: Outcome
    stranger: Outcome
    operator: Outcome
    kwargs: Callable[[World], Mapping[str, Any]] = _nothing
    query: str = ""
    posts: bool = False
    """Only answers to POST: whoever may use it gets 405 for a GET."""
    own_door: bool = field(default=False)
    """Inside an alliance that is not public, it may still answer (a link that carries its own key)."""

    def at(self, kwargs: Callable[[World], Mapping[str, Any]], query: str = "") -> Expected:
        return replace(self, kwargs=kwargs, query=query)

    def but(self, **outcomes: Outcome) -> Expected:
        return replace(self, **outcomes)  # type: ignore[arg-type]


def everyone(outcome: Outcome) -> Expected:
    return Expected(*[outcome] * len(READERS))


OPEN = everyone(200)
"""Public: anyone at all."""
SIGNED_IN = Expected(SIGN_IN, 200, 200, 200, 200)
"""One's own pages: any account."""
INSIDE = Expected(SIGN_IN, 200, 200, 403, 403)
"""Whoever holds a role in the alliance."""
STEERS = Expected(SIGN_IN, 403, 200, 403, 403)
"""The agent."""
OPERATES = Expected(SIGN_IN, 403, 403, 403, 200)
"""The operator of the instance."""


def post_only(who: Expected) -> Expected:
    """The same readers, for an address that only answers to POST."""
    outcomes = {reader: 405 if getattr(who, reader) == 200 else getattr(who, reader) for reader in READERS}
    return replace(who, **outcomes, posts=True)  # type: ignore[arg-type]
