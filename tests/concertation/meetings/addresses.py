"""What each reader gets at the addresses of this part."""

from maillage.alliances.links import services as links
from maillage.concertation.models import AgendaDocument, MeetingSeries
from maillage.core import documents
from tests.arch.addresses import INSIDE, OPEN, STEERS, Expected, post_only
from tests.concertation.meetings.factories import InvitationFactory, ItemFactory, MeetingFactory
from tests.factories import RoleFactory, SpaceFactory


def a_meeting(world):
    return {"key": MeetingFactory(space__alliance=world.alliance).uuid}


def a_space(world):
    return {"key": SpaceFactory(alliance=world.alliance).uuid}


def an_item(world):
    item = ItemFactory(meeting__space__alliance=world.alliance)
    return {"key": item.meeting.uuid, "item": item.uuid}


def a_document(world):
    item = ItemFactory(meeting__space__alliance=world.alliance)
    kept = documents.store(b"Texte", name="a.txt", content_type="text/plain", rule="concertation.read_agenda_document")
    row = AgendaDocument.objects.create(item=item, document=kept, title="A")
    return {"key": item.meeting.uuid, "item": item.uuid, "pk": row.pk}


def an_invitation(world):
    row = InvitationFactory(meeting__space__alliance=world.alliance)
    return {"key": row.meeting.uuid, "invitation": row.uuid}


def a_link(world):
    row = InvitationFactory(meeting__space__alliance=world.alliance)
    return {"token": links.make(person=row.person, purpose="meeting-answer", reference=row.meeting.reference)}


def a_calendar(world):
    person = RoleFactory(person__alliance=world.alliance).person
    return {"token": links.make(person=person, purpose="calendar")}


def a_series(world):
    series = MeetingSeries.objects.create(
        space=SpaceFactory(alliance=world.alliance), title="Série", at="13:30", since="2026-12-10"
    )
    return {"key": series.uuid}


ADDRESSES: dict[str, Expected] = {
    "concertation_in:meetings": OPEN,
    "concertation_in:meeting_new": STEERS,
    "concertation_in:meeting": OPEN.at(a_meeting),
    "concertation_in:meeting_file": OPEN.at(a_meeting),
    "concertation_in:meeting_edit": STEERS.at(a_meeting),
    "concertation_in:meeting_cancel": STEERS.at(a_meeting),
    "concertation_in:agenda": STEERS.at(a_meeting),
    "concertation_in:agenda_print": OPEN.at(a_meeting),
    "concertation_in:agenda_item": STEERS.at(an_item),
    "concertation_in:agenda_item_move": post_only(STEERS).at(an_item),
    "concertation_in:agenda_item_remove": post_only(STEERS).at(an_item),
    "concertation_in:agenda_document_add": post_only(STEERS).at(an_item),
    "concertation_in:agenda_document_remove": post_only(STEERS).at(a_document),
    "concertation_in:answer_own": post_only(OPEN).at(a_meeting),
    "concertation_in:answers": STEERS.at(a_meeting),
    "concertation_in:invite": post_only(STEERS).at(a_meeting),
    "concertation_in:guest_add": post_only(STEERS).at(a_meeting),
    "concertation_in:answer_record": STEERS.at(an_invitation),
    "concertation_in:my_meetings": INSIDE,
    "concertation_in:calendar": OPEN,
    "concertation_in:calendar_open": post_only(INSIDE),
    "concertation_in:calendar_close": post_only(INSIDE),
    "concertation_in:calendar_alliance": OPEN,
    "concertation_in:calendar_space": OPEN.at(a_space),
    "concertation_in:series_new": STEERS,
    "concertation_in:series": STEERS.at(a_series),
    "concertation_in:series_generate": post_only(STEERS).at(a_series),
    "concertation_in:series_end": post_only(STEERS).at(a_series),
    "concertation:meeting_answer": OPEN.at(a_link),
    "concertation:meeting_answer_file": OPEN.at(a_link),
    "concertation:calendar_person": OPEN.at(a_calendar),
}
