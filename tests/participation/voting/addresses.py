"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.participation.models import Consultation
from tests.arch.addresses import MOVED, OPEN, STEERS, World, everyone, post_only
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory


def at_ballot(world: World) -> dict[str, Any]:
    now = timezone.now()
    consultation = ConsultationFactory(
        alliance=world.alliance, opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1)
    )
    OptionFactory(step=StepFactory(consultation=consultation), number=1)
    return {"key": consultation.uuid}


def short_of(world: World) -> dict[str, Any]:
    return {"short": Consultation.objects.get(uuid=at_ballot(world)["key"]).short}


ADDRESSES = {
    "participation:short_guide": everyone(MOVED).at(short_of),
    "participation_in:ballot": OPEN.at(at_ballot),
    "participation_in:sent": OPEN.at(at_ballot),
    "participation_in:receipt": OPEN.at(at_ballot),
    "participation_in:kiosk": STEERS.at(at_ballot),
    "participation_in:kiosk_guide": OPEN.at(at_ballot),
    "participation_in:kiosk_worker": OPEN.at(at_ballot),
    "participation_in:kiosk_open": post_only(OPEN.at(at_ballot)),
    "participation_in:kiosk_close": post_only(OPEN.at(at_ballot)),
}
