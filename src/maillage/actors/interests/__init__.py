"""Conflicts of interest: what people declare, and what they withdraw from."""
