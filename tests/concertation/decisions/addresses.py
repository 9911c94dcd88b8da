"""What each reader gets at the addresses of this part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from maillage.alliances.links import services as links
from maillage.concertation.decisions import services
from maillage.concertation.decisions.services.common import LINK
from maillage.concertation.models import Decision, Objection, Position, SeatHolder, Space
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, World, post_only
from tests.factories import ActorFactory, PersonFactory, SeatFactory, SpaceFactory


def _space(world: World) -> Space:
    """A table where the member of the walk sits, with another one."""
    space: Space = SpaceFactory(alliance=world.alliance)
    for person in (world.member.persons.get(alliance=world.alliance), PersonFactory(alliance=world.alliance)):
        seat = SeatFactory(space=space, actor=ActorFactory(alliance=world.alliance))
        SeatHolder.objects.create(seat=seat, person=person)
    return space


def _open(world: World) -> Decision:
    now = timezone.now()
    made = services.create_decision(
        space=_space(world), title="Un fonds", text="Que…", by=world.agent, now=now,
        closes_at=now + dt.timedelta(days=7),
    )  # fmt: skip
    return services.open_decision(decision=made, by=world.agent, now=now, site="https://essai.test")


def _objecting(world: World) -> Decision:
    decision = _open(world)
    holder = SeatHolder.objects.get(seat__space=decision.space, person__user=world.member)
    services.take_position(
        decision=decision, key=(holder.seat_id, None), person=holder.person, stand="objection", why="Trop bas.",
        by=world.member, now=timezone.now(),
    )  # fmt: skip
    return decision


def at_open(world: World) -> dict[str, Any]:
    return {"key": _open(world).uuid}


def at_public(world: World) -> dict[str, Any]:
    decision = _objecting(world)
    closed = services.close_decision(decision=decision, by=world.agent, now=timezone.now(), site="https://essai.test")
    services.publish_decision(decision=closed, by=world.member, now=timezone.now())
    return {"key": closed.uuid}


def at_objection(world: World) -> dict[str, Any]:
    decision = _objecting(world)
    return {"key": decision.uuid, "objection": Objection.objects.get(decision=decision).uuid}


def at_position(world: World) -> dict[str, Any]:
    decision = _objecting(world)
    return {"key": decision.uuid, "position": Position.objects.get(decision=decision).uuid}


def at_link(world: World) -> dict[str, Any]:
    decision = _open(world)
    person = world.member.persons.get(alliance=world.alliance)
    return {"token": links.make(person=person, purpose=LINK, reference=decision.reference)}


# What is not published does not exist for whoever may not read it.
MEMBERS = INSIDE.but(stranger=404, operator=404)
LEADS = STEERS.but(stranger=404, operator=404)
_ANSWERS = post_only(MEMBERS).but(agent=403)

ADDRESSES: dict[str, Expected] = {
    "concertation_in:decisions": OPEN,
    "concertation_in:decisions_file": OPEN.at(lambda world: {"form": "csv"}),
    "concertation_in:decision_new": STEERS,
    "concertation_in:decision": OPEN.at(at_public),
    "concertation_in:decision_versions": MEMBERS.at(at_open),
    "concertation_in:decision_edit": LEADS.at(at_open),
    "concertation_in:decision_open": post_only(LEADS).at(at_open),
    "concertation_in:decision_amend": LEADS.at(at_open),
    "concertation_in:decision_take_back": post_only(LEADS).at(at_open),
    "concertation_in:decision_document_add": post_only(LEADS).at(at_open),
    "concertation_in:decision_document_remove": post_only(LEADS).at(lambda world: {**at_open(world), "pk": 1}),
    "concertation_in:position_take": _ANSWERS.at(at_open),
    "concertation_in:position_comment": _ANSWERS.at(at_open),
    "concertation_in:position_delegate": _ANSWERS.at(at_open),
    "concertation_in:position_record": LEADS.at(at_open),
    "concertation_in:position_round": LEADS.at(at_open),
    "concertation_in:position_confirm": post_only(MEMBERS).at(at_position),
    "concertation_in:objection_answer": LEADS.at(at_objection),
    "concertation_in:objection_maintain": _ANSWERS.at(at_objection),
    "concertation_in:decision_close": LEADS.at(at_open),
    "concertation_in:decision_publish": post_only(MEMBERS).at(at_open),
    "concertation_in:decision_follow_up": LEADS.at(at_open),
    "concertation_in:decision_task": post_only(LEADS).at(at_open),
    "concertation:position": OPEN.at(at_link),
}
