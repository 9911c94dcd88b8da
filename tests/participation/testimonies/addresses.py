"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.participation.models import Consultation, Testimony
from tests.arch.addresses import OPEN, STEERS, World, post_only
from tests.participation.testimonies.makers import step_of


def at_step(world: World) -> dict[str, Any]:
    step = step_of(alliance=world.alliance)
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now() + dt.timedelta(days=3))
    return {"key": step.consultation.uuid, "step": step.uuid}


def at_consultation(world: World) -> dict[str, Any]:
    return {"key": at_step(world)["key"]}


def at_testimony(world: World) -> dict[str, Any]:
    found = at_step(world)
    step = Consultation.objects.get(uuid=found["key"]).steps.get()
    made = Testimony.objects.create(step=step, text="Témoignage fictif.", may_read=True)
    return {"key": found["key"], "testimony": made.pk}


ADDRESSES = {
    "participation_in:testify": OPEN.at(at_step),
    "participation_in:testimony_mine": OPEN.at(at_consultation),
    "participation_in:testimonies": STEERS.at(at_consultation),
    "participation_in:testimony_take_down": STEERS.at(at_step),
    "participation_in:testimony_book": STEERS.at(at_step),
    "participation_in:testimonies_count": post_only(STEERS).at(at_step),
    "participation_in:testimony_quotes": STEERS.at(at_consultation),
    "participation_in:testimony": STEERS.at(at_testimony),
}
