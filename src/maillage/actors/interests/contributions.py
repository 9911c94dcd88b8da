"""What this part gives to the others, the words of its acts included."""

from maillage.actors.interests import selectors

__all__ = ["selectors"]
"""Importing it registers what is withheld."""
