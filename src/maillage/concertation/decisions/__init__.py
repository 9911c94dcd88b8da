"""Decisions: proposals, positions, objections, outcome by the rule, dissent kept."""
