"""Counting, telling and publishing of the steps of priorities: what ``kinds.StepKind`` wants of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from maillage.participation import kinds
from maillage.participation.consultations.models import Option, Step
from maillage.participation.results import groups, publishing, showing, tally
from maillage.participation.vocabulary import Method

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


def headlines(steps: Sequence[Step]) -> dict[int, Sequence[str]]:
    """The first words of each. Two queries at most."""
    return showing.headlines(steps)


def table(step: Step, data: Mapping[str, Any]) -> Iterator[kinds.Line]:
    """For each option, how many ballots gave each answer."""
    labels = showing.labels_of(step)
    for number in data.get("options", []):
        key, label = str(number), labels.get(number, str(number))
        if data["method"] == Method.GRADES:
            counts = data["profiles"][key]["counts"]
            yield from ((label, str(grade.label), n) for grade, n in zip(showing.GRADES, counts, strict=True))
        elif data["method"] == Method.SCORE:
            yield from ((label, str(value), n) for value, n in enumerate(data["spread"][key]))
        elif data["method"] == Method.RANKING:
            yield label, _("put first"), data["firsts"][key]
        else:
            yield label, _("chose it"), data["votes"][key]


def publish(step: Step, contents: Sequence[str]) -> kinds.PublishedFile | None:
    """The file of ballots, in the order they are given, without the options withdrawn."""
    options = standing(step)
    return publishing.publish(step, options, contents) if options else None
