"""Networks for the tests: known ones, and any small one."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.network.network import Actor, Network, Tie


def named(ties: str, sectors: dict[str, str] | None = None, alone: str = "") -> Network:
    """``"ab bc"``: ties between actors of one letter. ``sectors`` gives each sector's letters."""
    of = {letter: code for code, letters in (sectors or {}).items() for letter in letters}
    ids = sorted({letter for tie in ties.split() for letter in tie} | set(alone))
    return Network(
        tuple(Actor(id, sector=of.get(id, "")) for id in ids), tuple(Tie(tie[0], tie[1]) for tie in ties.split())
    )


# Krackhardt (1990), figure 1: the kite. A Andre, B Beverley, C Carol, D Diane, E Ed, F Fernando, G Garth,
# H Heather, I Ike, J Jane.
KITE = "AB AC AD AF BD BE BG CD CF DE DF DG EG FG FH GH HI IJ"


def made(actors: int, ties: int, seed: int = 1, sectors: int = 7, across: float = 0.35) -> Network:
    """A network made up: most ties stay in a sector, some actors have many."""
    random_ = random.Random(seed)
    types = ["community", "institution", "municipality", "foundation", "business", "citizens"]
    scales = ["quartier", "ville", "MRC", "région"]
    people = [
        Actor(f"a{i:05}", f"s{int(sectors * random_.random() ** 1.4)}", random_.choice(types), random_.choice(scales))
        for i in range(actors)
    ]
    within: dict[str, list[int]] = {}
    for i, actor in enumerate(people):
        within.setdefault(actor.sector, []).append(i)
    found: set[tuple[int, int]] = set()
    for _ in range(ties * 20):
        if len(found) == ties:
            break
        one = int(actors * random_.random() ** 2)
        pool = range(actors) if random_.random() < across else within[people[one].sector]
        other = pool[int(len(pool) * random_.random() ** 1.5)]
        if one != other:
            found.add((min(one, other), max(one, other)))
    return Network(tuple(people), tuple(Tie(people[a].id, people[b].id) for a, b in sorted(found)))


def shuffled(network: Network, seed: int) -> Network:
    """The same network in another order, its ties from the other end."""
    random_ = random.Random(seed)
    actors = random_.sample(network.actors, len(network.actors))
    ties = random_.sample(network.ties, len(network.ties))
    return Network(
        tuple(actors),
        tuple(Tie(tie.other, tie.one, tie.kind, tie.weight, tie.since, tie.until) for tie in ties),
    )


@st.composite
def networks(draw: st.DrawFn, most: int = 9) -> Network:
    """Any network of a few actors; some of their codes are not known, some ties are declared twice."""
    n = draw(st.integers(0, most))
    code = st.sampled_from(["", "x", "y", "z"])
    actors = tuple(Actor(f"n{i}", draw(code), draw(code), draw(code)) for i in range(n))
    end = st.integers(0, max(n - 1, 0))
    pairs = draw(st.lists(st.tuples(end, end), max_size=18)) if n else []
    return Network(actors, tuple(Tie(f"n{a}", f"n{b}") for a, b in pairs if a != b))


def for_any_network(test: Callable[..., None]) -> Callable[..., None]:
    """A property of networks, without limit of time: the first example may wait for scipy."""
    return settings(deadline=None)(given(networks())(test))
