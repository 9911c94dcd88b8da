"""Small measures on rings and polygons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]
Polygon = Sequence[Ring]
Shape = Sequence[Polygon]


def ring_area(ring: Ring) -> float:
    """Signed area (positive: anticlockwise), by the shoelace formula. The ring may or may not be closed."""
    return (
        sum(here[0] * there[1] - there[0] * here[1] for here, there in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2
    )


def bounds(points: Iterable[Sequence[float]]) -> tuple[float, float, float, float] | None:
    """``(least x, least y, greatest x, greatest y)``, or ``None`` without any point."""
    found = list(points)
    if not found:
        return None
    xs, ys = [point[0] for point in found], [point[1] for point in found]
    return min(xs), min(ys), max(xs), max(ys)


def _crossings(polygon: Polygon, y: float) -> list[float]:
    """Where the horizontal line at ``y`` crosses the polygon's rings, from left to right."""
    found = []
    for ring in polygon:
        for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (here[1] > y) != (there[1] > y):
                found.append(here[0] + (there[0] - here[0]) * (y - here[1]) / (there[1] - here[1]))
    return sorted(found)


def interior_point(shape: Shape, lines: int = 24) -> Point | None:
    """A point well inside the largest polygon, where a label may stand.

    Among ``lines`` horizontal lines, the middle of the longest stretch inside, lines near the middle of the
    polygon being preferred. ``None`` for a shape without area.
    """
    candidates = [polygon for polygon in shape if polygon and len(polygon[0]) >= 3]
    if not candidates:
        return None
    polygon = max(candidates, key=lambda each: abs(ring_area(each[0])))
    low, high = min(point[1] for point in polygon[0]), max(point[1] for point in polygon[0])
    best: tuple[float, Point] | None = None
    for index in range(1, lines):
        share = index / lines
        y = low + (high - low) * share
        crossings = _crossings(polygon, y)
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            worth = (right - left) * (1 - abs(share - 0.5))
            if best is None or worth > best[0]:
                best = (worth, ((left + right) / 2, y))
    return best[1] if best else None
