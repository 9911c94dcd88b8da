"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.participation.models import Consultation
from maillage.participation.vocabulary import Access
from tests.arch.addresses import MOVED, OPEN, STEERS, World, post_only
from tests.participation.factories import ConsultationFactory
from tests.participation.paper.makers import batch_of
from tests.participation.results.makers import step_of


def at_batch(world: World) -> dict[str, Any]:
    now = timezone.now()
    step = step_of(
        consultation=ConsultationFactory(
            alliance=world.alliance, opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1)
        )
    )
    return {"key": step.consultation.uuid, "batch": batch_of(step).uuid}


def at_tied_batch(world: World) -> dict[str, Any]:
    """Where each person has a code."""
    found = at_batch(world)
    Consultation.objects.filter(uuid=found["key"]).update(access=Access.CODES)
    return found


def at_consultation(world: World) -> dict[str, Any]:
    return {"key": at_batch(world)["key"]}


def at_step(world: World) -> dict[str, Any]:
    step = step_of(consultation=ConsultationFactory(alliance=world.alliance))
    return {"key": step.consultation.uuid, "step": step.uuid}


ADDRESSES = {
    "participation_in:batches": STEERS.at(at_consultation),
    "participation_in:paper_proof": STEERS.at(at_step),
    **{
        f"participation_in:{name}": STEERS.at(at_batch)
        for name in ("batch", "batch_pdf", "batch_key", "batch_compare", "batch_void")
    },
    "participation_in:batch_exchange": STEERS.at(at_tied_batch),
    "participation_in:batch_untied": post_only(STEERS).at(at_tied_batch),
    "participation_in:batch_scanned": OPEN.but(
        nobody=MOVED, member=MOVED, agent=MOVED, stranger=MOVED, operator=MOVED
    ).at(lambda world: {**at_consultation(world), "number": 1}),
}
