"""The answers as anyone may count them: one line a person, only where no line is of fewer people than the threshold."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence

from maillage.participation.consultations.models import Step
from maillage.participation.kinds import PublishedFile
from maillage.participation.questionnaires import structure
from maillage.participation.questionnaires.models import Question
from maillage.participation.questionnaires.sheet import answers_in


def publish(step: Step, contents: Sequence[str]) -> PublishedFile | None:
    """Choices only, never a text nor a number. None where somebody's line would be theirs alone, or nearly.

    A line is published when at least as many people as the threshold have the very same one: nobody is the only one to
    have said it.
    """
    questions = [one for one in structure.questions_of(step) if one.kind in structure.CLOSED]
    rows = [_row(questions, content) for content in contents]
    if not questions or not rows or min(Counter(rows).values()) < step.consultation.threshold:
        return None
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_header(place, one) for place, one in enumerate(questions, start=1)])
    writer.writerows(rows)
    name = f"reponses-{step.position + 1}.csv"
    return PublishedFile(name, "text/csv", text.getvalue().encode(), f"tail -n +2 {name} | sort | uniq -c")


def _header(place: int, question: Question) -> str:
    return f"{place}. {' '.join(question.label.split())}"


def _row(questions: Sequence[Question], content: str) -> tuple[str, ...]:
    answers = answers_in(content)
    row = []
    for question in questions:
        labels = structure.labels_of(question)
        codes = structure.chosen(answers.get(structure.key_of(question)))
        row.append(" + ".join(labels[code] for code in codes if code in labels))
    return tuple(row)
