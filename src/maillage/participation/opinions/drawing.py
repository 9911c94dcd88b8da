"""The map of groups: shaded cells where enough people stand, and the outline of each group. Nobody has a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maillage.ui.charts import PAGE
from maillage.ui.charts.palette import Palette
from maillage.ui.charts.svg import escape, number, svg, text

WIDTH, HEIGHT, MARGIN = 640.0, 440.0, 34.0
SHADES = 4
DYES = ("dye-1", "dye-6", "dye-2", "dye-5", "dye-4")
"""Of groups A to E: told apart in every vision; each also has its letter and its own outline."""
DASHES = ("", "10 6", "3 5", "14 5 3 5", "1 7")


def group_name(place: int) -> str:
    return "ABCDE"[place]


def map_svg(data: Mapping[str, Any], names: Sequence[str], palette: Palette = PAGE) -> str:
    """Empty where no cell and no group may be shown."""
    cells, groups = data.get("cells") or [], data.get("groups") or []
    if not cells and not groups:
        return ""
    frame = _Frame(cells, groups)
    body = []
    most = max((cell[4] for cell in cells), default=1)
    for x, y, width, height, people in cells:
        left, top = frame.at(x, y + height)
        right, bottom = frame.at(x + width, y)
        shade = max(1, round(SHADES * people / most))
        body.append(
            f'<rect x="{number(left)}" y="{number(top)}" width="{number(right - left)}" '
            f'height="{number(bottom - top)}" {palette.fill("line-strong")} '
            f'fill-opacity="{number(0.1 + 0.13 * shade)}"/>'
        )
    body += [_outline(frame, one, place, palette) for place, one in enumerate(groups)]
    body += [_label(frame, one, place, names[place], palette) for place, one in enumerate(groups)]
    return svg("".join(body), WIDTH, HEIGHT, classes="opinion-map")


class _Frame:
    """From the units of the map to the drawing; the two axes keep one scale, so that distances mean something."""

    def __init__(self, cells: Sequence[Sequence[float]], groups: Sequence[Mapping[str, Any]]) -> None:
        xs = [x for cell in cells for x in (cell[0], cell[0] + cell[2])]
        ys = [y for cell in cells for y in (cell[1], cell[1] + cell[3])]
        for one in groups:
            reach = max(one["axes"][0], one["axes"][1])
            xs += [one["centre"][0] - reach, one["centre"][0] + reach]
            ys += [one["centre"][1] - reach, one["centre"][1] + reach]
        width, height = max(max(xs) - min(xs), 1e-6), max(max(ys) - min(ys), 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN) / height)
        self.x = (WIDTH - self.scale * (max(xs) + min(xs))) / 2
        self.y = (HEIGHT + self.scale * (max(ys) + min(ys))) / 2

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.x + self.scale * x, self.y - self.scale * y


def _outline(frame: _Frame, one: Mapping[str, Any], place: int, palette: Palette) -> str:
    x, y = frame.at(*one["centre"])
    long, short = (max(frame.scale * one["axes"][axis], 12) for axis in (0, 1))
    dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place] else ""
    return (
        f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(long)}" ry="{number(short)}" '
        f'transform="rotate({number(-one["axes"][2])} {number(x)} {number(y)})" stroke-width="3"{dash} '
        f"{_paint(palette, DYES[place])}/>"
    )


def _paint(palette: Palette, name: str) -> str:
    """An outline: on a page the class says the colour only."""
    return f'fill="none" {palette.stroke(name)}' if palette.on_page else palette.stroke(name)


def _label(frame: _Frame, one: Mapping[str, Any], place: int, name: str, palette: Palette) -> str:
    x, y = frame.at(*one["centre"])
    back = f'<circle cx="{number(x)}" cy="{number(y)}" r="17" {palette.fill("surface")}/>'
    letter = text(x, y + 8, escape(group_name(place)), palette, size=23, anchor="middle", bold=True)
    return f"{back}{letter}<title>{escape(name)}</title>"
