from tests.arch.addresses import OPEN, STEERS, post_only
from tests.factories import SeatFactory, SpaceFactory


def a_space(world):
    return {"key": SpaceFactory(alliance=world.alliance).uuid}


def a_seat(world):
    seat = SeatFactory(space=SpaceFactory(alliance=world.alliance))
    return {"key": seat.space.uuid, "pk": seat.pk}


def csv(world):
    return {"form": "csv"}


ADDRESSES = {
    "concertation_in:directory": OPEN,
    "concertation_in:directory_file": OPEN.at(csv),
    "concertation_in:spaces": OPEN,
    "concertation_in:space": OPEN.at(a_space),
    "concertation_in:space_new": STEERS,
    "concertation_in:space_edit": STEERS.at(a_space),
    "concertation_in:space_end": STEERS.at(a_space),
    "concertation_in:seat_give": post_only(STEERS).at(a_space),
    "concertation_in:seat_end": post_only(STEERS).at(a_seat),
    "concertation_in:together": OPEN,
    "concertation_in:shared_file": OPEN.at(csv),
}
