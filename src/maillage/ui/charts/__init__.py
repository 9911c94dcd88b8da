"""Drawings made on the server, for pages and for documents. Each has its words, from the same data.

``palette=PAGE`` names colours by classes that follow light and dark; ``palette=PRINT`` resolves them.
"""

from maillage.ui.charts.maps import Dot, Place, map_svg, map_words
from maillage.ui.charts.palette import PAGE, PRINT, Palette
from maillage.ui.charts.strips import Bar, StageMark, bars, bars_words, stages, stages_words
from maillage.ui.charts.woven import (
    Picture,
    Row,
    fringe,
    picture,
    warp_definition,
    weave,
    weave_picture,
    weave_row,
    weave_table,
    weave_words,
)

__all__ = [
    "PAGE",
    "PRINT",
    "Bar",
    "Dot",
    "Palette",
    "Picture",
    "Place",
    "Row",
    "StageMark",
    "bars",
    "bars_words",
    "fringe",
    "map_svg",
    "map_words",
    "picture",
    "stages",
    "stages_words",
    "warp_definition",
    "weave",
    "weave_picture",
    "weave_row",
    "weave_table",
    "weave_words",
]
