"""Priorities keyed in from a sheet of paper: one line a sheet, keyboard only."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Read, field_prefix
from maillage.participation.priorities.reading import BY_NUMBER, of_choices, of_values, options_of
from maillage.participation.vocabulary import Grade, Method

HELP = gettext_lazy(
    "Grades: one sign an option, in order, 6 or a for the first column to 1 or f for the last, 0 for nothing. "
    "Approval and budget: the numbers ticked. Score: the scores, - for nothing. "
    "Ranking: the numbers, first choice first."
)
LETTERS = {letter: str(value) for letter, value in zip("abcdef", sorted(Grade.values, reverse=True), strict=True)}


def help_of(step: Step) -> str:
    """How a sheet of this step is keyed in."""
    return {
        Method.GRADES: _(
            "One sign an option, in order: 6 or a for the first column, 1 or f for the last, 0 for nothing."
        ),
        Method.APPROVAL: _("The numbers ticked, with a space between. Nothing for a blank sheet."),
        Method.BUDGET: _("The numbers ticked, with a space between. Nothing for a blank sheet."),
        Method.SCORE: _("The scores in order, with a space between, - for nothing."),
        Method.RANKING: _("The numbers, first choice first, with a space between; = between two that are equal."),
    }[Method(step.method)]


def keyed(step: Step, line: str) -> Read:
    """One sheet. Errors are under the step's prefix alone, where they are about the whole line."""
    options, prefix = options_of(step), field_prefix(step)
    line = line.strip().lower()
    numbers = [option.number for option in options]
    if step.method in BY_NUMBER:
        asked = [] if line in {"", "0", "-"} else re.split(r"[\s,;]+", line)
        known = {str(option.number): option for option in options}
        wrong = [text for text in asked if text not in known]
        if wrong:
            return _refused(prefix, _("No option has the number %(number)s.") % {"number": wrong[0]}, len(options))
        if len(set(asked)) != len(asked):
            return _refused(prefix, _("A number is written twice."), len(options))
        return of_choices(step, options, [known[text] for text in asked if known[text].withdrawn_at is None])
    if step.method == Method.RANKING:
        return _ranked(step, line, prefix)
    if step.method == Method.GRADES:
        signs = [LETTERS.get(sign, sign) for sign in line if not sign.isspace()]
    else:
        signs = line.split()
    if line and len(signs) != len(numbers):
        words = _("%(found)s answers are keyed in; the sheet has %(wanted)s options.")
        return _refused(prefix, words % {"found": len(signs), "wanted": len(numbers)}, len(options))
    return of_values(step, options, dict(zip(numbers, signs, strict=False)), as_is=True)


def _ranked(step: Step, line: str, prefix: str) -> Read:
    options = options_of(step)
    known = {str(option.number) for option in options}
    given: dict[int, str] = {}
    groups = [] if line in {"", "0", "-"} else re.split(r"[\s,;>]+", re.sub(r"\s*=\s*", "=", line))
    rank = 1
    for group in groups:
        equal = group.split("=")
        for text in equal:
            if text not in known:
                return _refused(prefix, _("No option has the number %(number)s.") % {"number": text}, len(options))
            if int(text) in given:
                return _refused(prefix, _("A number is written twice."), len(options))
            given[int(text)] = str(rank)
        rank += len(equal)
    return of_values(step, options, given, as_is=True)


def _refused(prefix: str, words: str, total: int) -> Read:
    return Read("", {prefix: words}, 0, total)
