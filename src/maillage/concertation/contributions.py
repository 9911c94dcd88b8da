"""What the concertation room gives to the others."""

from maillage.concertation import log_words, reading_groups
from maillage.concertation.contributed import doors, merges, mine, open_data, pages, report, timeline, work
from maillage.concertation.decisions import contributions as decisions
from maillage.concertation.endorsements import contributions as endorsements
from maillage.concertation.governance import contributions as governance
from maillage.concertation.meetings import contributions as meetings
from maillage.concertation.minutes import contributions as minutes
from maillage.concertation.network import contributions as network
from maillage.concertation.tasks import contributions as tasks
from maillage.concertation.voices import contributions as voices

__all__ = [
    "decisions", "doors", "endorsements", "governance", "log_words", "meetings", "merges", "mine", "minutes", "network",
    "open_data", "pages", "reading_groups", "report", "tasks", "timeline", "voices", "work",
]  # fmt: skip
"""Importing them registers them."""
