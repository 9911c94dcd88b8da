"""Maps from shapes already projected: no map server, no script, and the words that say the same.

``methods.cartography`` projects and simplifies. Numbers are written on the shapes; the page lists the same
numbers beside the map, with the names and their addresses, for whoever does not see it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from maillage.methods.cartography import bounds, interior_point
from maillage.ui.charts.palette import FONT, PAGE, Palette

Ring = Sequence[tuple[float, float]]
WIDTH, TALLEST, MARGIN = 960.0, 1100.0, 26.0
NUMBER_SIZE = 36
DOT = 16
NUMBERED_DOT = 25
APART = 44
"""Between two numbers, so that none lies over another."""


@dataclass(frozen=True)
class MapShape:
    """A place on a map. Plane coordinates, y upward; ``polygons``: each a list of rings, outline then holes."""

    key: Any
    label: str
    polygons: Sequence[Sequence[Ring]] = ()
    point: tuple[float, float] | None = None
    """Where it is drawn when it has no outline."""
    number: str = ""
    beyond: bool = False
    """Outside what the map is about: seen at its edge, never what the map is fitted to."""


@dataclass(frozen=True)
class _Frame:
    """From the plane to the drawing."""

    left: float
    top: float
    scale: float
    width: float
    height: float

    def at(self, x: float, y: float) -> tuple[int, int]:
        return round((x - self.left) * self.scale), round((self.top - y) * self.scale)


def _frame(shapes: Sequence[MapShape]) -> _Frame | None:
    inside = [shape for shape in shapes if not shape.beyond]
    points = [point for shape in inside for polygon in shape.polygons for ring in polygon for point in ring]
    points += [shape.point for shape in inside if shape.point and not shape.polygons]
    box = bounds(points)
    if box is None:
        return None
    left, low, right, high = box
    span = max(right - left, high - low) or 10_000.0
    wide, tall = max(right - left, span / 3), max(high - low, span / 3)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    width, height = wide * scale + 2 * MARGIN, tall * scale + 2 * MARGIN
    return _Frame(
        left - (width / scale - (right - left)) / 2, high + (height / scale - (high - low)) / 2, scale, width, height
    )


def _outline(shape: MapShape, frame: _Frame) -> str:
    """The path's ``d``, in whole units; points that fall on the same unit are said once."""
    pieces = []
    for polygon in shape.polygons:
        for ring in polygon:
            points: list[tuple[int, int]] = []
            for x, y in ring:
                here = frame.at(x, y)
                if not points or here != points[-1]:
                    points.append(here)
            if len(points) > 2:
                (x0, y0), rest = points[0], points[1:]
                steps = "".join(f"{x - px} {y - py}," for (px, py), (x, y) in zip(points, rest, strict=False)).rstrip(
                    ","
                )
                pieces.append(f"M{x0} {y0}l{steps}z")
    return "".join(pieces)


def _paint(classes: str, palette: Palette, fill: str, stroke: str, width: float) -> str:
    """Classes on the page; resolved colours, as attributes, in a document."""
    if palette.values is None:
        return f'class="{classes}"'
    return f'fill="{palette.values[fill]}" stroke="{palette.values[stroke]}" stroke-width="{width}"'


def _settle(wanted: tuple[int, int], taken: list[tuple[int, int]], frame: _Frame) -> tuple[int, int]:
    """Where a number may stand: at ``wanted``, or the nearest place around it that is free and inside."""
    for distance in (0, 40, 60, 80, 110, 150, 200):
        for turn in range(16 if distance else 1):
            angle = turn * math.tau / 16
            x, y = wanted[0] + round(distance * math.cos(angle)), wanted[1] + round(distance * math.sin(angle))
            inside = (
                NUMBERED_DOT <= x <= frame.width - NUMBERED_DOT and NUMBERED_DOT <= y <= frame.height - NUMBERED_DOT
            )
            if inside and all(math.hypot(x - other[0], y - other[1]) >= APART for other in taken):
                return x, y
    return wanted


def _number(shape: MapShape, at: tuple[int, int], here: bool, palette: Palette) -> str:
    paint = 'class="map-number here-number"' if here else 'class="map-number"'
    if palette.values is not None:
        ink = palette.values["surface" if here else "ink"]
        paint = f'fill="{ink}" font-family="{FONT}" font-weight="700" text-anchor="middle"'
    place = f'x="{at[0]}" y="{at[1] + NUMBER_SIZE // 3}" font-size="{NUMBER_SIZE}"'
    return f"<text {place} {paint}>{escape(shape.number)}</text>"


def _lead(start: tuple[int, int], end: tuple[int, int], palette: Palette) -> str:
    """From the place to its number, where the number had to move."""
    paint = 'class="map-lead"' if palette.values is None else f'stroke="{palette.values["ink"]}" stroke-width="1.5"'
    return f'<path d="M{start[0]} {start[1]}L{end[0]} {end[1]}" fill="none" {paint}/>'


def region_map(shapes: Sequence[MapShape], highlight: Collection[Any] = (), palette: Palette = PAGE) -> str:
    """The map as SVG, or nothing where there is nothing to draw. ``highlight``: keys of the shapes in colour.

    ``palette=PRINT`` resolves the colours, for a document; ``PAGE`` names classes that follow light, dark and print.
    """
    frame = _frame(shapes)
    if frame is None:
        return ""
    land, leads, marks = [], [], []
    taken: list[tuple[int, int]] = []
    # What the page is about comes last, so that its border lies over its neighbours'.
    for shape in sorted(shapes, key=lambda each: (not each.beyond, each.key in highlight)):
        here = shape.key in highlight
        if shape.polygons:
            land.append(_land(shape, frame, here, palette))
        if shape.beyond or not (shape.number or not shape.polygons):
            continue
        where = interior_point(shape.polygons) if shape.polygons else shape.point
        if where is None:
            continue
        wanted = frame.at(*where)
        at = _settle(wanted, taken, frame) if shape.number else wanted
        taken.append(at)
        if at != wanted:
            leads.append(_lead(wanted, at, palette))
        if not shape.polygons or at != wanted:
            marks.append(_dot(at, bool(shape.number), here, palette))
        if shape.number:
            marks.append(_number(shape, at, here, palette))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}" class="map" '
        f'aria-hidden="true" focusable="false">{"".join([*land, *leads, *marks])}</svg>'
    )


def _land(shape: MapShape, frame: _Frame, here: bool, palette: Palette) -> str:
    d = _outline(shape, frame)
    if not d:
        return ""
    if here:
        paint = _paint("place here-place", palette, "brand", "ink", 2)
    elif shape.beyond:
        paint = _paint("place beyond-place", palette, "sunken", "line", 1)
    else:
        paint = _paint("place", palette, "tint", "line-strong", 1.5)
    return f'<path d="{d}" fill-rule="evenodd" {paint}/>'


def _dot(at: tuple[int, int], numbered: bool, here: bool, palette: Palette) -> str:
    paint = _paint("dot here-dot" if here else "dot", palette, "brand" if here else "surface", "line-strong", 1.5)
    return f'<circle cx="{at[0]}" cy="{at[1]}" r="{NUMBERED_DOT if numbered else DOT}" {paint}/>'


def map_words(shapes: Sequence[MapShape], highlight: Collection[Any] = (), title: str = "") -> str:
    """What the map shows, from the same shapes: its subject, what is in colour, how many places."""
    inside = [shape for shape in shapes if shape.number]
    said = [_("Map: %(title)s.") % {"title": title}] if title else []
    names = [shape.label for shape in shapes if shape.key in highlight]
    if names:
        said.append(_("In colour: %(names)s.") % {"names": ", ".join(names)})
    if inside:
        said.append(_("The numbers are those of the list beside the map."))
    return " ".join(said)
