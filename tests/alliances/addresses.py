from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.alliances import invitations
from maillage.alliances.models import (
    AllianceTerritory,
    DelegatedPower,
    Deliverable,
    Invitation,
    MemoryEvent,
    Role,
    Term,
)
from tests.arch.addresses import INSIDE, OPEN, OPERATES, STEERS, World, post_only
from tests.factories import CycleFactory, PersonFactory, RoleFactory, StageFactory, TerritoryFactory


def a_cycle(world: World) -> dict[str, Any]:
    return {"cycle_id": CycleFactory(alliance=world.alliance).pk}


def a_stage(world: World) -> dict[str, Any]:
    return {"stage_id": StageFactory(cycle__alliance=world.alliance).pk}


def a_deliverable(world: World) -> dict[str, Any]:
    stage = StageFactory(cycle__alliance=world.alliance)
    return {"deliverable_id": Deliverable.objects.create(stage=stage, title="Portrait").pk}


def an_event(world: World) -> dict[str, Any]:
    event = MemoryEvent.objects.create(alliance=world.alliance, on=dt.date(2025, 1, 1), title="Début")
    return {"event_id": event.uuid}


def a_person(world: World) -> dict[str, Any]:
    return {"person_id": PersonFactory(alliance=world.alliance).uuid}


def a_role(world: World) -> dict[str, Any]:
    return {"role_id": RoleFactory(person__alliance=world.alliance).pk}


def a_power(world: World) -> dict[str, Any]:
    power = DelegatedPower.objects.create(alliance=world.alliance, title="Convoquer", given_by="Table")
    return {"power_id": power.pk}


def a_word(world: World) -> dict[str, Any]:
    term = Term.objects.create(
        alliance=world.alliance, scheme="field", code="garde", fr="garde d’enfants", counts_as="education"
    )
    return {"term_id": term.pk}


def a_coverage(world: World) -> dict[str, Any]:
    return {"coverage_id": AllianceTerritory.objects.create(alliance=world.alliance, territory=TerritoryFactory()).pk}


def an_invitation(world: World) -> tuple[Invitation, str]:
    return invitations.create(
        world.alliance, by=world.agent, now=timezone.now(), email="invitee@exemple.test", kind=Role.Kind.MEMBER
    )


def its_number(world: World) -> dict[str, Any]:
    return {"number": an_invitation(world)[0].uuid}


# The operator may name an agent where none is left.
APPOINTS = STEERS.but(operator=200)
ADDRESSES = {
    "alliances:index": OPEN,
    "alliances:create": OPERATES,
    "alliances_in:home": OPEN,
    "alliances_in:invite": APPOINTS,
    "alliances_in:invitation_resend": post_only(APPOINTS).at(its_number),
    "alliances_in:invitation_withdraw": post_only(APPOINTS).at(its_number),
    # Whoever holds the address may read it; nothing changes until the button is pressed.
    "alliances:invitation": OPEN.at(lambda world: {"token": an_invitation(world)[1]}),
    "alliances_in:mine": INSIDE,
    "alliances_in:search": OPEN,
    "alliances_in:memory": OPEN,
    "alliances_in:memory-add": STEERS,
    "alliances_in:memory-edit": STEERS.at(an_event),
    "alliances_in:memory-remove": post_only(STEERS).at(an_event),
    "alliances_in:children": STEERS,
    "alliances_in:journal": STEERS,
    "alliances_in:pilotage": STEERS,
    "alliances_in:settings": STEERS,
    "alliances_in:rename": STEERS,
    "alliances_in:open": post_only(STEERS),
    "alliances_in:cover": post_only(STEERS),
    "alliances_in:leave": STEERS.at(a_coverage),
    "alliances_in:cycles": STEERS,
    "alliances_in:cycle-add": STEERS,
    "alliances_in:cycle": STEERS.at(a_cycle),
    "alliances_in:cycle-remove": post_only(STEERS).at(a_cycle),
    "alliances_in:agreement": STEERS.at(a_cycle),
    "alliances_in:stage-add": STEERS.at(a_cycle),
    "alliances_in:stage": STEERS.at(a_stage),
    "alliances_in:stage-move": post_only(STEERS).at(a_stage),
    "alliances_in:stage-remove": post_only(STEERS).at(a_stage),
    "alliances_in:deliverable-add": post_only(STEERS).at(a_stage),
    "alliances_in:deliverable": STEERS.at(a_deliverable),
    "alliances_in:deliverable-done": post_only(STEERS).at(a_deliverable),
    "alliances_in:deliverable-remove": post_only(STEERS).at(a_deliverable),
    "alliances_in:people": STEERS,
    "alliances_in:person-add": STEERS,
    "alliances_in:person": STEERS.at(a_person),
    "alliances_in:person-edit": STEERS.at(a_person),
    "alliances_in:role-add": STEERS.at(a_person),
    "alliances_in:role-end": STEERS.at(a_role),
    "alliances_in:powers": STEERS,
    "alliances_in:power-add": STEERS,
    "alliances_in:power": STEERS.at(a_power),
    "alliances_in:terms": STEERS,
    "alliances_in:term-add": STEERS.at(lambda world: {"scheme": "field"}),
    "alliances_in:term": STEERS.at(a_word),
    "alliances_in:handover": STEERS,
    "alliances_in:handover-make": post_only(STEERS),
}
