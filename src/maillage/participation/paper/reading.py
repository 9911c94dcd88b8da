"""A sheet as it is typed: one line, its doubts, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maillage.participation import kinds
from maillage.participation.consultations.models import Step
from maillage.participation.opinions.models import Statement
from maillage.participation.paper.models import KeyedSheet
from maillage.participation.questionnaires import structure
from maillage.participation.vocabulary import Kind

DOUBT = re.compile(r"(?:^|\s)\?(?=\s|$)|\?$")
"""A question mark alone, or at the end: those inside a text are the text's."""
SPOILT = "x"
BLANK = frozenset({"0", "-"})
LONGEST = 600


@dataclass(frozen=True)
class Typed:
    """One sheet: ``content`` is canonical JSON, ``""`` where the sheet is doubtful or spoilt and says nothing."""

    typed: str
    content: str = ""
    doubtful: bool = False
    spoilt: bool = False
    note: str = ""


def is_keyed(step: Step) -> bool:
    """Whether this kind of step has paper."""
    try:
        return kinds.of(step).keyed is not None
    except LookupError:
        return False


def read_line(step: Step, line: str) -> Typed:
    """What a line says: ``6 5 0``, ``0`` for a blank sheet, ``x torn`` for one that cannot be counted, ``6 5 ? two
    boxes ticked`` for a doubtful one.

    Errors: ``ValidationError`` with a sentence that says what to type instead.
    """
    line = " ".join(line.split())
    if len(line) > LONGEST:
        raise ValidationError(_("This line is too long: one line is one sheet."))
    if not line:
        raise ValidationError(_("Nothing is typed. For a blank sheet, type 0."))
    parts = [part.strip() for part in DOUBT.split(line, maxsplit=1)]
    answers, mark, note = parts[0], len(parts) == 2, "".join(parts[1:])
    if answers[:1].lower() == SPOILT and (len(answers) == 1 or answers[1] == " "):
        return Typed(line, spoilt=True, doubtful=mark, note=" ".join([answers[1:].strip(), note]).strip()[:300])
    if mark and not answers:
        return Typed(line, doubtful=True, note=note[:300])
    keyed = kinds.of(step).keyed
    if keyed is None:
        raise ValidationError(_("This step has no paper ballot."))
    read = keyed(step, "" if answers in BLANK else answers)
    if read.errors:
        said = " ".join(dict.fromkeys(read.errors.values()))
        raise ValidationError(
            _("%(said)s If that is what the sheet says, type x and why: it cannot be counted.") % {"said": said}
        )
    return Typed(line, content=read.content, doubtful=mark, note=note[:300])


def today(step: Step, contents: Iterable[str]) -> dict[str, str]:
    """Each content as it would be read now: an option withdrawn since it was typed is left out."""
    distinct = {content for content in contents if content}
    if not step.options.exclude(withdrawn_at=None).exists():
        return {content: content for content in distinct}
    kind = kinds.of(step)
    return {content: kind.read(step, {**kind.typed(step, content), "as_is": ["1"]}).content for content in distinct}


@dataclass(frozen=True)
class Pair:
    """The two readings of one sheet."""

    line: int
    first: KeyedSheet
    second: KeyedSheet
    differs: bool
    content: str = ""
    """What both say; of no use where they differ."""

    @property
    def to_rule(self) -> bool:
        return self.differs or self.first.doubtful or self.second.doubtful


def pairs(step: Step, sheets: Sequence[KeyedSheet]) -> list[Pair]:
    """Sheet by sheet, both readings, from the rows of a batch. As many in each."""
    now = today(step, [sheet.content for sheet in sheets])
    first, second = ({sheet.line: sheet for sheet in sheets if sheet.round == number} for number in (1, 2))
    return [
        Pair(
            line=line, first=one, second=second[line], content=now.get(one.content, ""),
            differs=one.spoilt != second[line].spoilt
            or now.get(one.content, "") != now.get(second[line].content, ""),
        )
        for line, one in sorted(first.items())
        if line in second
    ]  # fmt: skip


def places(step: Step, one: str, other: str) -> list[str]:
    """Where two contents differ, in words."""
    try:
        left, right = json.loads(one or "null"), json.loads(other or "null")
    except ValueError:
        return []
    if isinstance(left, dict) and isinstance(right, dict):
        return [name for key, name in _asked(step).items() if left.get(key) != right.get(key)]
    if not isinstance(left, list) or not isinstance(right, list):
        return []
    options = {option.number: option for option in step.options.all()}
    if step.method in {"approval", "budget"}:
        found = sorted(set(left) ^ set(right))
    else:
        found = [at + 1 for at in range(max(len(left), len(right))) if left[at : at + 1] != right[at : at + 1]]
    return [f"{number}. {options[number].label}" for number in found if number in options]


def _asked(step: Step) -> dict[str, str]:
    """The statements or the questions of a step, by what names them in a content."""
    if step.kind == Kind.OPINIONS:
        rows = Statement.objects.filter(step=step).order_by("number").values_list("number", "text")
        return {str(number): f"{number}. {text}" for number, text in rows}
    questions = structure.questions_of(step)
    return {structure.key_of(one): f"{place}. {one.label}" for place, one in enumerate(questions, start=1)}
