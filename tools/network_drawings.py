"""The pictures of ``docs/methods/network-layout.md``: made-up networks of 33 and 200 actors, as ``layout`` draws them.

``python tools/network_drawings.py`` writes them again; a test looks that they are those of today's layout.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

from maillage.methods.network.layout import Bundle, Drawing, Point, layout
from maillage.methods.network.network import Actor, Network, Tie

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "methods"
SIZE = 700
SECTORS = ("Alimentation", "Logement", "Transport", "Famille", "Revenu", "Isolement")
COLOURS = {"community": "#4a9680", "institution": "#4240a8", "municipality": "#336699", "business": "#7a4a00"}


def made(actors: int, ties: int, seed: int = 4) -> Network:
    """Six sectors; half of the ties stay in one."""
    lot = random.Random(seed)
    people = tuple(Actor(f"Acteur {i + 1}", lot.choice(SECTORS), lot.choice(list(COLOURS))) for i in range(actors))
    within = {sector: [actor for actor in people if actor.sector == sector] for sector in SECTORS}
    found: set[tuple[str, str]] = set()
    while len(found) < ties:
        one = people[int(actors * lot.random() ** 2)]
        other = lot.choice(people if lot.random() < 0.5 else within[one.sector])
        if one != other:
            found.add(Tie(one.id, other.id).pair)
    return Network(people, tuple(Tie(*pair) for pair in sorted(found)))


def svg(network: Network, margin: float) -> str:
    """The drawing, with names where there is room for them."""
    drawing = layout(network)
    view = f"{-margin * SIZE:.0f} {-margin * SIZE:.0f} {(1 + 2 * margin) * SIZE:.0f} {(1 + 2 * margin) * SIZE:.0f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" font-family="sans-serif" font-size="11">',
        f'<rect x="{-margin * SIZE:.0f}" y="{-margin * SIZE:.0f}" width="100%" height="100%" fill="#fbfbf8"/>',
        *_ties(drawing),
        *_sectors(drawing),
        *_marks(drawing, network, names=len(network.actors) < 60),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _at(point: Point) -> str:
    return f"{point[0] * SIZE:.1f} {point[1] * SIZE:.1f}"


def _ties(drawing: Drawing) -> list[str]:
    place = {place.actor: (place.x, place.y) for place in drawing.places}
    inside, across = [], []
    for curve in drawing.curves:
        points = f"M{_at(place[curve.one])}C{' '.join(map(_at, curve.controls))} {_at(place[curve.other])}"
        (inside if curve.inside else across).append(points)
    drawn = [f'<path d="{"".join(inside)}" fill="none" stroke="#9aa5a0" stroke-width=".7" opacity=".7"/>']
    if not drawing.crowded:
        return [*drawn, f'<path d="{"".join(across)}" fill="none" stroke="#155a48" stroke-width="1.3" opacity=".8"/>']
    ribbons = "".join(f'<path d="{_ribbon(bundle)}"/>' for bundle in drawing.bundles)
    return [*drawn, f'<g fill="#155a48" fill-opacity=".55" stroke="#fbfbf8">{ribbons}</g>']


def _ribbon(bundle: Bundle) -> str:
    a, b, c, d = map(_at, bundle.corners)
    e, f, g, h = map(_at, bundle.controls)
    return f"M{a}C{e} {f} {b}L{c}C{g} {h} {d}Z"


def _sectors(drawing: Drawing) -> list[str]:
    lines = []
    for wedge in drawing.wedges:
        radius = wedge.inner - 0.004
        start, end = (
            (0.5 + radius * math.sin(angle), 0.5 - radius * math.cos(angle)) for angle in (wedge.start, wedge.end)
        )
        wide = int(wedge.end - wedge.start > math.pi)
        lines.append(
            f'<path d="M{_at(start)}A{radius * SIZE:.1f} {radius * SIZE:.1f} 0 {wide} 1 {_at(end)}" fill="none" '
            'stroke="#14211d" stroke-width="2"/>'
            f'<text x="{wedge.label[0] * SIZE:.1f}" y="{wedge.label[1] * SIZE:.1f}" text-anchor="middle" '
            f'font-size="15" font-weight="bold" stroke="#fbfbf8" stroke-width="4" paint-order="stroke">'
            f"{wedge.sector}</text>"
        )
    return lines


def _marks(drawing: Drawing, network: Network, *, names: bool) -> list[str]:
    kind = {actor.id: actor.type for actor in network.actors}
    lines = []
    for place in drawing.places:
        x, y = place.x * SIZE, place.y * SIZE
        radius, colour = drawing.mark * SIZE * 0.38, COLOURS[kind[place.actor]]
        lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>')
        if names:
            turn = math.degrees(place.angle) % 360
            left = turn > 180
            away = drawing.mark * SIZE * 0.55
            lines.append(
                f'<text transform="translate({x:.1f} {y:.1f}) rotate({turn + (90 if left else -90):.0f})" dy=".35em" '
                f'x="{-away if left else away:.1f}" text-anchor="{"end" if left else "start"}">{place.actor}</text>'
            )
    return lines


def pictures() -> dict[str, str]:
    """File name and what it holds."""
    return {"network-33.svg": svg(made(33, 62), 0.13), "network-200.svg": svg(made(200, 420), 0.02)}


if __name__ == "__main__":
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text) / 1000:.0f} kB")
