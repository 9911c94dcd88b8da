from __future__ import annotations

from typing import Any

from django.utils import timezone

from maillage.alliances import invitations
from maillage.alliances.models import Invitation, Role
from tests.arch.addresses import OPEN, STEERS, World, post_only


def an_invitation(world: World) -> tuple[Invitation, str]:
    return invitations.create(
        world.alliance, by=world.agent, now=timezone.now(), email="invitee@exemple.test", kind=Role.Kind.MEMBER
    )


def its_number(world: World) -> dict[str, Any]:
    return {"number": an_invitation(world)[0].uuid}


# The operator may name an agent where none is left.
APPOINTS = STEERS.but(operator=200)
ADDRESSES = {
    "alliances_in:home": OPEN,
    "alliances_in:invite": APPOINTS,
    "alliances_in:invitation_resend": post_only(APPOINTS).at(its_number),
    "alliances_in:invitation_withdraw": post_only(APPOINTS).at(its_number),
    # Whoever holds the address may read it; nothing changes until the button is pressed.
    "alliances:invitation": OPEN.at(lambda world: {"token": an_invitation(world)[1]}),
}
