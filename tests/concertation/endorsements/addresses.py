"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from maillage.actors.models import Withdrawal, WithdrawalNote
from maillage.concertation.models import Endorsement
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, World, everyone, post_only
from tests.concertation.endorsements.making import decision_in, member_of
from tests.factories import ActorFactory, PersonFactory, SeatFactory, SpaceFactory


def made(world: World, **values: Any) -> dict[str, UUID]:
    council = ActorFactory(alliance=world.alliance)
    values = {"state": "sent", "is_public": True, "whereas": ["il pleut"], "resolved": "d’agir", **values}
    row = Endorsement.objects.create(alliance=world.alliance, council=council, title="Halte-chaleur", **values)
    return {"key": row.uuid}


def file(world: World) -> dict[str, Any]:
    return {**made(world), "form": "txt"}


def left(world: World) -> dict[str, UUID]:
    row = Withdrawal.objects.create(
        alliance=world.alliance, person=PersonFactory(alliance=world.alliance), reference="concertation.decision:x",
        reason="other", at=timezone.now(),
    )  # fmt: skip
    return {"key": row.uuid}


def noted(world: World) -> dict[str, UUID]:
    row = WithdrawalNote.objects.create(
        person=PersonFactory(alliance=world.alliance), reason="other", source="Appel",
        reference=decision_in(SpaceFactory(alliance=world.alliance)).reference,
    )  # fmt: skip
    return {"key": row.uuid}


def decision(world: World) -> dict[str, Any]:
    """The agent may withdraw, and so might a member of the space: this one is of none."""
    space = SpaceFactory(alliance=world.alliance)
    member_of(space)
    return {"kind": "decision", "key": decision_in(space).uuid}


def seat(world: World) -> dict[str, int]:
    return {"pk": SeatFactory(space=SpaceFactory(alliance=world.alliance)).pk}


ELECTED = STEERS.but(member=403)
GONE = everyone(410)

ADDRESSES: dict[str, Expected] = {
    "concertation_in:conflict_answer": post_only(OPEN).at(lambda world: {"key": "cle"}),
    "concertation_in:conflicts": STEERS,
    "concertation_in:withdraw": INSIDE.but(member=404).at(decision),
    "concertation_in:withdrawal_lift": STEERS.at(left),
    "concertation_in:withdrawal_note": INSIDE.but(member=404).at(noted),
    "concertation_in:withdrawals": OPEN,
    "concertation_in:endorsements": OPEN,
    "concertation_in:endorsement_new": STEERS,
    "concertation_in:for_councils": ELECTED,
    "concertation_in:endorsement": OPEN.at(made),
    "concertation_in:endorsement_edit": STEERS.at(made),
    "concertation_in:endorsement_file": OPEN.at(file),
    "concertation_in:endorsement_send": post_only(STEERS).at(made),
    "concertation_in:endorsement_answer": STEERS.at(made),
    "concertation_in:endorsement_interest": STEERS.at(made),
    "concertation_in:endorsement_announce": STEERS.but(agent=404).at(made),
    "concertation_in:my_mandates": INSIDE,
    "concertation_in:seat_mandates": STEERS.at(seat),
    "concertation:mandates_link": GONE.at(lambda world: {"token": "cle"}),
}
