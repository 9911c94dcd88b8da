"""Simplification that keeps the borders two shapes share.

Simplifying each outline on its own opens gaps between neighbours, because the same border is not read from
the same end. Here every ring is cut where borders meet, each piece (an *arc*) is simplified once, always read
in the same direction, and the rings are put together again: what was common stays common.

Line simplification: D. H. Douglas and T. K. Peucker, "Algorithms for the reduction of the number of points
required to represent a digitized line or its caricature", *Cartographica* 10 (1973), 112-122.
The cutting into arcs is the idea of M. Bostock's TopoJSON, done anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TypeVar

from maillage.methods.cartography.measures import Point, Ring, Shape, ring_area

Key = TypeVar("Key")
Arc = tuple[Point, ...]


def douglas_peucker(line: Arc, tolerance: float) -> Arc:
    """The line with its ends and the points farther than ``tolerance`` from what replaces them."""
    if len(line) < 3:
        return line
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        farthest, distance = first, 0.0
        for index in range(first + 1, last):
            here = _distance_squared(line[index], line[first], line[last])
            if here > distance:
                farthest, distance = index, here
        if distance > tolerance * tolerance:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return tuple(line[index] for index in sorted(keep))


def _distance_squared(point: Point, start: Point, end: Point) -> float:
    """From ``point`` to the segment, squared."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = 0.0
    if length:
        share = max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    return (point[0] - start[0] - share * dx) ** 2 + (point[1] - start[1] - share * dy) ** 2


def _open(ring: Ring) -> list[Point]:
    """The ring as tuples, without its repeated last point nor points repeated in a row."""
    points: list[Point] = []
    for each in ring:
        point = (float(each[0]), float(each[1]))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _junctions(rings: list[list[Point]]) -> set[Point]:
    """The points where more than two neighbours meet: there, borders begin and end."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for index, point in enumerate(ring):
            neighbours[point].update((ring[index - 1], ring[(index + 1) % len(ring)]))
    return {point for point, found in neighbours.items() if len(found) > 2}


def _arcs(ring: list[Point], junctions: set[Point]) -> list[Arc]:
    """The ring cut at its junctions; where it has fewer than two, it is cut at points all readers choose alike."""
    cuts = [index for index, point in enumerate(ring) if point in junctions]
    if len(cuts) < 2:
        # An island, or a border met once: its least point and the one farthest from it stand for junctions.
        first = cuts[0] if cuts else ring.index(min(ring))
        start = ring[first]
        far = max(ring, key=lambda point: ((point[0] - start[0]) ** 2 + (point[1] - start[1]) ** 2, point))
        cuts = sorted({first, ring.index(far)})
    arcs = []
    for here, there in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
        arcs.append(tuple(ring[index % len(ring)] for index in range(here, there + 1)))
    return arcs


def simplify_shapes(
    shapes: Mapping[Key, Shape], tolerance: float, smallest: float = 0.0
) -> dict[Key, list[list[list[Point]]]]:
    """Every shape simplified, rings left open (the first point is not repeated).

    ``tolerance`` is in the unit of the coordinates. Polygons whose simplified outline encloses less than
    ``smallest`` are left out, but never the largest of a shape: no territory disappears.
    """
    opened = {key: [[_open(ring) for ring in polygon] for polygon in shape] for key, shape in shapes.items()}
    rings = [ring for shape in opened.values() for polygon in shape for ring in polygon if len(ring) >= 3]
    junctions = _junctions(rings)
    done: dict[Arc, Arc] = {}

    def lighter(ring: list[Point]) -> list[Point]:
        points: list[Point] = []
        for arc in _arcs(ring, junctions):
            forwards = arc <= arc[::-1]
            canonical = arc if forwards else arc[::-1]
            if canonical not in done:
                done[canonical] = douglas_peucker(canonical, tolerance)
            kept = done[canonical] if forwards else done[canonical][::-1]
            points.extend(kept[:-1])
        return points

    return {key: _rebuilt(shape, lighter, smallest) for key, shape in opened.items()}


def _rebuilt(shape: list, lighter, smallest: float) -> list[list[list[Point]]]:  # type: ignore[no-untyped-def]
    """The polygons with lighter rings, without those that became too small."""
    found = []
    for polygon in shape:
        rings = [ring for ring in polygon if len(ring) >= 3]
        if not rings:
            continue
        light = [lighter(ring) for ring in rings]
        outline = light[0] if len(light[0]) >= 3 else rings[0]
        holes = [ring for ring in light[1:] if len(ring) >= 3 and abs(ring_area(ring)) >= smallest]
        found.append((abs(ring_area(outline)), [outline, *holes]))
    if not found:
        return []
    largest = max(area for area, _ in found)
    return [polygon for area, polygon in found if area >= smallest or area == largest]
