"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import INSIDE, STEERS, Expected, post_only
from tests.concertation.governance.factories import SeatHolderFactory, SpaceLinkFactory
from tests.factories import SeatFactory, SpaceFactory


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


ADDRESSES: dict[str, Expected] = {
    "concertation_in:space_setting": STEERS.at(a_space),
    "concertation_in:link_add": post_only(STEERS).at(a_space),
    "concertation_in:link_end": post_only(STEERS).at(a_link),
    "concertation_in:holders": INSIDE.but(member=403).at(a_space),
    "concertation_in:seats_plan": post_only(STEERS).at(a_space),
    "concertation_in:holder_add": STEERS.at(a_seat),
    "concertation_in:holder_end": STEERS.at(a_holder),
    "concertation_in:my_seats": INSIDE,
    "concertation_in:holder_named": post_only(INSIDE).at(a_holder),
}
