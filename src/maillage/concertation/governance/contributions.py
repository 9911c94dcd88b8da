"""What this part gives to the others, the words of its acts included."""

from maillage.concertation.governance.contributed import account, memory, merges, personal, words, work

__all__ = ["account", "memory", "merges", "personal", "words", "work"]
"""Importing them registers them."""
