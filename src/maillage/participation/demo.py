"""The consultations of the demonstration: what is asked first, then what each part adds to it."""

from maillage.participation.consultations import demo as consultations
from maillage.participation.ideas import demo as ideas
from maillage.participation.opinions import demo as opinions
from maillage.participation.outreach import demo as outreach
from maillage.participation.paper import demo as paper
from maillage.participation.results import demo as results
from maillage.participation.testimonies import demo as testimonies

__all__ = ["consultations", "ideas", "opinions", "outreach", "paper", "results", "testimonies"]
"""Importing them registers their steps. Orders: 62 consultations opened, 63 to 67 what people answer, 68 closings."""
