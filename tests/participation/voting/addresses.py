"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.arch.addresses import OPEN, STEERS, World, post_only
from tests.participation.factories import ConsultationFactory, OptionFactory, StepFactory


def at_ballot(world: World) -> dict[str, Any]:
    now = timezone.now()
    consultation = ConsultationFactory(
        alliance=world.alliance, opens_at=now - dt.timedelta(days=1), closes_at=now + dt.timedelta(days=1)
    )
    OptionFactory(step=StepFactory(consultation=consultation), number=1)
    return {"key": consultation.uuid}


ADDRESSES = {
    "participation_in:ballot": OPEN.at(at_ballot),
    "participation_in:sent": OPEN.at(at_ballot),
    "participation_in:receipt": OPEN.at(at_ballot),
    "participation_in:kiosk": STEERS.at(at_ballot),
    "participation_in:kiosk_worker": OPEN.at(at_ballot),
    "participation_in:kiosk_open": post_only(OPEN.at(at_ballot)),
    "participation_in:kiosk_close": post_only(OPEN.at(at_ballot)),
}
