"""Two people who take notes, or who close, at the same instant."""

from __future__ import annotations

from functools import partial

from django.utils import timezone

from maillage.accounts.models import User
from maillage.actors.models import Participation
from maillage.concertation.minutes import keeping, notes, room
from maillage.concertation.models import Attendance, Meeting, Minutes, MinutesItem, Note, NoteVersion
from maillage.core.models import AuditEntry
from tests.concertation.minutes.factories import ItemFactory
from tests.factories import ActorFactory, SeatFactory, user_with
from tests.together.conftest import refused


def saving(item, agent, text, key, **more):
    return lambda: notes.save_note(
        item=item, text=text, base_version=more.get("base", 0), key=key, by=User.objects.get(pk=agent.pk),
        now=timezone.now(),
    )  # fmt: skip


def test_eight_people_begin_the_same_note_and_nothing_is_lost(together):
    item = ItemFactory()
    agent = user_with(item.meeting.alliance)
    lines = [f"Ligne {n} bien à elle" for n in range(8)]
    outcomes = together(*(saving(item, agent, line, str(n)) for n, line in enumerate(lines)))
    assert refused(outcomes) == []
    note = Note.objects.get()
    assert sorted(note.text.split("\n")) == sorted(lines)
    assert note.version == NoteVersion.objects.count() == 8
    assert AuditEntry.objects.filter(action="concertation.notes_begun").count() == 1


def test_the_same_attempt_twice_at_once_counts_once(together):
    item = ItemFactory()
    agent = user_with(item.meeting.alliance)
    outcomes = together(*[saving(item, agent, "Bonjour", "a")] * 6)
    assert refused(outcomes) == []
    assert {outcome.number for outcome in outcomes} == {1}
    assert NoteVersion.objects.count() == 1


def test_a_text_that_waits_settled_twice_is_settled_once(together):
    item = ItemFactory()
    agent = user_with(item.meeting.alliance)
    for text, base in (("le prix est haut", 0), ("le prix est bas", 1), ("le prix est juste", 1)):
        saved = saving(item, agent, text, text, base=base)()
    settle = lambda choice: notes.settle(version=saved.beside, choice=choice, by=agent, now=timezone.now())  # noqa: E731
    outcomes = together(partial(settle, "both"), partial(settle, "both"), partial(settle, "drop"))
    assert refused(outcomes) == []
    assert Note.objects.get().text in {"le prix est bas\nle prix est juste", "le prix est bas"}
    assert NoteVersion.objects.filter(settled_at=None, merged=False).count() == 0


def test_a_meeting_ended_by_two_records_its_participation_once(together):
    item = ItemFactory(meeting__state=Meeting.State.OPEN)
    meeting = item.meeting
    agent = user_with(meeting.alliance)
    seat = SeatFactory(space=meeting.space, actor=ActorFactory(alliance=meeting.alliance))
    Attendance.objects.create(meeting=meeting, kind="seat", seat=seat, actor=seat.actor, type=seat.actor.type)
    end = lambda: room.end(meeting=Meeting.objects.get(), by=User.objects.get(pk=agent.pk), now=timezone.now())  # noqa: E731
    assert refused(together(end, end, end)) == []
    assert Participation.objects.count() == 1


def test_minutes_made_and_approved_by_two_at_once_are_made_and_approved_once(together):
    item = ItemFactory(meeting__state=Meeting.State.HELD)
    agent = user_with(item.meeting.alliance)
    make = lambda: keeping.prepare_minutes(  # noqa: E731
        meeting=Meeting.objects.get(), by=User.objects.get(pk=agent.pk), now=timezone.now()
    )
    assert refused(together(make, make, make)) == []
    assert Minutes.objects.count() == MinutesItem.objects.count() == 1
