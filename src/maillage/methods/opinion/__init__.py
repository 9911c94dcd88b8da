"""Agree, disagree, pass: the map of opinions and its groups."""
