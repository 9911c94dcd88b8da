"""What each reader gets at the addresses of this part."""

import datetime as dt

from maillage.concertation.models import ObstacleStep
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, post_only
from tests.concertation.governance.factories import (
    CharterFactory,
    ConditionOfferFactory,
    DecisionStepFactory,
    FacilitationFactory,
    HeldMeetingFactory,
    ObstacleFactory,
    SeatHolderFactory,
    SpaceLinkFactory,
)
from tests.factories import SeatFactory, SpaceFactory

PAST = dt.date(2025, 1, 1)


def a_space(world):
    return {"key": SpaceFactory(alliance=world.alliance).uuid}


def a_link(world):
    link = SpaceLinkFactory(space__alliance=world.alliance)
    return {"key": link.space.uuid, "pk": link.pk}


def a_seat(world):
    seat = SeatFactory(space__alliance=world.alliance)
    return {"key": seat.space.uuid, "pk": seat.pk}


def a_holder(world):
    return {"holder": SeatHolderFactory(seat__space__alliance=world.alliance).uuid}


def a_turn(world):
    turn = FacilitationFactory(space__alliance=world.alliance)
    return {"key": turn.space.uuid, "pk": turn.pk}


def a_step(world):
    return {"pk": DecisionStepFactory(space__alliance=world.alliance).pk}


def a_draft(world):
    charter = CharterFactory(space__alliance=world.alliance)
    return {"key": charter.space.uuid, "number": charter.number}


def an_adopted_charter(world):
    charter = CharterFactory(space__alliance=world.alliance, adopted_on=PAST, since=PAST)
    return {"key": charter.space.uuid, "number": charter.number}


def two_charters(world):
    first = CharterFactory(space__alliance=world.alliance, adopted_on=PAST, since=PAST, until=PAST)
    CharterFactory(space=first.space, number=2, adopted_on=PAST, since=PAST)
    return {"key": first.space.uuid}


def an_obstacle(world):
    return {"key": ObstacleFactory(space__alliance=world.alliance).uuid}


def a_try(world):
    obstacle = ObstacleFactory(space__alliance=world.alliance)
    return {"key": obstacle.uuid, "pk": ObstacleStep.objects.create(obstacle=obstacle, on=PAST, tried="Une marche").pk}


def a_meeting(world):
    meeting = HeldMeetingFactory(space__alliance=world.alliance)
    ConditionOfferFactory(space=meeting.space)
    return {"key": meeting.uuid}


SITS = INSIDE.but(member=403)
"""Whoever sits in the space, and the team: the member of the walk sits nowhere."""

ADDRESSES: dict[str, Expected] = {
    "concertation_in:space_setting": STEERS.at(a_space),
    "concertation_in:link_add": post_only(STEERS).at(a_space),
    "concertation_in:link_end": post_only(STEERS).at(a_link),
    "concertation_in:holders": SITS.at(a_space),
    "concertation_in:seats_plan": post_only(STEERS).at(a_space),
    "concertation_in:holder_add": STEERS.at(a_seat),
    "concertation_in:holder_end": STEERS.at(a_holder),
    "concertation_in:my_seats": INSIDE,
    "concertation_in:governance": OPEN,
    "concertation_in:path": STEERS,
    "concertation_in:step_end": post_only(STEERS).at(a_step),
    "concertation_in:turns": OPEN.at(a_space),
    "concertation_in:turn_end": post_only(STEERS).at(a_turn),
    "concertation_in:conditions": OPEN.at(a_space),
    "concertation_in:conditions_kept": SITS.at(a_meeting),
    "concertation_in:charter": OPEN.at(a_space),
    "concertation_in:charter_version": OPEN.at(an_adopted_charter),
    "concertation_in:charter_compare": OPEN.at(two_charters),
    "concertation_in:charter_write": STEERS.at(a_space),
    "concertation_in:charter_adopt": STEERS.at(a_draft),
    "concertation_in:obstacles": OPEN.at(a_space),
    "concertation_in:obstacle_name": SITS.at(a_space),
    "concertation_in:obstacle_change": SITS.at(an_obstacle),
    "concertation_in:obstacle_tried": SITS.at(an_obstacle),
    "concertation_in:obstacle_outcome": SITS.at(a_try),
    "concertation_in:dynamics": SITS.at(a_space),
    "concertation_in:holder_named": post_only(INSIDE).at(a_holder),
}
