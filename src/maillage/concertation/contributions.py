"""What the concertation room gives to the others."""

from maillage.concertation import log_words
from maillage.concertation.contributed import merges, open_data, pages, report, timeline, work

__all__ = ["log_words", "merges", "open_data", "pages", "report", "timeline", "work"]
"""Importing them registers them."""
