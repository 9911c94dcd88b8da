"""Statements keyed in from a sheet of paper: one line a sheet, by the numbers printed on it."""

from __future__ import annotations

import json
import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Read, field_prefix
from maillage.participation.opinions.ballot import shown_numbers
from maillage.participation.opinions.models import Statement

HELP = gettext_lazy(
    "The numbers of the sentences: first those agreed with, then - and those disagreed with, then / and those passed. "
    "Nothing for a sentence left blank: 1 4 5 - 2 3 / 6."
)
MARKS = {"-": -1, "/": 0}
PIECE = re.compile(r"\d+|[-/]|[^\d\s,;/-]+")


def keyed(step: Step, line: str) -> Read:
    """One sheet. A sentence refused since the sheet was printed is left out, as on line. Errors are under the step's
    prefix: a number that is on no sheet, or written twice."""
    known = Statement.objects.filter(step=step).exclude(state=Statement.State.PENDING)
    states = dict(known.values_list("number", "state"))
    numbers = shown_numbers(step)
    content: dict[int, int] = {}
    vote = 1
    for piece in PIECE.findall(line):
        if piece in MARKS:
            vote = MARKS[piece]
            continue
        number = int(piece) if piece.isascii() and piece.isdigit() and len(piece) < 7 else 0
        if states.get(number, Statement.State.PENDING) == Statement.State.PENDING:
            return _refused(step, _("No sentence has the number %(number)s.") % {"number": piece[:20]}, len(numbers))
        if number in content:
            return _refused(step, _("A number is written twice."), len(numbers))
        content[number] = vote
    kept = {str(number): content[number] for number in numbers if number in content}
    return Read(json.dumps(kept, separators=(",", ":")), {}, len(kept), len(numbers))


def _refused(step: Step, words: str, total: int) -> Read:
    return Read("", {field_prefix(step): words}, 0, total)
