"""Counting, telling and publishing of the steps of priorities: what ``kinds.StepKind`` wants of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from maillage.participation import kinds
from maillage.participation.consultations.models import Option, Step
from maillage.participation.results import groups, publishing, showing, tally

RESULT = "participation/results/_priorities.html"
"""The template of ``StepKind.result``."""


def standing(step: Step) -> list[Option]:
    """The options that are counted, in the order of their numbers: those withdrawn while it was open are left out."""
    return sorted(
        (option for option in step.options.all() if option.withdrawn_at is None), key=lambda option: option.number
    )


def count(step: Step, sheets: Iterable[kinds.Sheet]) -> dict[str, Any]:
    """The aggregates of a step, by the rule fixed before its opening; ready to be kept as JSON.

    Errors: ``ValueError`` where a ballot is not of the shape that the step's method has.
    """
    found = list(sheets)
    options = standing(step)
    counted = tally.tally(step, options, [sheet.content for sheet in found])
    return {
        "method": step.method,
        "counting": step.counting,
        "ballots": len(found),
        "options": [option.number for option in options],
        "withdrawn": sorted(option.number for option in step.options.all() if option.withdrawn_at is not None),
        **counted.data,
        "groups": groups.by_group(step, found, counted.for_it, [option.number for option in options]),
    }


def told(step: Step, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the page shows of a count, in words, in the language that is active."""
    return showing.told(step, data)


def publish(step: Step, contents: Sequence[str]) -> kinds.PublishedFile | None:
    """The file of ballots, in the order they are given, without the options withdrawn."""
    options = standing(step)
    return publishing.publish(step, options, contents) if options else None
