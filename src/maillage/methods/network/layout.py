"""The drawing of a network: sectors around a circle, actors in their sector, ties through the middle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.methods.network.graph import Graph
from maillage.methods.network.network import Network
from maillage.methods.network.sector_order import sector_order
from maillage.methods.network.slots import Slots, slots

Point = tuple[float, float]

_TURN = 2 * math.pi
_TOGETHER = 0.92
"""How much the many ties of two sectors are drawn as one ribbon, at most."""
_ROUNDS = 60
_FOLLOWED = 150
"""Ties between sectors that an eye can follow, from drawings looked at."""
_SWAPPED_UP_TO = 3000
"""Ties: above, crossings are too many for the exchange of neighbours to show."""


@dataclass(frozen=True)
class Place:
    """Where an actor is drawn."""

    actor: str
    sector: str
    x: float
    y: float
    angle: float
    """From the centre, in radians from the top, clockwise: for the name written beside it."""
    row: int
    """From the centre outwards, from 0."""


@dataclass(frozen=True)
class Wedge:
    """Where a sector is drawn: between two angles and two radii, around (0.5, 0.5)."""

    sector: str
    start: float
    end: float
    inner: float
    outer: float
    label: Point
    """Inside the circle, for the sector's name."""


@dataclass(frozen=True)
class Curve:
    """A tie, as a cubic Bézier curve from the place of ``one`` to that of ``other``."""

    one: str
    other: str
    inside: bool
    """Both actors are in one sector."""
    controls: tuple[Point, Point]


@dataclass(frozen=True)
class Bundle:
    """All the ties between two sectors as one ribbon, as wide as they are many, on one scale for the whole drawing.

    Its outline goes from ``corners[0]`` by ``controls[0], controls[1]`` to ``corners[1]``, straight to ``corners[2]``,
    by ``controls[2], controls[3]`` to ``corners[3]``, and back.
    """

    one: str
    other: str
    ties: int
    corners: tuple[Point, Point, Point, Point]
    controls: tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Drawing:
    """Coordinates in the unit square, y downwards, as SVG has it."""

    mark: float
    """Diameter of an actor's mark; two marks are always at least a quarter of it apart."""
    places: tuple[Place, ...]
    """In the order of ids."""
    wedges: tuple[Wedge, ...]
    """Clockwise from the top."""
    curves: tuple[Curve, ...]
    """In the order of ids."""
    bundles: tuple[Bundle, ...]

    @property
    def crowded(self) -> bool:
        """Ties between sectors are too many to be followed one by one: draw the bundles, and the ties of an actor where
        it is pointed at."""
        return sum(not curve.inside for curve in self.curves) > _FOLLOWED


def layout(network: Network, *, sectors: Sequence[str] | None = None, previous: Drawing | None = None) -> Drawing:
    """Draw a network. The same network gives the same drawing, in whatever order it came; nothing is drawn at random.

    ``sectors`` gives the order around the circle (those that it does not name follow in alphabetical order); without
    it, the order that shortens the ties. ``previous``: an earlier drawing, whose sectors and actors keep their order,
    so that what changed is what moved. The steps are explained in ``docs/methods/network-layout.md``.
    """
    graph = network.graph
    if not graph.size:
        return Drawing(0.0, (), (), (), ())
    if sectors is None and previous is not None:
        sectors = [wedge.sector for wedge in previous.wedges]
    names, sector = sector_order(network, sectors)
    room = slots(np.bincount(sector, minlength=len(names)))
    rank = _order(graph, sector, room, _ranks(previous))
    radius, angle, row = _places(graph, sector, room, rank)
    x, y = _xy(radius, angle)
    places = tuple(
        Place(id, names[s], *values)
        for id, s, *values in zip(
            graph.ids, sector.tolist(), x.tolist(), y.tolist(), angle.tolist(), row.tolist(), strict=True
        )
    )
    wedges = tuple(_wedge(name, i, room) for i, name in enumerate(names))
    curves = _curves(graph, sector, room, radius, angle)
    return Drawing(0.8 * room.spacing, places, wedges, curves, _bundles(graph, names, sector, room))


def _ranks(previous: Drawing | None) -> dict[str, float]:
    """Where each actor was in its sector, from −1 (the first, clockwise) to 1."""
    if previous is None:
        return {}
    wedges = {wedge.sector: wedge for wedge in previous.wedges}
    found = {}
    for place in previous.places:
        wedge = wedges[place.sector]
        width = wedge.end - wedge.start
        found[place.actor] = 2 * (place.angle - wedge.start) / width - 1 if width else 0.0
    return found


def _order(graph: Graph, sector: NDArray[np.int64], room: Slots, held: dict[str, float]) -> NDArray[np.int64]:
    """The rank of each actor, clockwise, among all.

    An actor leans from −1 to 1: to the clockwise end of its sector where the sectors it works with come next,
    clockwise, as the ways of two such actors then do not cross. Inside the sector, an actor leans with those it is tied
    to. This is one system of linear equations with a unique solution: a small change in the network changes it little.
    """
    from scipy.sparse import csr_matrix

    n = graph.size
    source = np.repeat(np.arange(n), graph.degrees)
    target = graph.neighbours
    inside = sector[source] == sector[target]
    ahead = (room.middle[sector[target]] - room.middle[sector[source]]) % _TURN
    pull = np.bincount(source[~inside], weights=1 - ahead[~inside] / math.pi, minlength=n)
    beside = csr_matrix((np.ones(int(inside.sum())), (source[inside], target[inside])), shape=(n, n))
    kept = np.array([held.get(id, math.nan) for id in graph.ids])
    known = ~np.isnan(kept)
    lean = np.where(known, kept, 0.0)
    for _ in range(_ROUNDS):
        lean = np.where(known, kept, (pull + beside @ lean) / (graph.degrees + 1))
    # Rounded, so that actors who lean alike are told apart by their ids and not by the last bit of a sum.
    order = np.lexsort((np.arange(n), np.round(lean, 9), sector))
    if not known.any() and len(graph.ends) <= _SWAPPED_UP_TO:
        order = _swapped(graph, sector, order)
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    return rank


def _swapped(graph: Graph, sector: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Exchange two actors side by side wherever fewer ties then cross, until nothing is gained.

    Exact for chords of a circle (Baur and Brandes 2005): with ``u`` just before ``v``, a tie of ``u`` and one of ``v``
    cross where the other end of ``v``'s comes later than that of ``u``'s.
    """
    n = graph.size
    near = [graph.neighbours[graph.starts[i] : graph.starts[i + 1]] for i in range(n)]
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    for _ in range(20):
        better = False
        for i in range(n - 1):
            u, v = order[i], order[i + 1]
            if sector[u] != sector[v] or not len(near[u]) or not len(near[v]):
                continue
            a = np.sort((place[near[u][near[u] != v]] - i) % n)
            b = np.sort((place[near[v][near[v] != u]] - i) % n)
            now = len(a) * len(b) - int(np.searchsorted(b, a, side="right").sum())
            then = int(np.searchsorted(b, a, side="left").sum())
            if then < now:
                order[i], order[i + 1] = v, u
                place[u], place[v] = i + 1, i
                better = True
        if not better:
            break
    return order


def _places(
    graph: Graph, sector: NDArray[np.int64], room: Slots, rank: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Radius, angle and row of each actor: the more ties it has with other sectors, the nearer to the centre."""
    n = graph.size
    source = np.repeat(np.arange(n), graph.degrees)
    open_ties = np.bincount(source[sector[source] != sector[graph.neighbours]], minlength=n)
    radius, angle, row = np.zeros(n), np.zeros(n), np.zeros(n, dtype=np.int64)
    for s, counts in enumerate(room.counts):
        own = np.flatnonzero(sector == s)
        own = own[np.lexsort((own, -graph.degrees[own], -open_ties[own]))]
        begin = 0
        for level, count in enumerate(counts.tolist()):
            members = own[begin : begin + count]
            begin += count
            members = members[np.argsort(rank[members])]
            row[members], radius[members] = level, room.radii[level]
            # Evenly from one edge to the other; one alone is in the middle.
            share = np.linspace(-0.5, 0.5, count) if count > 1 else np.zeros(count)
            angle[members] = room.middle[s] + share * room.widths[s, level]
    return radius, angle, row


def _xy(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Rounded: a millionth of the drawing, and the same on every machine.
    return np.round(0.5 + radius * np.sin(angle), 6), np.round(0.5 - radius * np.cos(angle), 6)


def _point(radius: float, angle: float) -> Point:
    return round(0.5 + radius * math.sin(angle), 6), round(0.5 - radius * math.cos(angle), 6)


def _wedge(name: str, i: int, room: Slots) -> Wedge:
    middle, half = float(room.middle[i]), float(room.widths[i].max()) / 2
    inner, outer = float(room.radii[0]) - room.spacing / 2, float(room.radii[-1]) + room.spacing / 2
    return Wedge(name, middle - half, middle + half, inner, outer, _point(inner * 0.84, middle))


def _curves(
    graph: Graph, sector: NDArray[np.int64], room: Slots, radius: NDArray[np.float64], angle: NDArray[np.float64]
) -> tuple[Curve, ...]:
    """Ties of two sectors go through the middle, drawn together where they are many; ties inside curve beside it."""
    one, other = graph.ends.T
    inside = sector[one] == sector[other]
    together = min(max((int((~inside).sum()) - 60) / 200, 0.0), _TOGETHER)
    turn = _apart(angle[one], angle[other])
    led = turn + together * (_apart(room.middle[sector[one]], room.middle[sector[other]]) - turn)
    controls = []
    for end in (one, other):
        towards = angle[end] + together * (room.middle[sector[end]] - angle[end])
        bulge = np.minimum(np.maximum(radius[end] * turn * 0.6, room.spacing * 0.5), room.radii[0] * 0.45)
        controls.append(
            _xy(
                np.where(inside, radius[end] - bulge, _depth(led, room)),
                np.where(inside, angle[end], towards),
            )
        )
    (ax, ay), (bx, by) = controls
    rows = zip(
        one.tolist(), other.tolist(), inside.tolist(), ax.tolist(), ay.tolist(), bx.tolist(), by.tolist(), strict=True
    )
    ids = graph.ids
    return tuple(Curve(ids[i], ids[j], within, ((a, b), (c, d))) for i, j, within, a, b, c, d in rows)


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The angle between two directions, from 0 to π."""
    return np.abs((one - other + math.pi) % _TURN - math.pi)


def _depth(turn: NDArray[np.float64], room: Slots) -> NDArray[np.float64]:
    """How near the centre ties are led: the nearer two sectors are on the circle, the less."""
    return room.radii[0] * (0.25 + 0.5 * (1 - turn / math.pi))


def _bundles(graph: Graph, names: Sequence[str], sector: NDArray[np.int64], room: Slots) -> tuple[Bundle, ...]:
    """Ribbons that leave each sector side by side, in the order that does not make them cross there."""
    pairs = np.sort(sector[graph.ends], axis=1)
    pairs, counts = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0, return_counts=True)
    if not len(pairs):
        return ()
    widths = np.maximum(room.widths[:, 0], room.spacing / room.radii[0])
    leaving = np.bincount(pairs.ravel(), weights=np.repeat(counts, 2), minlength=len(names))
    # One scale for all: the angle of one tie.
    tie = float((0.9 * widths[leaving > 0] / leaving[leaving > 0]).min())
    arcs: dict[tuple[int, int], tuple[float, float]] = {}
    for s in range(len(names)):
        rows = [
            (a if b == s else b, n) for (a, b), n in zip(pairs.tolist(), counts.tolist(), strict=True) if s in (a, b)
        ]
        begin = float(room.middle[s]) - tie * float(leaving[s]) / 2
        # The sector that comes next, clockwise, is served at the clockwise end.
        for other, n in sorted(rows, key=lambda row: -float((room.middle[row[0]] - room.middle[s]) % _TURN)):
            arcs[s, other] = begin, begin + tie * n
            begin += tie * n
    found = []
    for (a, b), n in zip(pairs.tolist(), counts.tolist(), strict=True):
        (first, last), (second, end) = arcs[a, b], arcs[b, a]
        depth = float(_depth(_apart(room.middle[a : a + 1], room.middle[b : b + 1]), room)[0])
        edge = float(room.radii[0]) - room.spacing
        corners = (_point(edge, first), _point(edge, end), _point(edge, second), _point(edge, last))
        controls = (_point(depth, first), _point(depth, end), _point(depth, second), _point(depth, last))
        found.append(Bundle(names[a], names[b], n, corners, controls))
    return tuple(found)
