"""Colours of drawings: names on the page, resolved values on paper.

On a page a drawing names its colour by a class (``dye-1``, ``ink``…) that the stylesheet resolves, light or
dark. In a PDF there is no stylesheet: typst would paint ``var(--x)`` black. ``PRINT`` gives plain values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LIGHT: dict[str, str] = {
    "surface": "#FFFFFF",
    "sunken": "#EFF3EE",
    "tint": "#E4EEE7",
    "ink": "#14261F",
    "ink-soft": "#364A41",
    "muted": "#53645C",
    "line": "#D2DBD4",
    "line-strong": "#73847B",
    "brand": "#14513F",
    "accent": "#F2B632",
    "dye-0": "#73847B",
    "dye-1": "#4B9480",
    "dye-2": "#4040A3",
    "dye-3": "#376C98",
    "dye-4": "#631557",
    "dye-5": "#784D00",
    "dye-6": "#C66128",
    "dye-7": "#A1445E",
    "dye-8": "#312F19",
    "grade-1": "#0E4D3A",
    "grade-2": "#37795F",
    "grade-3": "#A5CDB8",
    "grade-4": "#EFE2B8",
    "grade-5": "#DDA745",
    "grade-6": "#85470F",
    "on-grade-1": "#FFFFFF",
    "on-grade-2": "#FFFFFF",
    "on-grade-3": "#14261F",
    "on-grade-4": "#14261F",
    "on-grade-5": "#14261F",
    "on-grade-6": "#FFFFFF",
}
"""The light values of ``tokens.css``; a test keeps the two equal."""


@dataclass(frozen=True)
class Palette:
    """``fill("dye-1")`` and ``stroke("ink")`` give attributes for a tag."""

    values: Mapping[str, str] | None = None
    """``None``: classes, for the page."""

    @property
    def on_page(self) -> bool:
        return self.values is None

    def fill(self, name: str) -> str:
        return f'class="f-{name}"' if self.values is None else f'fill="{self.values[name]}"'

    def stroke(self, name: str) -> str:
        return f'class="s-{name}"' if self.values is None else f'fill="none" stroke="{self.values[name]}"'


PAGE = Palette()
PRINT = Palette(LIGHT)
FONT = "Atkinson Hyperlegible Next"
