"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from maillage.participation.models import Consultation
from tests.arch.addresses import STEERS, World, post_only
from tests.participation.factories import ConsultationFactory
from tests.participation.questionnaires.makers import question_of, section_of, step_of


def at_step(world: World) -> dict[str, Any]:
    step = step_of(consultation=ConsultationFactory(alliance=world.alliance, state=Consultation.State.DRAFT))
    question_of(section_of(step))
    return {"key": step.consultation.uuid, "step": step.uuid}


def at_question(world: World, name: str = "question") -> dict[str, Any]:
    found = at_step(world)
    question = Consultation.objects.get(uuid=found["key"]).steps.get().sections.get().questions.get()
    return {"key": found["key"], name: question.uuid}


def at_row(world: World) -> dict[str, Any]:
    return at_question(world, "row")


def at_section(world: World) -> dict[str, Any]:
    found = at_step(world)
    return {"key": found["key"], "section": Consultation.objects.get(uuid=found["key"]).steps.get().sections.get().uuid}


HIDDEN = STEERS.but(member=404, stranger=404, operator=404)
"""A consultation in preparation: nobody else learns that it exists."""

ADDRESSES = {
    "participation_in:questions": HIDDEN.at(at_step),
    "participation_in:question_new": HIDDEN.at(at_step),
    "participation_in:questions_preview": HIDDEN.at(at_step),
    "participation_in:question_texts": HIDDEN.at(at_step),
    "participation_in:excerpts": HIDDEN.at(at_step),
    "participation_in:question_edit": HIDDEN.at(at_question),
    "participation_in:question_move": post_only(HIDDEN).at(at_row),
    "participation_in:section_edit": HIDDEN.at(at_section),
}
