"""How a type of actor looks: one of eight dyes and a shape. Colour alone never says anything: the word is beside.

The codes are those of ``actors.vocabulary``, which lies above: they are only keys here, and an unknown one
gets the neutral ring of « à préciser ».
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Visual(NamedTuple):
    n: int
    """The dye, 1 to 8; 0 is the neutral of what is not specified yet."""
    shape: str
    """A name of ``SHAPES``."""


DEFAULT_SHAPES = ("ring", "circle", "square", "diamond", "hexagon", "triangle", "dome", "star", "cross")
"""By dye: what ``data-type`` gives without ``data-shape``."""

VISUALS: dict[str, Visual] = {
    "community": Visual(1, "circle"),
    "institution": Visual(2, "square"),
    "municipality": Visual(3, "diamond"),
    "foundation": Visual(4, "hexagon"),
    "business": Visual(5, "triangle"),
    "social-economy": Visual(5, "triangle-down"),
    "citizens": Visual(6, "dome"),
    "indigenous": Visual(7, "star"),
    "group": Visual(8, "cross"),
    "other-level": Visual(2, "bars"),
    "unspecified": Visual(0, "ring"),
}
ORDER: tuple[str, ...] = tuple(VISUALS)
"""The order in which types are drawn and listed, everywhere."""

NEUTRAL = VISUALS["unspecified"]

SHAPES: dict[str, str] = {
    "circle": "M12 2a10 10 0 1 1 0 20 10 10 0 1 1 0-20z",
    "square": "M3 3h18v18H3z",
    "diamond": "M12 1 23 12 12 23 1 12z",
    "hexagon": "M6.5 2.5h11L23 12l-5.5 9.5h-11L1 12z",
    "triangle": "M12 2l11 20H1z",
    "triangle-down": "M12 22 1 2h22z",
    "dome": "M2 21V13a10 10 0 0 1 20 0v8z",
    "star": "M12 1l3 7.4 8 .4-6.2 5 2.1 7.7L12 17.2 5.1 21.5l2.1-7.7L1 8.8l8-.4z",
    "cross": "M8 1h8v7h7v8h-7v7H8v-7H1V8h7z",
    "bars": "M3 3h18v7H3zM3 14h18v7H3z",
    "ring": "M12 2a10 10 0 1 1 0 20 10 10 0 1 1 0-20zm0 4a6 6 0 1 0 0 12 6 6 0 1 0 0-12z",
}
"""Shapes as paths on a 24 × 24 grid, for drawings that leave the page (print, PDF)."""

PLURALS: dict[str, str | Promise] = {
    "community": _("Community organisations"),
    "institution": _("Public institutions"),
    "municipality": _("Municipalities and MRC"),
    "foundation": _("Foundations"),
    "business": _("Businesses"),
    "social-economy": _("Social economy enterprises"),
    "citizens": _("Citizens"),
    "indigenous": _("Indigenous organisations"),
    "group": _("Groups of organisations"),
    "other-level": _("Other levels of government"),
    "unspecified": _("To be specified"),
}
"""Short plural names, for legends and drawings."""


def visual(code: str) -> Visual:
    """The dye and the shape of a type of actor."""
    return VISUALS.get(code, NEUTRAL)


def plural(code: str) -> str:
    """The short plural name of a type, in the reader's language."""
    return str(PLURALS.get(code, PLURALS["unspecified"]))


def rank(code: str) -> int:
    """Where a type comes in the common order; unknown codes last."""
    return ORDER.index(code) if code in VISUALS else len(ORDER)


def attributes(code: str) -> str:
    """``data-type`` and, where the shape is not the dye's own, ``data-shape``: safe to put in a tag."""
    n, shape = visual(code)
    extra = "" if DEFAULT_SHAPES[n] == shape else f' data-shape="{shape}"'
    return f'data-type="{n}"{extra}'
