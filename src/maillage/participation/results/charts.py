"""Drawings of results: profiles on the page, whole pictures to download and for documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from maillage.core.formats import number, share
from maillage.ui.charts import PRINT, svg

WIDTH, STEP, LEFT = 720, 58, 250
LETTERS = 38
CLEAR, CLOSE = 6.5, 4.5
"""How far from the line of the middle a figure is, in percents of the band: on a phone, and at the least."""


@dataclass(frozen=True)
class Part:
    """A piece of a band: its name, how many, and its place among the ``of`` shades (from 0, the strongest)."""

    label: str
    count: int
    shade: int


@dataclass(frozen=True)
class Band:
    """All the answers on one option, side by side."""

    label: str
    parts: Sequence[Part]

    @property
    def total(self) -> int:
        return sum(part.count for part in self.parts)

    def percent(self, part: Part) -> float:
        return 100 * part.count / self.total if self.total else 0.0


def words(band: Band) -> str:
    """The band in words, for whoever does not see it."""
    said = ", ".join(f"{part.label} {share(round(band.percent(part)))}" for part in band.parts)
    return _("%(label)s: %(value)s") % {"label": band.label, "value": said}


def profile(band: Band, *, half: bool = True) -> SafeString:
    """The band on the page: as wide as there is room, text never squeezed, a line at the middle."""
    pieces, at = [], 0.0
    for part in band.parts:
        width = band.percent(part)
        if width <= 0:
            continue
        n = part.shade + 1
        pieces.append(f'<rect x="{at:.2f}%" y="7" width="{width:.2f}%" height="46" class="g{n}"/>')
        if width >= 9:
            middle = _aside(at, width) if half else at + width / 2
            # Where a phone has no room for the figure, beside the line of the middle or in its piece, it is left out.
            thin = " thin" if width < 14 or (half and abs(middle - 50) < CLEAR) else ""
            pieces.append(
                f'<text x="{middle:.2f}%" y="36" text-anchor="middle" class="og{n}{thin}">{share(round(width))}</text>'
            )
        at += width
    line = ""
    if half:
        line = '<line x1="50%" x2="50%" y1="0" y2="60" class="under"/><line x1="50%" x2="50%" y1="0" y2="60"/>'
    label = svg.escape(words(band))
    return mark_safe(f'<svg width="100%" height="60" role="img" aria-label="{label}">{"".join(pieces)}{line}</svg>')


def _aside(at: float, width: float) -> float:
    """The middle of a piece, in percents: a little aside where the line of the middle would cross its figure."""
    middle = at + width / 2
    for away in (CLEAR, CLOSE):
        if abs(middle - 50) >= away:
            return middle
        left, right = at <= 50 - 2 * away + 1, at + width >= 50 + 2 * away - 1
        if left and (middle <= 50 or not right):
            return 50 - away
        if right:
            return 50 + away
    return middle


def picture(bands: Sequence[Band], *, half: bool = True) -> str:
    """One SVG of all the bands, with their names and a legend, colours resolved."""
    parts: list[str] = []
    x = 0.0
    y = 14.0
    for part in bands[0].parts if bands else []:
        width = 20 + 6.4 * len(part.label)
        if x + width > WIDTH:
            x, y = 0.0, y + 20
        paint = PRINT.fill(f"grade-{part.shade + 1}")
        parts.append(f'<path d="{svg.rectangle(x, y - 10, 12, 12)}" {paint}/>')
        parts.append(svg.text(x + 17, y, part.label, PRINT, size=11))
        x += width + 14
    top = y + 22
    room = WIDTH - LEFT
    for place, band in enumerate(bands):
        line = top + place * STEP
        parts.append(
            svg.text(0, line + 17, svg.shorten(f"{place + 1}. {band.label}", LETTERS), PRINT, size=12, bold=True)
        )
        said = _("%(n)s answers") % {"n": number(band.total)}
        parts.append(svg.text(0, line + 33, said, PRINT, size=11, ink="muted"))
        at = float(LEFT)
        for part in band.parts:
            width = band.percent(part) / 100 * room
            if width <= 0:
                continue
            shade = part.shade + 1
            parts.append(f'<path d="{svg.rectangle(at, line + 4, width, 34)}" {PRINT.fill(f"grade-{shade}")}/>')
            if width >= 40:
                said = share(round(band.percent(part)))
                start, wide = 100 * (at - LEFT) / room, band.percent(part)
                middle = LEFT + (_aside(start, wide) if half else start + wide / 2) / 100 * room
                parts.append(
                    svg.text(middle, line + 25, said, PRINT, size=12, ink=f"on-grade-{shade}", anchor="middle")
                )
            at += width
        if half:
            middle = LEFT + room / 2
            parts.append(
                f'<path d="M{svg.number(middle)} {svg.number(line)}v42" {PRINT.stroke("ink")} stroke-width="2"/>'
            )
    return svg.svg("".join(parts), WIDTH, top + max(1, len(bands)) * STEP)
