"""The questions of a step in order, and which of them are asked of whoever gave these answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires.models import Question, Section

K = Question.Kind
CLOSED = frozenset({K.ONE, K.SEVERAL, K.GRADE})
"""Answered by choices."""


@dataclass(frozen=True)
class Block:
    """A section with its questions, in order."""

    section: Section
    questions: Sequence[Question]


def blocks_of(step: Step) -> list[Block]:
    """Two queries, whatever the number of questions."""
    sections = list(Section.objects.filter(step=step).order_by("position", "pk"))
    found: dict[int, list[Question]] = {section.pk: [] for section in sections}
    by_id = {section.pk: section for section in sections}
    for question in Question.objects.filter(section__step=step).order_by("position", "pk"):
        question.section = by_id[question.section_id]
        found[question.section_id].append(question)
    return [Block(section, found[section.pk]) for section in sections]


def questions_in(blocks: Sequence[Block]) -> list[Question]:
    """All of them, in the order they are asked."""
    return [question for block in blocks for question in block.questions]


def questions_of(step: Step) -> list[Question]:
    return questions_in(blocks_of(step))


def key_of(question: Question) -> str:
    """How a content names a question."""
    return str(question.uuid)


def codes_of(question: Question) -> list[str]:
    return [row["code"] for row in question.choices]


def labels_of(question: Question) -> dict[str, str]:
    return {row["code"]: row["label"] for row in question.choices}


def chosen(answer: Any) -> list[str]:
    """The codes of an answer, whether it holds one or several."""
    if isinstance(answer, list):
        return [str(code) for code in answer]
    return [answer] if isinstance(answer, str) and answer else []


def is_asked(question: Question, by_id: Mapping[int, Question], answers: Mapping[str, Any]) -> bool:
    """Whether its condition holds, and that of the question it depends on, up to the first."""
    seen = set()
    current = question
    while current.depends_on_id is not None:
        parent = by_id.get(current.depends_on_id)
        if parent is None or parent.pk in seen:
            return False
        seen.add(parent.pk)
        if not set(chosen(answers.get(key_of(parent)))) & set(current.depends_in):
            return False
        current = parent
    return True


def asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Question]:
    """Those whose condition holds for these answers."""
    by_id = {question.pk: question for question in questions}
    return [question for question in questions if is_asked(question, by_id, answers)]
