"""A network drawn: sectors around, a mark for each actor in its sector, ties as threads through the middle.

``methods.network.layout`` gives the places. Up to about sixty actors, names are written around and each tie is a
thread; beyond, ribbons join the sectors, and an actor's own ties are drawn where it is chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from maillage.methods.network.layout import Bundle, Curve, Drawing, Point, Wedge
from maillage.ui import types
from maillage.ui.charts.palette import FONT, PAGE, Palette
from maillage.ui.charts.svg import escape, mark, number, path, shorten, svg

NAMED_UP_TO = 64
"""Actors: beyond, names around would touch."""
INSIDE_UP_TO = 1500
"""Ties inside sectors: beyond, they are a stain, and the caption says that they are not drawn."""
DASHES: dict[str, str] = {
    "project": "",
    "concertation": "7 5",
    "referral": "1.5 5",
    "funding": "12 4 2 4",
    "premises": "14 5",
    "seats": "",
}
"""How the thread of each kind of tie is cut: told by its form, in every colour."""
LABEL_ROOM = 28
SECTOR_ROOM = 17


@dataclass(frozen=True)
class NetworkMark:
    """How an actor is drawn."""

    label: str
    type: str
    strong: bool = False
    """It links sectors: larger, its name in bold."""
    alone: bool = False
    """To reach out to: ringed."""


@dataclass(frozen=True)
class NetworkTie:
    """How the ties of two actors are drawn, as one thread."""

    kind: str
    confirmed: bool = True


@dataclass(frozen=True)
class _Sheet:
    """From the unit square to the drawing."""

    size: float
    margin: float
    named: bool

    @property
    def side(self) -> float:
        return self.size + 2 * self.margin

    def at(self, point: Point) -> tuple[float, float]:
        return self.margin + point[0] * self.size, self.margin + point[1] * self.size

    def xy(self, point: Point) -> str:
        """Whole units where there are thousands of points, tenths where each is seen."""
        x, y = self.at(point)
        return f"{x:.1f} {y:.1f}" if self.named else f"{x:.0f} {y:.0f}"


def is_named(drawing: Drawing) -> bool:
    """Whether the names of the actors are written around."""
    return len(drawing.places) <= NAMED_UP_TO and all(place.row == 0 for place in drawing.places)


def draws_inside(drawing: Drawing) -> bool:
    """Whether the ties inside sectors are drawn."""
    return sum(curve.inside for curve in drawing.curves) <= INSIDE_UP_TO


def network(
    drawing: Drawing,
    marks: Mapping[str, NetworkMark],
    ties: Mapping[tuple[str, str], NetworkTie],
    sectors: Mapping[str, str],
    palette: Palette = PAGE,
    focus: str = "",
) -> str:
    """The network as SVG; nothing without actors. ``ties``: by the two ids, the lower first. ``sectors``: their names.

    ``focus``: the actor whose ties stand out, the others fading (on a page).
    """
    if not drawing.places:
        return ""
    named = is_named(drawing)
    sheet = _Sheet(480, 205, named=True) if named else _Sheet(690, 115, named=False)
    parts = [*_ties(drawing, ties, sheet, palette, focus)]
    parts += [_sector(wedge, sheet, palette) for wedge in drawing.wedges]
    parts += _marks(drawing, marks, sheet, palette, focus, ties)
    parts += [_sector_name(wedge, sectors, sheet, palette, many=len(drawing.wedges) > 9) for wedge in drawing.wedges]
    classes = "net-svg" + (" named" if named else "") + (" focused" if focus else "")
    return svg("".join(parts), sheet.side, sheet.side, classes=classes)


def _paint(palette: Palette, name: str, classes: str = "") -> str:
    if palette.on_page:
        return f'class="s-{name}{" " + classes if classes else ""}"'
    return palette.stroke(name)


def _thread(curve: Curve, places: Mapping[str, Point], sheet: _Sheet) -> str:
    a, b = curve.controls
    return f"M{sheet.xy(places[curve.one])}C{sheet.xy(a)} {sheet.xy(b)} {sheet.xy(places[curve.other])}"


def _ties(
    drawing: Drawing, ties: Mapping[tuple[str, str], NetworkTie], sheet: _Sheet, palette: Palette, focus: str
) -> Iterator[str]:
    """Ties inside sectors first, then those through the middle, then those of the actor in focus."""
    places = {place.actor: (place.x, place.y) for place in drawing.places}
    index = {place.actor: i for i, place in enumerate(drawing.places)}
    mine = [curve for curve in drawing.curves if focus in (curve.one, curve.other)] if focus else []
    if drawing.crowded or not sheet.named:
        if draws_inside(drawing):
            inside = (_thread(curve, places, sheet) for curve in drawing.curves if curve.inside)
            yield path(inside, _paint(palette, "line-strong", "tie"), ' stroke-width="0.8" opacity="0.6"')
        if drawing.crowded:
            yield _ribbons(drawing.bundles, sheet, palette)
        else:
            across = (_thread(curve, places, sheet) for curve in drawing.curves if not curve.inside)
            yield path(across, _paint(palette, "brand", "tie"), ' stroke-width="1.2" opacity="0.75"')
        for curve in mine:
            yield _tie(curve, ties, places, index, sheet, palette, on=True)
        return
    chosen = {id(curve) for curve in mine}
    for within in (True, False):
        for curve in drawing.curves:
            if curve.inside == within and id(curve) not in chosen:
                yield _tie(curve, ties, places, index, sheet, palette)
    for curve in mine:
        yield _tie(curve, ties, places, index, sheet, palette, on=True)


def _tie(
    curve: Curve, ties: Mapping[tuple[str, str], NetworkTie], places: Mapping[str, Point], index: Mapping[str, int],
    sheet: _Sheet, palette: Palette, on: bool = False,
) -> str:  # fmt: skip
    tie = ties.get((curve.one, curve.other), NetworkTie(""))
    width = (1.3 if curve.inside else 2.2) * (1 if tie.confirmed else 0.55)
    dash = DASHES.get(tie.kind, "")
    extra = f' stroke-width="{number(width)}" stroke-linecap="round"'
    extra += f' stroke-dasharray="{dash}"' if dash else ""
    extra += f' data-t="{index[curve.one]} {index[curve.other]}"' if palette.on_page else ' opacity="0.85"'
    colour = "line-strong" if curve.inside and not on else "brand"
    return path([_thread(curve, places, sheet)], _paint(palette, colour, "tie on" if on else "tie"), extra)


def _ribbons(bundles: tuple[Bundle, ...], sheet: _Sheet, palette: Palette) -> str:
    """All the ties of two sectors as one ribbon, as wide as they are many."""
    shapes = []
    for bundle in bundles:
        a, b, c, d = map(sheet.xy, bundle.corners)
        e, f, g, h = map(sheet.xy, bundle.controls)
        shapes.append(f"M{a}C{e} {f} {b}L{c}C{g} {h} {d}Z")
    if palette.values is None:
        body = "".join(f'<path d="{shape}"/>' for shape in shapes)
        return f'<g class="f-brand net-ribbons" fill-opacity="0.5">{body}</g>'
    body = "".join(f'<path d="{shape}"/>' for shape in shapes)
    return (
        f'<g fill="{palette.values["brand"]}" fill-opacity="0.5" stroke="{palette.values["surface"]}" '
        f'stroke-width="1">{body}</g>'
    )


def _sector(wedge: Wedge, sheet: _Sheet, palette: Palette) -> str:
    """A line along the inner edge of the sector."""
    radius = wedge.inner - 0.004
    start, end = (
        sheet.xy((0.5 + radius * math.sin(angle), 0.5 - radius * math.cos(angle))) for angle in (wedge.start, wedge.end)
    )
    if start == end:
        return ""
    wide = int(wedge.end - wedge.start > math.pi)
    r = number(radius * sheet.size)
    return path([f"M{start}A{r} {r} 0 {wide} 1 {end}"], _paint(palette, "ink"), ' stroke-width="2.5"')


def _sector_name(wedge: Wedge, sectors: Mapping[str, str], sheet: _Sheet, palette: Palette, many: bool) -> str:
    """Inside the circle where names of actors are around; outside where there are none. On two lines at most."""
    name = sectors.get(wedge.sector, wedge.sector)
    middle = (wedge.start + wedge.end) / 2
    size = (16.0 if many else 19.0) if sheet.named else 19.0
    if sheet.named:
        radius = wedge.inner - 0.012
        anchor = "middle" if abs(math.sin(middle)) < 0.6 else "end" if math.sin(middle) > 0 else "start"
        radius *= 0.9 if anchor == "middle" else 0.95
    else:
        radius = wedge.outer + 0.022
        anchor = "middle" if abs(math.sin(middle)) < 0.2 else "start" if math.sin(middle) > 0 else "end"
    x, y = sheet.at((0.5 + radius * math.sin(middle), 0.5 - radius * math.cos(middle)))
    lines = _lines(name)
    above = 0.5 + 0.5 * math.cos(middle) if not sheet.named else 0.5
    first = y + size * 0.35 - above * (len(lines) - 1) * size * 1.1
    ground = "surface"
    halo = (
        f'class="f-ink s-halo" stroke-width="{number(size / 3)}"'
        if palette.values is None
        else f'fill="{palette.values["ink"]}" stroke="{palette.values[ground]}" stroke-width="{number(size / 3)}"'
    )
    spans = "".join(
        f'<tspan x="{number(x)}" y="{number(first + i * size * 1.1)}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    family = "" if palette.on_page else f' font-family="{FONT}"'
    css = "" if not palette.on_page else " net-sector"
    halo = halo.replace('s-halo"', f's-halo{css}"')
    return (
        f'<text font-size="{number(size)}"{family} font-weight="700" text-anchor="{anchor}" paint-order="stroke" '
        f'stroke-linejoin="round" {halo}>{spans}</text>'
    )


def _lines(name: str) -> list[str]:
    """A name on one line, or cut between words in two."""
    if len(name) <= SECTOR_ROOM:
        return [name]
    words = name.split(" ")
    first = words.pop(0)
    while words and len(first) + 1 + len(words[0]) <= SECTOR_ROOM:
        first += " " + words.pop(0)
    return [first, shorten(" ".join(words), SECTOR_ROOM)] if words else [shorten(first, SECTOR_ROOM + 4)]


def _marks(
    drawing: Drawing, marks: Mapping[str, NetworkMark], sheet: _Sheet, palette: Palette, focus: str,
    ties: Mapping[tuple[str, str], NetworkTie],
) -> list[str]:  # fmt: skip
    near = {focus} if focus else set()
    if focus:
        for one, other in ties:
            if focus in (one, other):
                near |= {one, other}
    if sheet.named:
        return _large_marks(drawing, marks, sheet, palette, near)
    return _small_marks(drawing, marks, sheet, palette, near)


def _large_marks(
    drawing: Drawing, marks: Mapping[str, NetworkMark], sheet: _Sheet, palette: Palette, near: set[str]
) -> list[str]:
    """Marks on the ground colour, with their names around."""
    found = []
    size = min(drawing.mark * sheet.size, 17.0)
    for i, place in enumerate(drawing.places):
        shown = marks[place.actor]
        x, y = sheet.at((place.x, place.y))
        own = size * 1.3 if shown.strong else size
        ground = 'class="f-ground"' if palette.values is None else f'fill="{palette.values["surface"]}"'
        body = f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(own * 0.68)}" {ground}/>'
        if shown.alone:
            ring = _paint(palette, "ink")
            body += (
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(own * 0.82)}" {ring} stroke-width="1.5" '
                'stroke-dasharray="3 3"/>'
            )
        body += mark(shown.type, x - own / 2, y - own / 2, own, palette)
        body += _name(shown, place.angle, x, y, own, palette)
        found.append(_group(i, shown, body, palette, place.actor in near))
    return found


def _group(i: int, shown: NetworkMark, body: str, palette: Palette, near: bool) -> str:
    if not palette.on_page:
        return body
    classes = "actor-mark near" if near else "actor-mark"
    return f'<g class="{classes}" data-k="{i}"><title>{escape(shown.label)}</title>{body}</g>'


def _name(shown: NetworkMark, angle: float, x: float, y: float, size: float, palette: Palette) -> str:
    turn = math.degrees(angle) % 360
    left = turn > 180
    away = size * 0.75 + 5
    bold = ' font-weight="700"' if shown.strong else ""
    paint = 'class="f-ink net-name"' if palette.values is None else f'fill="{palette.values["ink"]}"'
    family = "" if palette.on_page else f' font-family="{FONT}"'
    return (
        f'<text transform="translate({number(x)} {number(y)}) rotate({number(turn + (90 if left else -90))})" '
        f'x="{number(-away if left else away)}" dy=".35em" text-anchor="{"end" if left else "start"}" '
        f'font-size="15.5"{family}{bold} {paint}>{escape(_cut(shown.label, LABEL_ROOM - 2 * shown.strong))}</text>'
    )


def _cut(label: str, room: int) -> str:
    """Cut inside a word: of four municipalities, the beginning of each one's own name is what tells them apart."""
    return label if len(label) <= room else label[: room - 1].rstrip(" ,;:–-’'(") + "…"


def _small_marks(
    drawing: Drawing, marks: Mapping[str, NetworkMark], sheet: _Sheet, palette: Palette, near: set[str]
) -> list[str]:
    """Shapes told once and used many times: a thousand marks weigh little."""
    size = max(min(drawing.mark * sheet.size, 17.0), 3.0)
    if not palette.on_page:
        return [
            mark(marks[place.actor].type, x - size / 2, y - size / 2, size, palette)
            for place in drawing.places
            for x, y in [sheet.at((place.x, place.y))]
        ]
    scale = number(size / 24) if size >= 2.4 else f"{size / 24:.3f}"
    present = sorted({types.visual(marks[place.actor].type).shape for place in drawing.places})
    shapes = "".join(
        f'<path id="nm-{shape}" d="{types.SHAPES[shape]}" fill-rule="evenodd" '
        f'transform="scale({scale}) translate(-12 -12)"/>'
        for shape in present
    )
    found = [f"<defs>{shapes}</defs>"]
    for i, place in enumerate(drawing.places):
        shown = marks[place.actor]
        n, shape = types.visual(shown.type)
        x, y = sheet.at((place.x, place.y))
        classes = f"f-dye-{n} near" if place.actor in near else f"f-dye-{n}"
        found.append(
            f'<use href="#nm-{shape}" x="{x:.1f}" y="{y:.1f}" class="{classes}" data-k="{i}">'
            f"<title>{escape(shown.label)}</title></use>"
        )
    return found
