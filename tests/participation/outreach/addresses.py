"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from maillage.participation.models import Consultation, Outreach
from tests.arch.addresses import STEERS, Expected, World, post_only
from tests.participation.factories import ConsultationFactory


def at_plan(world: World) -> dict[str, Any]:
    return {"key": ConsultationFactory(alliance=world.alliance, state=Consultation.State.DRAFT).uuid}


def at_way(world: World) -> dict[str, Any]:
    found = ConsultationFactory(alliance=world.alliance, state=Consultation.State.DRAFT)
    return {"key": found.uuid, "way": Outreach.objects.create(consultation=found, who="Familles fictives").uuid}


# What is in preparation does not exist for whoever may not read it.
PREPARES = STEERS.but(member=404, stranger=404, operator=404)

ADDRESSES: dict[str, Expected] = {
    "participation_in:outreach": PREPARES.at(at_plan),
    "participation_in:outreach_new": PREPARES.at(at_plan),
    "participation_in:outreach_edit": PREPARES.at(at_way),
    "participation_in:outreach_move": post_only(PREPARES).at(at_way),
    "participation_in:outreach_remove": post_only(PREPARES).at(at_way),
    "participation_in:outreach_outcome": PREPARES.at(at_way),
    "participation_in:outreach_cancel": PREPARES.at(at_way),
}
