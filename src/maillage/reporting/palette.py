"""Colours of the actors' types on paper."""

from maillage.ui.types import visual

THREADS = ("#73847B", "#4B9480", "#4040A3", "#376C98", "#631557", "#784D00", "#C66128", "#A1445E", "#312F19")


def thread(type_code: str) -> str:
    """The colour of a type's thread on white paper, ``#rrggbb``."""
    return THREADS[visual(type_code).n]
