"""Bars from zero, stages and their words: for documents. On a page the components ``bar`` and ``stages`` do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.ui import types
from maillage.ui.charts import svg
from maillage.ui.charts.palette import PRINT, Palette


@dataclass(frozen=True)
class Bar:
    """``value`` and ``goal`` on the common scale (never negative); ``text`` is the figure written beside it."""

    label: str
    value: float
    text: str
    goal: float | None = None
    type_code: str = ""
    note: str = ""


@dataclass(frozen=True)
class StageMark:
    """A stage: ``share`` done between 0 and 1; ``current`` where one is."""

    name: str
    share: float
    note: str = ""
    current: bool = False


def _warp(x: float, y: float, width: float, height: float, palette: Palette) -> str:
    """Bare warp threads: still to do."""
    picks = "".join(f"M{svg.number(x + i)} {svg.number(y)}v{svg.number(height)}" for i in range(0, int(width), 5))
    return f'<path d="{picks}" {palette.stroke("line-strong")} stroke-width=".8"/>'


def _woven(x: float, y: float, width: float, height: float, paint: str, palette: Palette) -> str:
    """Woven: done. A plain weave, four units a thread."""
    if width <= 0:
        return ""
    lines = []
    for j in range(1, int(height // 4)):
        lines.append(f"M{svg.number(x)} {svg.number(y + j * 4)}h{svg.number(width)}")
    ground = palette.stroke("surface" if not palette.on_page else "ground")
    body = f'<path d="{svg.rectangle(x, y, width, height)}" {paint}/>'
    return body + (f'<path d="{"".join(lines)}" {ground} stroke-width=".7"/>' if lines else "")


def bars(items: Sequence[Bar], palette: Palette = PRINT, *, top: float = 0) -> str:
    """One SVG, 720 units wide. The scale begins at zero and ends at ``top`` or the largest value or goal."""
    width, step, height = 720, 46, 14
    end = max([top, *(item.value for item in items), *(item.goal or 0 for item in items)], default=0) or 1
    parts = []
    for index, item in enumerate(items):
        y = index * step
        parts.append(svg.text(0, y + 12, svg.shorten(item.label, 80), palette, size=12))
        parts.append(svg.text(width, y + 12, item.text, palette, size=12, anchor="end", bold=True))
        paint = palette.fill(f"dye-{types.visual(item.type_code).n}" if item.type_code else "brand")
        parts.append(_warp(0, y + 19, width, height, palette))
        parts.append(_woven(0, y + 19, max(0.0, item.value) / end * width, height, paint, palette))
        if item.goal is not None:
            x = min(width - 4.0, item.goal / end * width)
            parts.append(f'<path d="{svg.rectangle(x, y + 15, 4, height + 8)}" {palette.fill("accent")}/>')
    return svg.svg("".join(parts), width, max(1, len(items) * step))


def bars_words(items: Sequence[Bar]) -> str:
    """Each bar in words, with its goal's note where there is one."""
    said = (_("%(label)s: %(value)s") % {"label": item.label, "value": item.text} for item in items)
    notes = (f" {item.note}" if item.note else "" for item in items)
    return " ".join(f"{words}.{note}" for words, note in zip(said, notes, strict=True))


def stages(items: Sequence[StageMark], palette: Palette = PRINT) -> str:
    """The stages side by side, 720 units wide; names on two lines at most."""
    width, gap, height = 720, 4, 14
    each = (width - gap * (len(items) - 1)) / max(1, len(items))
    parts = []
    for index, item in enumerate(items):
        x = index * (each + gap)
        parts.append(_warp(x, 0, each, height, palette))
        share = min(1.0, max(0.0, item.share))
        parts.append(_woven(x, 0, each * share, height, palette.fill("brand"), palette))
        words = svg.shorten(f"{index + 1}. {item.name}", int(each / 5.6))
        parts.append(svg.text(x, height + 18, words, palette, size=11, bold=item.current))
        parts.append(svg.text(x, height + 33, svg.shorten(item.note, int(each / 5.2)), palette, size=10, ink="muted"))
    return svg.svg("".join(parts), width, height + 40)


def stages_words(items: Sequence[StageMark]) -> str:
    """Each stage, its state, and where the alliance is."""
    said = []
    for index, item in enumerate(items, 1):
        state = _("done") if item.share >= 1 else _("under way") if item.share > 0 or item.current else _("to come")
        here = " " + _("We are here.") if item.current else ""
        note = f", {item.note}" if item.note else ""
        said.append(_("%(label)s: %(value)s") % {"label": f"{index}. {item.name}", "value": state} + f"{note}.{here}")
    return " ".join(said)
