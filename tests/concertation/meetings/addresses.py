"""What each reader gets at the addresses of this part."""

from tests.arch.addresses import OPEN, STEERS, Expected, post_only
from tests.concertation.meetings.factories import ItemFactory, MeetingFactory


def a_meeting(world):
    return {"key": MeetingFactory(space__alliance=world.alliance).uuid}


def an_item(world):
    item = ItemFactory(meeting__space__alliance=world.alliance)
    return {"key": item.meeting.uuid, "item": item.uuid}


ADDRESSES: dict[str, Expected] = {
    "concertation_in:meetings": OPEN,
    "concertation_in:meeting_new": STEERS,
    "concertation_in:meeting": OPEN.at(a_meeting),
    "concertation_in:meeting_edit": STEERS.at(a_meeting),
    "concertation_in:meeting_cancel": STEERS.at(a_meeting),
    "concertation_in:agenda": STEERS.at(a_meeting),
    "concertation_in:agenda_item": STEERS.at(an_item),
    "concertation_in:agenda_item_move": post_only(STEERS).at(an_item),
    "concertation_in:agenda_item_remove": post_only(STEERS).at(an_item),
}
