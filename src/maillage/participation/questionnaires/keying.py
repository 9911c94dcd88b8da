"""A questionnaire keyed in from a sheet of paper: one line a sheet, the answers in order."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.participation.consultations.models import Step
from maillage.participation.kinds import Read, field_prefix
from maillage.participation.questionnaires import sheet, structure
from maillage.participation.questionnaires.models import Question

HELP = gettext_lazy(
    "The answers in order, with a semicolon between two. A choice is keyed by its number on the sheet, several with a "
    "space between (1 3), a number or a text as it is written. Nothing for a question left blank: 2;1 3;;34."
)


def keyed(step: Step, line: str) -> Read:
    """One sheet. A condition that fails leaves the answer out, as on line; a required question may stay blank, since
    nobody can ask the sheet again. Errors are under the step's prefix."""
    questions = structure.questions_of(step)
    # A text that ends the sheet may hold semicolons of its own.
    ends_in_text = bool(questions) and questions[-1].kind == Question.Kind.TEXT
    pieces = line.split(";", len(questions) - 1 if ends_in_text else -1)
    parts = [part.strip() for part in pieces] if line.strip() else []
    if len(parts) > len(questions):
        words = _("%(found)s answers are keyed in; the sheet has %(wanted)s questions.")
        return _refused(step, words % {"found": len(parts), "wanted": len(questions)}, len(questions))
    typed: dict[str, list[str]] = {}
    for question, part in zip(questions, parts, strict=False):
        if part in {"", "-"}:
            continue
        values = [part] if question.kind not in structure.CLOSED else _codes(question, part)
        if values is None:
            words = _("“%(question)s”: there is no choice “%(keyed)s”.")
            return _refused(step, words % {"question": question.label, "keyed": part[:20]}, len(questions))
        typed[sheet.field_name(step, question)] = values
    found = sheet.read(step, typed)
    names = {sheet.field_name(step, one) for one in questions if sheet.field_name(step, one) in typed}
    errors = {name: words for name, words in found.errors.items() if name in names}
    if errors:
        return _refused(step, " ".join(errors.values()), len(questions))
    return Read(found.content, {}, found.answered, found.total)


def _codes(question: Question, part: str) -> list[str] | None:
    codes = structure.codes_of(question)
    numbers = part.replace(",", " ").split()
    if any(not (n.isascii() and n.isdigit() and 1 <= int(n) <= len(codes)) for n in numbers if len(n) < 4):
        return None
    if any(len(n) > 3 for n in numbers) or (len(numbers) > 1 and question.kind != Question.Kind.SEVERAL):
        return None
    return [codes[int(n) - 1] for n in numbers]


def _refused(step: Step, words: str, total: int) -> Read:
    return Read("", {field_prefix(step): words}, 0, total)
