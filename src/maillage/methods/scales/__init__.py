"""Answers on a scale, and how concentrated an amount is."""
