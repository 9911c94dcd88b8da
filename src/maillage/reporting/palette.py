"""Colours of the actors' types on paper."""

from maillage.ui.charts.palette import LIGHT
from maillage.ui.types import visual


def thread(type_code: str) -> str:
    """The colour of a type's thread on white paper, ``#rrggbb``."""
    return LIGHT[f"dye-{visual(type_code).n}"]
