"""The consultations of the demonstration: what is asked first, then what each part adds to it."""

from maillage.participation.consultations import demo as consultations

__all__ = ["consultations"]
"""Importing them registers their steps. Orders: 60 consultations opened, 61 to 68 what people answer, 69 closings."""
