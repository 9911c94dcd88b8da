"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import STEERS, post_only
from tests.concertation.minutes.factories import ItemFactory, MeetingFactory
from tests.factories import SpaceFactory


def a_meeting(world):
    return {"key": MeetingFactory(space=SpaceFactory(alliance=world.alliance)).uuid}


def an_item(world):
    item = ItemFactory(meeting__space__alliance=world.alliance)
    return {"key": item.meeting.uuid, "item": item.uuid}


ADDRESSES = {
    "concertation_in:room": STEERS.at(a_meeting),
    "concertation_in:room_state": STEERS.at(a_meeting),
    "concertation_in:note": STEERS.at(an_item),
    "concertation_in:note_settle": post_only(STEERS).at(lambda world: {**an_item(world), "pk": 1}),
    "concertation_in:task_capture": post_only(STEERS).at(an_item),
    "concertation_in:decision_capture": post_only(STEERS).at(an_item),
    "concertation_in:attendance": post_only(STEERS).at(a_meeting),
    "concertation_in:guest_add": post_only(STEERS).at(a_meeting),
    "concertation_in:guest_remove": post_only(STEERS).at(lambda world: {**a_meeting(world), "pk": 1}),
    "concertation_in:speaking": post_only(STEERS).at(a_meeting),
    "concertation_in:room_move": post_only(STEERS).at(lambda world: {**a_meeting(world), "step": "debut"}),
}
