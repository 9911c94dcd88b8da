"""What the priorities' part of the ballot page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maillage.participation.consultations.models import Step
from maillage.participation.priorities.reading import BY_NUMBER, LARGE_SCORE, choice_name, field_name, options_of
from maillage.participation.vocabulary import Grade, Method


def context(step: Step, language: str) -> Mapping[str, Any]:
    """One query, whatever the number of options."""
    options = options_of(step)
    asked = [option for option in options if option.withdrawn_at is None]
    rows = []
    for option in options:
        withdrawn = option.withdrawn_at is not None
        rows.append(
            {
                "option": option,
                "name": choice_name(step) if step.method in BY_NUMBER else field_name(step, option.number),
                "id": field_name(step, option.number),
                "withdrawn": withdrawn,
                "place": 0 if withdrawn else asked.index(option) + 1,
            }
        )
    return {
        "rows": rows,
        "asked": len(asked),
        "choice_name": choice_name(step),
        "one_each": step.method in {Method.GRADES, Method.SCORE},
        "grades": [
            {"value": str(grade), "shade": 7 - grade, "word": f"grade_{grade}"}
            for grade in sorted(Grade.values, reverse=True)
        ],
        "scores": [str(score) for score in range(step.score_most + 1)] if step.score_most <= LARGE_SCORE else [],
        "ranks": [str(rank) for rank in range(1, len(asked) + 1)],
    }
