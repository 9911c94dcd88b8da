"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.participation.models import Asked, Consultation, Step
from tests.arch.addresses import MOVED, OPEN, STEERS, Expected, World, everyone, post_only
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory


def _open(world: World) -> Consultation:
    now = timezone.now()
    found: Consultation = ConsultationFactory(
        alliance=world.alliance, opened_at=now - dt.timedelta(days=1), opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=7),
    )  # fmt: skip
    return found


def _draft(world: World) -> Consultation:
    found: Consultation = ConsultationFactory(alliance=world.alliance, state=Consultation.State.DRAFT)
    StepFactory(consultation=found, state=Step.State.WAITING)
    return found


def at_open(world: World) -> dict[str, Any]:
    return {"key": _open(world).uuid}


def at_draft(world: World) -> dict[str, Any]:
    return {"key": _draft(world).uuid}


def at_step(world: World) -> dict[str, Any]:
    found = _draft(world)
    return {"key": found.uuid, "step": found.steps.get().uuid}


def at_option(world: World) -> dict[str, Any]:
    found = _draft(world)
    return {"key": found.uuid, "option": OptionFactory(step=found.steps.get()).uuid}


def at_asked(world: World) -> dict[str, Any]:
    found = _open(world)
    row = Asked.objects.create(consultation=found, kind="codes", why="x", asked_at=timezone.now(), given={"count": 1})
    return {"key": found.uuid, "asked": row.uuid}


# What is in preparation does not exist for whoever may not read it.
PREPARES = STEERS.but(member=404, stranger=404, operator=404)

ADDRESSES: dict[str, Expected] = {
    "participation_in:consultations": OPEN,
    "participation_in:consultation": OPEN.at(at_open),
    "participation_in:moderation": STEERS,
    "participation_in:consultation_new": STEERS,
    "participation_in:consultation_edit": PREPARES.at(at_draft),
    "participation_in:steps": PREPARES.at(at_draft),
    "participation_in:step_new": PREPARES.at(lambda world: {**at_draft(world), "kind": "priorities"}),
    "participation_in:step_edit": PREPARES.at(at_step),
    "participation_in:step_move": post_only(PREPARES).at(at_step),
    "participation_in:step_remove": post_only(PREPARES).at(at_step),
    "participation_in:option_new": PREPARES.at(at_step),
    "participation_in:option_edit": PREPARES.at(at_option),
    "participation_in:option_withdraw": post_only(PREPARES).at(at_option),
    "participation_in:consultation_export": PREPARES.at(at_draft),
    "participation_in:consultation_open": PREPARES.at(at_draft),
    "participation_in:consultation_close": STEERS.at(at_open),
    "participation_in:consultation_cancel": PREPARES.at(at_draft),
    "participation_in:consultation_publish": STEERS.at(at_open),
    "participation_in:access": PREPARES.at(at_draft),
    "participation_in:codes_print": post_only(PREPARES).at(at_draft),
    "participation_in:list_add": post_only(PREPARES).at(at_draft),
    "participation_in:list_remove": post_only(PREPARES).at(lambda world: {**at_draft(world), "pk": 1}),
    "participation_in:codes_send": post_only(STEERS).at(at_open),
    "participation_in:consultation_extend": STEERS.at(at_open),
    "participation_in:asked": STEERS.at(at_open),
    "participation_in:asked_answer": post_only(STEERS).at(at_asked),
    "participation_in:codes_agreed": post_only(STEERS).at(at_asked),
    "participation_in:voids": STEERS.at(at_open),
    "participation_in:void_confirm": post_only(STEERS).at(lambda world: {**at_open(world), "pk": 1}),
    "participation_in:languages": PREPARES.at(at_draft),
    "participation_in:wordings": PREPARES.at(lambda world: {**at_draft(world), "code": "en"}),
    "participation_in:language_remove": post_only(PREPARES).at(lambda world: {**at_draft(world), "code": "es"}),
    "participation_in:about": PREPARES.at(at_draft),
    "participation_in:helpers": PREPARES.at(at_draft),
    "participation_in:helper_end": post_only(PREPARES).at(lambda world: {**at_draft(world), "pk": 1}),
    "participation_in:feedback": STEERS.at(at_open),
    "participation_in:feedback_send": post_only(STEERS).at(at_open),
    "participation_in:follow": OPEN.at(at_open),
    # Whoever reads it and steers elsewhere: the service asks.
    "participation_in:consultation_copy": post_only(OPEN).at(at_open),
    "participation:short": everyone(MOVED).at(lambda world: {"short": _open(world).short}),
}
