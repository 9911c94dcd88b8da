"""How spaces fit together: boxes from left to right, the region first. Its words are the same tree, as nested lists.

Left to right, because names are read across and a territory has more tables than a page is wide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core.formats import number
from maillage.ui.charts import svg
from maillage.ui.charts.palette import PRINT, Palette

BOX, HEIGHT, GAP, COLUMN = 250.0, 62.0, 16.0, 350.0
LINE = 29
"""Letters in a line of a box."""
KINDS = ("part-of", "reports-to", "advises")


@dataclass(frozen=True)
class Box:
    """A space. ``level``: how far to the left it may stand at most (0 for the region's, 1 for a territory's)."""

    key: int
    label: str
    note: str = ""
    group: str = ""
    """The alliance it belongs to, in words."""
    own: bool = True
    """Of the alliance whose page it is: drawn plain; the others are tinted."""
    level: int = 0
    url: str = ""


@dataclass(frozen=True)
class Tie:
    """``below`` is part of, reports to or advises ``above``."""

    below: int
    above: int
    kind: str


@dataclass
class Branch:
    """A box with what hangs from it. ``kind`` is the tie to the one it hangs from; ``others`` the ties left over."""

    box: Box
    kind: str = ""
    children: list[Branch] = field(default_factory=list)
    others: list[tuple[str, Box]] = field(default_factory=list)

    def walk(self) -> Iterator[Branch]:
        yield self
        for child in self.children:
            yield from child.walk()


def branches(boxes: Sequence[Box], ties: Sequence[Tie]) -> list[Branch]:
    """The boxes as trees: each hangs from what it is part of, else from what it reports to. No box comes twice."""
    found = {box.key: Branch(box) for box in boxes}
    hung: dict[int, int] = {}

    def leads_to(above: int, below: int) -> bool:
        seen: set[int] = set()
        while above in hung and above not in seen:
            seen.add(above)
            above = hung[above]
            if above == below:
                return True
        return False

    ordered = sorted(ties, key=lambda tie: KINDS.index(tie.kind))
    for tie in ordered:
        below, above = found.get(tie.below), found.get(tie.above)
        if below is None or above is None:
            continue
        hangs = tie.kind != "advises" and tie.below not in hung and tie.below != tie.above
        if hangs and not leads_to(tie.above, tie.below):
            hung[tie.below] = tie.above
            below.kind = tie.kind
            above.children.append(below)
        else:
            below.others.append((tie.kind, above.box))
    return [found[box.key] for box in boxes if box.key not in hung]


def _lines(label: str) -> list[str]:
    """The label on two lines at most."""
    words, lines = label.split(), [""]
    for word in words:
        grown = f"{lines[-1]} {word}".strip()
        if len(grown) <= LINE or not lines[-1]:
            lines[-1] = grown
        elif len(lines) == 1:
            lines.append(word)
        else:
            lines[-1] = grown
    return [svg.shorten(line, LINE) for line in lines]


@dataclass(frozen=True)
class _Place:
    x: float
    y: float


def _places(trees: Sequence[Branch]) -> tuple[dict[int, _Place], int, float]:
    """Where each box stands, how many columns there are, and the height."""
    places: dict[int, _Place] = {}
    deepest, y = 0, 0.0

    def put(branch: Branch, column: int) -> float:
        nonlocal deepest, y
        column = max(column, branch.box.level)
        deepest = max(deepest, column)
        if branch.children:
            middles = [put(child, column + 1) for child in branch.children]
            middle = (middles[0] + middles[-1]) / 2
        else:
            middle = y + HEIGHT / 2
            y += HEIGHT + GAP
        places[branch.box.key] = _Place(column * COLUMN, middle - HEIGHT / 2)
        return middle

    for tree in trees:
        put(tree, 0)
        y += GAP / 2
    return places, deepest + 1, max(HEIGHT, y - GAP * 1.5)


DASHES = {"part-of": "", "reports-to": ' stroke-dasharray="9 5"', "advises": ' stroke-dasharray="2 5"'}


def _line(d: str, kind: str, palette: Palette) -> str:
    return f'<path d="{d}" {palette.stroke("line-strong")} stroke-width="2"{DASHES[kind]}/>'


def _joint(below: _Place, above: _Place, kind: str, palette: Palette) -> str:
    """From the right side of the one above to the left side of the one that hangs from it."""
    y1, y2, bend = above.y + HEIGHT / 2, below.y + HEIGHT / 2, below.x - (COLUMN - BOX) / 2
    d = f"M{svg.number(above.x + BOX)} {svg.number(y1)}H{svg.number(bend)}V{svg.number(y2)}H{svg.number(below.x)}"
    return _line(d, kind, palette)


def _detour(below: _Place, above: _Place, kind: str, palette: Palette) -> str:
    """A tie besides those of the tree: out of the top or the bottom of the one above, then across; or, within a
    column, round its right side."""
    if below.x > above.x:
        x, y = above.x + BOX * 0.75, below.y + 9
        start = above.y if y < above.y else above.y + HEIGHT
        d = f"M{svg.number(x)} {svg.number(start)}V{svg.number(y)}H{svg.number(below.x)}"
    else:
        right, out = BOX, max(above.x, below.x) + BOX + (COLUMN - BOX) / 3
        d = (
            f"M{svg.number(above.x + right)} {svg.number(above.y + HEIGHT / 2 + 8)}H{svg.number(out)}"
            f"V{svg.number(below.y + HEIGHT / 2 - 8)}H{svg.number(below.x + right)}"
        )
    return _line(d, kind, palette)


def organigram(boxes: Sequence[Box], ties: Sequence[Tie], palette: Palette = PRINT) -> str:
    """One SVG: solid lines « is part of », dashes « reports to », dots « advises »."""
    trees = branches(boxes, ties)
    places, columns, height = _places(trees)
    lines, drawn = [], []
    for tree in trees:
        for branch in tree.walk():
            here = places[branch.box.key]
            for child in branch.children:
                lines.append(_joint(places[child.box.key], here, child.kind, palette))
            for kind, other in branch.others:
                lines.append(_detour(here, places[other.key], kind, palette))
            drawn.append(_box(branch.box, here, palette))
    return svg.svg("".join(lines) + "".join(drawn), columns * COLUMN - (COLUMN - BOX) + 40, height + 4)


def _box(box: Box, place: _Place, palette: Palette) -> str:
    x, y = place.x + 1, place.y + 1
    path = svg.rectangle(x, y, BOX - 2, HEIGHT - 2)
    body = f'<path d="{path}" {palette.fill("surface" if box.own else "tint")}/>'
    body += f'<path d="{path}" {palette.stroke("brand" if box.own else "line-strong")} stroke-width="1.5"/>'
    lines = _lines(box.label)
    top = y + (21 if len(lines) > 1 or box.note else 34)
    for index, words in enumerate(lines):
        body += svg.text(x + 12, top + index * 17, words, palette, size=15, bold=True)
    if box.note and len(lines) == 1:
        body += svg.text(x + 12, top + 22, svg.shorten(box.note, 34), palette, size=13, ink="muted")
    elif box.note:
        body += svg.text(x + 12, top + 34, svg.shorten(box.note, 34), palette, size=12.5, ink="muted")
    return body


def tie_words(kind: str, other: str) -> str:
    """« reports to: Table régionale »."""
    words = {"part-of": _("part of"), "reports-to": _("reports to"), "advises": _("advises")}
    return _("%(label)s: %(value)s") % {"label": words[kind], "value": other}


def organigram_words(boxes: Sequence[Box], ties: Sequence[Tie]) -> str:
    """The drawing in one breath; the nested list beside it says it all."""
    trees = branches(boxes, ties)
    spaces = ngettext("%(n)s space", "%(n)s spaces", len(boxes)) % {"n": number(len(boxes))}
    roots = ", ".join(tree.box.label for tree in trees[:6]) + ("…" if len(trees) > 6 else "")
    return _("Organigram of %(spaces)s. From the left: %(roots)s. The list says the same.") % {
        "spaces": spaces,
        "roots": roots,
    }
