"""Small pieces that every drawing uses."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape as _escape

from maillage.ui import types
from maillage.ui.charts.palette import FONT, Palette


def number(value: float) -> str:
    """A coordinate, short: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def escape(text: object) -> str:
    """Text for an element or a double-quoted attribute."""
    return _escape(str(text), {'"': "&quot;"})


def svg(body: str, width: float, height: float, *, stretch: bool = False, classes: str = "") -> str:
    """The drawing, hidden from screen readers: its words are beside it. ``stretch`` lets each axis scale alone."""
    ratio = ' preserveAspectRatio="none"' if stretch else ""
    css = f' class="{classes}"' if classes else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}"{css}{ratio}'
        f' aria-hidden="true" focusable="false">{body}</svg>'
    )


def rectangle(x: float, y: float, width: float, height: float) -> str:
    """A piece of path: many in one ``d`` weigh little."""
    return f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h-{number(width)}z"


def path(pieces: Iterable[str], paint: str, extra: str = "") -> str:
    d = "".join(pieces)
    return f'<path d="{d}" {paint}{extra}/>' if d else ""


def text(
    x: float,
    y: float,
    words: object,
    palette: Palette,
    *,
    size: float = 12,
    ink: str = "ink",
    anchor: str = "start",
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-family="{FONT}" font-size="{number(size)}" '
        f'text-anchor="{anchor}"{weight} {palette.fill(ink)}>{escape(words)}</text>'
    )


def mark(type_code: str, x: float, y: float, size: float, palette: Palette) -> str:
    """The shape of a type of actor, its corner at (x, y)."""
    n, shape = types.visual(type_code)
    scale = number(size / 24)
    return (
        f'<path transform="translate({number(x)} {number(y)}) scale({scale})" d="{types.SHAPES[shape]}" '
        f'fill-rule="evenodd" {palette.fill(f"dye-{n}")}/>'
    )


def shorten(words: str, room: int) -> str:
    """``words`` in at most ``room`` characters, cut between words where possible; print labels only."""
    if len(words) <= room:
        return words
    cut = words[: room - 1].rsplit(" ", 1)[0] if " " in words[: room - 1] else words[: room - 1]
    return cut.rstrip(" ,;:–-’'(") + "…"
