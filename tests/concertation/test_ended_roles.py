"""Every page behind a personal address, before and after the role of its holder ended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from maillage.actors.models import Mandate
from maillage.alliances.links import services as links
from maillage.concertation.meetings import invitations
from maillage.concertation.minutes import keeping
from maillage.concertation.models import Attendance, Meeting, MeetingInvitation
from maillage.concertation.tasks.selectors import tasks_of
from maillage.core import contributions
from maillage.core.access import may
from tests.concertation.decisions.world import table
from tests.concertation.meetings.factories import InvitationFactory
from tests.concertation.minutes.factories import DecisionFactory, HolderFactory, ItemFactory, MeetingFactory
from tests.concertation.tasks.factories import TaskFactory
from tests.factories import ActorFactory, PersonFactory, RoleFactory, SeatFactory, user_with

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def _link(name, person, purpose, reference="", **more):
    return person, reverse(name, args=[links.make(person=person, purpose=purpose, reference=reference), *more.values()])


def calendar():
    return _link("concertation:calendar_person", RoleFactory().person, "calendar")


def interests():
    return _link("actors:interests_link", RoleFactory().person, "interests")


def mandates():
    return _link("concertation:mandates_link", HolderFactory().person, "mandates")


def position():
    t = table(2)
    return _link("concertation:position", t.people[0], "position", t.open(closes_at=timezone.now() + HOUR).reference)


def task():
    person = RoleFactory().person
    return _link(
        "concertation:task_link", person, "task", TaskFactory(alliance=person.alliance, owner_person=person).reference
    )


def ties():
    person = RoleFactory().person
    actor = ActorFactory(alliance=person.alliance)
    Mandate.objects.create(actor=actor, person=person)
    return _link("actors:ties_by_link", person, "ties", f"actors.actor:{actor.uuid}")


def meeting_answer():
    row = InvitationFactory()
    RoleFactory(person=row.person)
    return _link("concertation:meeting_answer", row.person, "meeting-answer", row.meeting.reference)


def meeting_answer_file():
    row = InvitationFactory()
    RoleFactory(person=row.person)
    return _link("concertation:meeting_answer_file", row.person, "meeting-answer", row.meeting.reference)


def minutes():
    meeting = MeetingFactory(state=Meeting.State.HELD)
    holder = HolderFactory(seat=SeatFactory(space=meeting.space, actor__alliance=meeting.alliance))
    ItemFactory(meeting=meeting)
    Attendance.objects.create(
        meeting=meeting, kind="seat", seat=holder.seat, actor=holder.seat.actor, type=holder.seat.actor.type
    )
    keeping.prepare_minutes(meeting=meeting, by=user_with(meeting.alliance), now=meeting.ends_at)
    return _link("concertation:minutes_link", holder.person, "minutes-amendments", meeting.reference)


def notices():
    return _link("alliances:notice_choices", RoleFactory().person, "notices")


PAGES = {
    "calendar": [calendar], "interests": [interests], "mandates": [mandates], "position": [position], "task": [task],
    "ties": [ties], "meeting-answer": [meeting_answer, meeting_answer_file], "minutes-amendments": [minutes],
    "notices": [notices],
}  # fmt: skip
GUESTS = [task, ties, meeting_answer, meeting_answer_file, minutes, notices]
"""Also someone who never held a role: they were written to as they are."""


def test_every_purpose_has_its_pages_here():
    assert PAGES.keys() == {purpose.code for purpose in contributions.link_purposes}


@pytest.mark.parametrize("build", [build for builds in PAGES.values() for build in builds])
@pytest.mark.parametrize("asked", ["get", "post"])
def test_the_page_closes_with_the_role_and_opens_again_with_it(client, build, asked):
    person, address = build()
    assert client.get(address).status_code == 200
    person.roles.update(until=person.alliance.today())
    if build is meeting_answer_file:
        asked = "get"
    answer = getattr(client, asked)(address, {"geste": "x", "do": "confirm", "outcome": "Fait."})
    if build is notices:
        assert answer.status_code in {200, 302, 422}
        return
    assert answer.status_code == 410
    assert "ne mène plus nulle part" in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    person.roles.update(until=None)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("build", [build for builds in PAGES.values() for build in builds])
def test_a_guest_who_never_held_a_role_finds_open_what_they_were_sent_for(client, build):
    person, address = build()
    person.roles.all().delete()
    assert client.get(address).status_code == (200 if build in GUESTS else 410)


def test_the_question_of_a_conflict_is_answered_no_more_once_the_role_ended(client):
    from maillage.concertation.endorsements.gate import key_of

    t = table(2)
    decision = t.open(closes_at=timezone.now() + HOUR)
    address = reverse("concertation_in:conflict_answer", args=[t.alliance.slug, key_of(t.people[0], decision)])
    t.people[0].roles.update(until=t.alliance.today())
    assert client.post(address, {"answer": "withdraw"}).status_code == 410
    assert not t.people[0].withdrawals.exists()


# Signed in


def again(user):
    return type(user).objects.get(pk=user.pk)


def test_the_task_of_someone_whose_role_ended_is_no_longer_theirs_to_see_or_finish():
    person = RoleFactory().person
    row = TaskFactory(alliance=person.alliance, owner_person=person)
    assert may(again(person.user), "concertation.finish_task", row)
    person.roles.update(until=person.alliance.today())
    for permission in ("concertation.view_task", "concertation.finish_task"):
        assert not may(again(person.user), permission, row)
    assert not tasks_of(person.alliance, again(person.user)).exists()


def test_whoever_was_there_asks_for_no_correction_once_their_role_ended():
    person, _address = minutes()
    meeting = Meeting.objects.get()
    assert may(again(person.user), "concertation.amend_minutes", meeting)
    person.roles.update(until=person.alliance.today())
    assert not may(again(person.user), "concertation.amend_minutes", meeting)


def test_someone_whose_role_ended_is_not_put_on_a_list_where_no_mail_reaches_them():
    meeting = MeetingFactory()
    agent = user_with(meeting.alliance)
    person = RoleFactory(person__alliance=meeting.alliance).person
    person.roles.update(until=meeting.alliance.today())
    with pytest.raises(ValidationError, match=r"rôle|role"):
        invitations.add_guest(meeting=meeting, person=person, by=agent)
    assert not MeetingInvitation.objects.exists()
    RoleFactory(person=person, kind="observer")
    invitations.add_guest(meeting=meeting, person=person, by=agent)
    invitations.add_guest(meeting=meeting, person=PersonFactory(alliance=meeting.alliance), by=agent)
    assert MeetingInvitation.objects.count() == 2


# Tasks ask a rule where they are written


def test_who_gives_a_task_where_from():
    from maillage.concertation.tasks.services import add_task

    decision = DecisionFactory()
    alliance = decision.alliance
    item = ItemFactory(meeting__space=decision.space)
    agent, member, stranger = user_with(alliance), user_with(alliance, "member"), user_with(DecisionFactory().alliance)
    for source in ({}, {"decision": decision}, {"agenda_item": item}):
        add_task(alliance=alliance, title="À faire", by=agent, **source)
        for by in (member, stranger, user_with(alliance, "observer"), None):
            with pytest.raises(PermissionDenied):
                add_task(alliance=alliance, title="À faire", by=by, **source)
    other = user_with(DecisionFactory().alliance)
    with pytest.raises(PermissionDenied):
        add_task(alliance=other.persons.get().alliance, title="Ailleurs", by=other, decision=decision)
