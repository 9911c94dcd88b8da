"""What each reader gets at the addresses of this part."""

from maillage.concertation.models import AgendaItem, Amendment, Minutes, MinutesItem
from tests.arch.addresses import OPEN, STEERS, everyone, post_only
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
    "concertation_in:room_guest_add": post_only(STEERS).at(a_meeting),
    "concertation_in:room_guest_remove": post_only(STEERS).at(lambda world: {**a_meeting(world), "pk": 1}),
    "concertation_in:speaking": post_only(STEERS).at(a_meeting),
    "concertation_in:room_move": post_only(STEERS).at(lambda world: {**a_meeting(world), "step": "debut"}),
}


def minutes(state="draft", public=False):
    """A meeting held with its minutes in that state, one point public where asked, one correction waiting."""

    def made(world):
        item = ItemFactory(meeting__space__alliance=world.alliance, meeting__state="held")
        row = Minutes.objects.create(meeting=item.meeting, state=state)
        MinutesItem.objects.create(minutes=row, item=item, text="Texte", is_public=public)
        return {"key": item.meeting.uuid}

    return made


def a_point(state="draft"):
    def made(world):
        kwargs = minutes(state)(world)
        return {**kwargs, "item": AgendaItem.objects.get(meeting__uuid=kwargs["key"]).uuid}

    return made


def a_correction(world):
    kwargs = minutes("circulated")(world)
    item = MinutesItem.objects.get(minutes__meeting__uuid=kwargs["key"])
    return {**kwargs, "key2": Amendment.objects.create(item=item, text="Non").uuid}


ADDRESSES |= {
    "concertation_in:minutes": OPEN.at(minutes("approved", public=True)),
    "concertation_in:minutes_pdf": OPEN.at(minutes("approved", public=True)),
    "concertation_in:minutes_prepare": post_only(STEERS).at(a_meeting),
    "concertation_in:minutes_circulate": post_only(STEERS).at(minutes()),
    "concertation_in:minutes_propose": post_only(STEERS).at(minutes()),
    "concertation_in:minutes_approve": post_only(STEERS).at(minutes()),
    "concertation_in:minutes_publish": post_only(STEERS).at(minutes()),
    "concertation_in:minutes_settle": STEERS.at(a_correction),
    "concertation_in:minutes_item": STEERS.at(a_point()),
    "concertation_in:minutes_amend": everyone(404).but(agent=200).at(a_point("circulated")),
    "concertation_in:minutes_erratum": STEERS.at(a_point("approved")),
    "concertation:minutes_link": everyone(410).at(lambda world: {"token": "x" * 43}),
}
