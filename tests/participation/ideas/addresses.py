"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.participation.models import Consultation, Idea, MergeProposal
from tests.arch.addresses import OPEN, STEERS, World, post_only
from tests.participation.ideas.makers import step_of


def _step(world: World):
    step = step_of(alliance=world.alliance)
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now() + dt.timedelta(days=3))
    return step


def at_step(world: World) -> dict[str, Any]:
    step = _step(world)
    return {"key": step.consultation.uuid, "step": step.uuid}


def at_consultation(world: World) -> dict[str, Any]:
    return {"key": at_step(world)["key"]}


def _idea(step) -> Idea:
    return Idea.objects.create(step=step, number=1, title="Idée fictive", state=Idea.State.SHOWN, checked=True)


def at_idea(world: World) -> dict[str, Any]:
    step = _step(world)
    return {"key": step.consultation.uuid, "step": step.uuid, "number": _idea(step).number}


def at_merge(world: World) -> dict[str, Any]:
    step = _step(world)
    until = world.alliance.today() + dt.timedelta(days=3)
    made = MergeProposal.objects.create(step=step, title="Ensemble", answers_until=until)
    return {"key": step.consultation.uuid, "merge": made.uuid}


def refusing(world: World) -> dict[str, Any]:
    step = _step(world)
    _idea(step)
    return {"key": step.consultation.uuid}


ADDRESSES = {
    "participation_in:solutions": OPEN.at(at_step),
    "participation_in:idea": OPEN.at(at_idea),
    "participation_in:idea_comment": post_only(OPEN).at(at_idea),
    "participation_in:idea_propose": OPEN.at(at_step),
    "participation_in:idea_mine": OPEN.at(at_consultation),
    "participation_in:ideas": STEERS.at(at_consultation),
    "participation_in:idea_moderate": post_only(STEERS).at(at_consultation),
    # Nothing is ticked: there is nothing to refuse.
    "participation_in:idea_refuse": STEERS.at(refusing).but(agent=404),
    "participation_in:idea_problems": STEERS.at(at_step),
    "participation_in:idea_bring": STEERS.at(at_step),
    "participation_in:idea_merges": STEERS.at(at_consultation),
    "participation_in:idea_merge_new": STEERS.at(at_step),
    "participation_in:idea_merge": STEERS.at(at_merge),
    "participation_in:idea_choose": STEERS.at(at_step),
}
