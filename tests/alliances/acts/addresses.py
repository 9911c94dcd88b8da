"""What each reader gets at the addresses of this part."""

from __future__ import annotations

from typing import Any

from maillage.alliances.models import ActInName, Appeal, Person
from tests.arch.addresses import INSIDE, OPEN, World


def an_act(world: World) -> dict[str, Any]:
    act = ActInName.objects.create(alliance=world.alliance, kind="essai", role_kind="agent", label="Décision 2026-47")
    return {"key": act.uuid}


def an_appeal(world: World) -> dict[str, Any]:
    act = ActInName.objects.get(uuid=an_act(world)["key"])
    person = Person.objects.get(user=world.member)
    return {"key": Appeal.objects.create(act=act, person=person, reason="Ce n’est pas notre position.").uuid}


ADDRESSES = {
    "alliances_in:acts": OPEN,
    "alliances_in:act": OPEN.at(an_act),
    "alliances_in:appeal-make": INSIDE.at(an_act),
    # Its author and the coordination; the agent does not read why a member appeals.
    "alliances_in:appeal": INSIDE.but(agent=403).at(an_appeal),
}
