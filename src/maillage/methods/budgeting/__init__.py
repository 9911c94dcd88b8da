"""Participatory budgets: which projects an envelope pays for."""
