"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from maillage.participation.models import Consultation, Statement
from tests.arch.addresses import OPEN, STEERS, World, post_only
from tests.participation.factories import ConsultationFactory
from tests.participation.opinions.makers import step_of


def at_consultation(world: World) -> dict[str, Any]:
    step = step_of(consultation=ConsultationFactory(alliance=world.alliance))
    return {"key": step.consultation.uuid}


def at_step(world: World) -> dict[str, Any]:
    return {**at_consultation(world), "position": 0}


def at_statement(world: World) -> dict[str, Any]:
    key = at_consultation(world)["key"]
    return {"key": key, "statement": Statement.objects.filter(step__consultation__uuid=key).first().uuid}


def at_draft(world: World) -> dict[str, Any]:
    found = at_statement(world)
    Consultation.objects.filter(uuid=found["key"]).update(state=Consultation.State.DRAFT)
    return found


ADDRESSES = {
    "participation_in:opinions": OPEN.at(at_step),
    "participation_in:opinion_add": post_only(OPEN).at(at_step),
    "participation_in:statements": STEERS.at(at_consultation),
    "participation_in:statements_read": post_only(STEERS).at(at_consultation),
    # Nothing is ticked: there is nothing to refuse.
    "participation_in:statements_refuse": STEERS.at(at_consultation).but(agent=404),
    "participation_in:statement_edit": STEERS.at(at_draft),
}
