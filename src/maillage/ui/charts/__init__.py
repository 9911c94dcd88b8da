"""Drawings made on the server, for pages and for documents. Each has its words, from the same data.

``palette=PAGE`` names colours by classes that follow light and dark; ``palette=PRINT`` resolves them.
"""

from maillage.ui.charts.maps import MapShape, map_words, region_map
from maillage.ui.charts.network import DASHES, NetworkMark, NetworkTie, draws_inside, is_named, network
from maillage.ui.charts.organigram import (
    Box,
    Branch,
    Tie,
    branches,
    organigram,
    organigram_words,
    tie_words,
)
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
    "DASHES",
    "PAGE",
    "PRINT",
    "Bar",
    "Box",
    "Branch",
    "MapShape",
    "NetworkMark",
    "NetworkTie",
    "Palette",
    "Picture",
    "Row",
    "StageMark",
    "Tie",
    "bars",
    "bars_words",
    "branches",
    "draws_inside",
    "fringe",
    "is_named",
    "map_words",
    "network",
    "organigram",
    "organigram_words",
    "picture",
    "region_map",
    "stages",
    "stages_words",
    "tie_words",
    "warp_definition",
    "weave",
    "weave_picture",
    "weave_row",
    "weave_table",
    "weave_words",
]
