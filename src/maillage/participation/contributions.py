"""What the participation room gives to the others."""

from maillage.participation.consultations import contributions as consultations
from maillage.participation.ideas import contributions as ideas
from maillage.participation.opinions import contributions as opinions
from maillage.participation.outreach import contributions as outreach
from maillage.participation.paper import contributions as paper
from maillage.participation.priorities import contributions as priorities
from maillage.participation.questionnaires import contributions as questionnaires
from maillage.participation.results import contributions as results
from maillage.participation.testimonies import contributions as testimonies
from maillage.participation.urn import contributions as urn
from maillage.participation.voting import contributions as voting

__all__ = [
    "consultations", "ideas", "opinions", "outreach", "paper", "priorities", "questionnaires", "results", "testimonies",
    "urn", "voting",
]  # fmt: skip
"""Importing them registers them."""
