"""An ended role ends access at once, by link too: every purpose says whom its addresses open to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from maillage.alliances.links import services
from maillage.alliances.models import Notice
from maillage.alliances.notices import digest
from maillage.alliances.notices.services import notify
from maillage.core import contributions
from maillage.core.contributions import LinkHolder, LinkPurpose
from tests.factories import AllianceFactory, PersonFactory, RoleFactory

pytestmark = pytest.mark.django_db
ROLE, GUEST, ANYONE = LinkHolder.ROLE, LinkHolder.GUEST, LinkHolder.ANYONE
SAID = {
    "calendar": ROLE,
    "interests": ROLE,
    "mandates": ROLE,
    "meeting-answer": GUEST,
    "minutes-amendments": GUEST,
    "notices": ANYONE,
    "position": ROLE,
    "task": GUEST,
    "ties": GUEST,
}
DAY = dt.timedelta(days=1)


@pytest.fixture
def alliance():
    return AllianceFactory()


def end(person, on=None):
    person.roles.update(until=on or person.alliance.today())


def test_every_purpose_says_whom_it_opens_to_and_this_table_knows_it():
    assert {purpose.code: purpose.open_to for purpose in contributions.link_purposes} == SAID
    with pytest.raises(TypeError):
        LinkPurpose("anything", "Anything")


def test_a_purpose_that_nobody_declared_makes_and_opens_nothing(alliance):
    person = RoleFactory(person__alliance=alliance).person
    with pytest.raises(LookupError):
        services.make(person=person, purpose="undeclared")
    token = services.make(person=person, purpose="task")
    person.links.update(purpose="undeclared")
    with pytest.raises(LookupError):
        services.find(token, "undeclared")
    assert services.doors_of(person.user, timezone.now()) == []


@pytest.mark.parametrize("purpose", sorted(SAID))
@pytest.mark.parametrize("state", ["member", "ended", "ended then given again", "never", "to come", "one of two ended"])
def test_who_finds_the_door_open(alliance, purpose, state):
    person = PersonFactory(alliance=alliance)
    today = alliance.today()
    if state not in {"never", "to come"}:
        RoleFactory(person=person)
    if state == "to come":
        RoleFactory(person=person, since=today + DAY)
    token = services.make(person=person, purpose=purpose)
    if "ended" in state:
        end(person)
    if state in {"ended then given again", "one of two ended"}:
        RoleFactory(person=person, kind="observer")
    holds = state in {"member", "ended then given again", "one of two ended"}
    expected = {ROLE: holds, GUEST: state != "ended", ANYONE: True}[SAID[purpose]]
    assert (services.find(token, purpose) is not None) is expected
    assert [door.purpose for door in services.doors_of(person.user, timezone.now())] == [purpose] * expected


def test_a_role_ends_on_its_day_where_the_alliance_is(alliance):
    person = RoleFactory(person__alliance=alliance).person
    end(person, dt.date(2026, 11, 26))
    token = services.make(person=person, purpose="position")
    eve = dt.datetime(2026, 11, 25, 23, 59, tzinfo=alliance.zone)
    assert services.find(token, "position", now=eve)
    assert services.find(token, "position", now=eve + dt.timedelta(minutes=1)) is None


@pytest.mark.parametrize("must", [True, False])
def test_nobody_whose_role_ended_is_written_to_and_a_guest_is(alliance, mailoutbox, must):
    gone = RoleFactory(person__alliance=alliance, person__email="parti@exemple.test").person
    guest = PersonFactory(alliance=alliance, email="invite@exemple.test")
    end(gone)
    said = {"kind": "task-reminder", "subject": "x", "context": {}, "site": "https://exemple.test", "must": must}
    assert notify(person=gone, **said) is False
    assert notify(person=guest, **said) is True
    assert [mail.to for mail in mailoutbox] == [["invite@exemple.test"]]


def test_what_waits_for_the_weekly_message_is_not_sent_once_the_role_ended(alliance, mailoutbox):
    people = [RoleFactory(person__alliance=alliance, person__email=f"p{n}@exemple.test").person for n in range(2)]
    for person in people:
        Notice.objects.create(person=person, kind="task-reminder", subject="x", body="y")
    Notice.objects.update(created_at=timezone.now() - 8 * DAY)
    end(people[0])
    assert digest.send_due(timezone.now()) == 1
    assert [mail.to for mail in mailoutbox] == [["p1@exemple.test"]]
    assert not Notice.objects.filter(person=people[0]).exists()
