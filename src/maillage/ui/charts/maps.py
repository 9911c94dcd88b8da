"""Maps from shapes already projected: no map server, no script. ``methods.cartography`` projects and simplifies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.ui.charts import svg
from maillage.ui.charts.palette import PAGE, Palette

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Place:
    """``polygons``: each a list of rings (outline, then holes) in plane coordinates, y upward."""

    label: str
    polygons: Sequence[Sequence[Ring]]
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Dot:
    label: str
    x: float
    y: float
    url: str = ""


def map_svg(places: Sequence[Place], dots: Sequence[Dot] = (), palette: Palette = PAGE, *, width: float = 720) -> str:
    """The map, fitted to ``width``; never taller than wide. Every place is also to be listed beside it, in words."""
    points = [point for place in places for polygon in place.polygons for ring in polygon for point in ring]
    points += [(dot.x, dot.y) for dot in dots]
    if not points:
        return ""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    margin = 8.0
    scale = min((width - 2 * margin) / ((right - left) or 1), (width - 2 * margin) / ((high - low) or 1))
    height = (high - low) * scale + 2 * margin
    shift = (width - (right - left) * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return (x - left) * scale + shift, (high - y) * scale + margin

    # The place one looks at comes last, so that its outline lies over its neighbours'.
    ordered = sorted(places, key=lambda place: place.current)
    body = "".join(_place(place, at, palette) for place in ordered)
    return svg.svg(body + "".join(_dot(dot, at, palette) for dot in dots), width, height, classes="map")


def _ring(ring: Ring, at) -> str:
    points = [at(x, y) for x, y in ring]
    return "M" + "L".join(f"{svg.number(x)} {svg.number(y)}" for x, y in points) + "z"


def _place(place: Place, at, palette: Palette) -> str:
    d = "".join(_ring(ring, at) for polygon in place.polygons for ring in polygon)
    if palette.on_page:
        shape = f'<path class="place{" here-place" if place.current else ""}" fill-rule="evenodd" d="{d}"/>'
    else:
        paint = palette.fill("brand" if place.current else "tint")
        line = palette.values["line-strong"] if palette.values else ""
        shape = f'<path fill-rule="evenodd" stroke="{line}" stroke-width=".7" d="{d}" {paint}/>'
    return _linked(shape, place.label, place.url, palette)


def _dot(dot: Dot, at, palette: Palette) -> str:
    x, y = at(dot.x, dot.y)
    paint = 'class="dot"' if palette.on_page else palette.fill("brand")
    shape = f'<circle cx="{svg.number(x)}" cy="{svg.number(y)}" r="6" {paint}/>'
    return _linked(shape, dot.label, dot.url, palette)


def _linked(shape: str, label: str, url: str, palette: Palette) -> str:
    """A pointer's shortcut only (out of the keyboard's way): the list beside the map has the same links."""
    if not palette.on_page:
        return shape
    inside = f"<title>{svg.escape(label)}</title>{shape}"
    return f'<a href="{svg.escape(url)}" tabindex="-1">{inside}</a>' if url else f"<g>{inside}</g>"


def map_words(places: Sequence[Place], dots: Sequence[Dot] = ()) -> str:
    """The names on the map, the one looked at first."""
    return ", ".join(
        [place.label for place in sorted(places, key=lambda p: not p.current)] + [dot.label for dot in dots]
    )
