"""Steps of questions, and people who answer them."""

from __future__ import annotations

import json
import secrets

from maillage.participation.models import Question, Section, Step
from maillage.participation.questionnaires import sheet
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Kind
from tests.participation.factories import NOW, ConsultationFactory, StepFactory

K = Question.Kind


def step_of(*, consultation=None, **of) -> Step:
    return StepFactory(
        consultation=consultation or ConsultationFactory(**of), kind=Kind.QUESTIONNAIRE, method="", counting="",
        position=0, title="Se déplacer", **({"state": "waiting"} if of.get("state") == "draft" else {}),
    )  # fmt: skip


def section_of(step, **of) -> Section:
    return Section.objects.create(
        **{"step": step, "title": "Vos déplacements", "position": step.sections.count(), **of}
    )


def question_of(section, kind=K.ONE, codes="ab", **of) -> Question:
    choices = (
        [{"code": code, "label": f"Choix {code}"} for code in codes] if kind in {K.ONE, K.SEVERAL, K.GRADE} else []
    )
    position = section.questions.count()
    return Question.objects.create(
        **{"section": section, "kind": kind, "label": f"Question fictive {position + 1}?", "choices": choices,
           "position": position, **of}
    )  # fmt: skip


def name(question) -> str:
    return sheet.field_name(question.section.step, question)


def cast(step, answers, channel="online") -> str:
    content = json.dumps({str(question.uuid): value for question, value in answers.items()}, ensure_ascii=False)
    return urn.cast(
        consultation=step.consultation, contents={step: content}, nonce=secrets.token_urlsafe(16), now=NOW,
        channel=channel,
    ).receipt  # fmt: skip
