import datetime as dt

import pytest
from django.utils import translation

from maillage.actors.models import Participation
from maillage.concertation.minutes import figures, reading
from maillage.concertation.minutes.paper import _presence
from maillage.concertation.models import Amendment, Attendance, Meeting, Minutes, MinutesItem, NoteVersion
from maillage.core import contributions
from tests.concertation.minutes.factories import ItemFactory, MeetingFactory
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    CycleFactory,
    PersonFactory,
    SeatFactory,
    SpaceFactory,
    StageFactory,
    user_with,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def alliance():
    return AllianceFactory()


@pytest.fixture
def stages(alliance):
    cycle = CycleFactory(alliance=alliance)
    return [StageFactory(cycle=cycle, name=name, position=n) for n, name in enumerate(("Portrait", "Plan"))]


def took_part(alliance, stage, actor=None, type_="community", people=1, event="a"):
    return Participation.objects.create(
        alliance=alliance, stage=stage, on=TODAY, actor=actor, type=actor.type if actor else type_, people=people,
        reference=f"concertation.meeting:{event}",
    )  # fmt: skip


def actor(alliance, type_="community", **more):
    return ActorFactory(alliance=alliance, type=type_, **more)


def test_by_stage_each_actor_once_and_people_never_under_the_threshold(alliance, stages):
    one, two = actor(alliance), actor(alliance, "institution")
    for event in ("a", "b"):
        took_part(alliance, stages[0], one, event=event)
    took_part(alliance, stages[0], two)
    took_part(alliance, stages[0], type_="citizens", people=8)
    took_part(alliance, stages[0], type_="citizens", people=3, event="b")
    [line] = figures.by_stage(alliance)
    assert (line.events, line.types) == (2, [("community", 1), ("institution", 1)])
    # 8 may be told; 3 may not, nor the sum of both, which would give it.
    assert (line.people, line.untold) == (8, 1)
    assert line.present == {"community", "institution", "citizens"}


def test_actors_kept_from_one_stage_to_the_next(alliance, stages):
    one, two = actor(alliance), actor(alliance)
    took_part(alliance, stages[0], one)
    took_part(alliance, stages[0], two)
    took_part(alliance, stages[1], one, event="b")
    [(_first, _second, stayed, out_of)] = figures.kept(figures.by_stage(alliance))
    assert (stayed, out_of) == (1, 2)


def test_hidden_actors_who_stayed_are_not_given_back_by_subtraction(alliance, stages):
    shown = [actor(alliance) for _ in range(2)]
    hidden = [actor(alliance, is_public=False) for _ in range(6)]
    for one in [*shown, *hidden]:
        took_part(alliance, stages[0], one)
    for one in [shown[0], *hidden[:5]]:
        took_part(alliance, stages[1], one, event="b")
    lines = figures.by_stage(alliance)
    assert [line.types for line in lines] == [[("community", 8)], [("community", 6)]]
    assert [kept[2:] for kept in figures.kept(lines)] == [(1, 2)]


def meetings(alliance, count):
    space = SpaceFactory(alliance=alliance)
    seats = [SeatFactory(space=space, actor=actor(alliance, code)) for code in ("community", "citizens")]
    for n in range(count):
        meeting = MeetingFactory(
            space=space, state=Meeting.State.HELD, starts_at=dt.datetime(2026, 10, 1 + n, 18, tzinfo=dt.UTC)
        )
        for seat in seats[: 2 if n == 0 else 1]:
            Attendance.objects.create(meeting=meeting, kind="seat", seat=seat, actor=seat.actor, type=seat.actor.type)
    return space


def test_figures_say_not_enough_data_under_three_meetings(alliance):
    meetings(alliance, 2)
    found = list(contributions.evidence.collect(alliance, None, TODAY))
    for element, label in ((6, "Présences par collège"), (8, "Rencontres où")):
        one = next(row for row in found if row.element == element and label in str(row.label))
        assert one.value is None
        assert "Pas assez de données" in str(one.note)


def test_attendance_by_college_over_a_year(alliance):
    space = meetings(alliance, 4)
    assert figures.attendance_by_college(alliance, TODAY) == (4, []), "two seats are told neither apart nor together"
    [note] = [
        row.note for row in contributions.evidence.collect(alliance, None, TODAY) if "Présences" in str(row.label)
    ]
    assert "moins de 5 acteurs" in note.replace("\u00a0", " ")
    others = [SeatFactory(space=space, actor=actor(alliance, "foundation")) for _ in range(5)]
    for meeting in space.meetings.order_by("starts_at")[:2]:
        for seat in others:
            Attendance.objects.create(meeting=meeting, kind="seat", seat=seat, actor=seat.actor, type="foundation")
    count, lines = figures.attendance_by_college(alliance, TODAY)
    assert count == 4
    found = {line.group.codes: (line.present, line.expected) for line in lines}
    assert {frozenset(codes): told for codes, told in found.items()} == {
        frozenset({"community", "citizens", "foundation"}): (15, 28)
    }, "two small colleges are read with the next one"
    assert figures.meetings_with_citizens(alliance, TODAY) == (1, 4)
    found = list(contributions.evidence.collect(alliance, None, TODAY))
    values = {(one.element, one.value) for one in found if one.value is not None}
    assert {(6, 54), (8, 25)} <= values


@pytest.mark.parametrize("n", [1, 2, 4])
def test_hidden_actors_are_told_by_number_only_from_the_threshold_on(alliance, stages, n):
    def exported():
        [table] = [row for row in contributions.exports.collect(alliance, None, TODAY) if row.name == "participation"]
        return [(row[2], row[4]) for row in table.rows() if not row[3]]

    took_part(alliance, stages[0], actor(alliance, name="Visible"))
    for _ in range(n):
        took_part(alliance, stages[0], actor(alliance, "citizens", is_public=False))
    [line] = figures.by_stage(alliance)
    assert (exported(), line.types) == ([], [("community", 1)])
    assert "citizens" in line.present
    for _ in range(6):
        took_part(alliance, stages[0], actor(alliance, "group", is_public=False))
    assert exported() == [("", n + 6)], "six alone would give the others by subtraction from the minutes"
    for _ in range(5 - n):
        took_part(alliance, stages[0], actor(alliance, "citizens", is_public=False))
    assert sorted(exported()) == [("citizens", 5), ("group", 6)]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_minutes_and_their_pdf_tell_hidden_actors_only_from_the_threshold_on(alliance, n):
    facts = {
        "people": {},
        "seats": [[one.pk, one.type, one.name] for one in [
            actor(alliance, name="Visible"), *(actor(alliance, "citizens", is_public=False) for _ in range(n))
        ]],
    }  # fmt: skip
    told = reading.presence_of(facts, inside=False, threshold=5)
    assert [(one.code, one.actors, one.others) for one in told.colleges] == [("community", ("Visible",), 0)]
    assert told.seats == 1
    assert "Plusieurs" not in str(_presence(told))
    facts["seats"] += [[one.pk, "group", ""] for one in [actor(alliance, "group", is_public=False) for _ in range(5)]]
    told = reading.presence_of(facts, inside=False, threshold=5)
    assert [(one.code, one.count) for one in told.colleges] == [("community", 1), ("", 5 + n)]
    with translation.override("fr"):
        assert f"{5 + n} non montrés au public" in str(_presence(told)).replace("\xa0", " ")
    inside = reading.presence_of(facts, inside=True, threshold=5)
    assert {one.code: one.count for one in inside.colleges} == {"community": 1, "citizens": n, "group": 5}


def test_the_account_and_open_data_tell_no_small_number_nor_hidden_actor(alliance, stages):
    took_part(alliance, stages[0], actor(alliance, name="Visible"))
    took_part(alliance, stages[0], actor(alliance, name="Abri caché", is_public=False))
    took_part(alliance, stages[0], type_="citizens", people=3)
    took_part(alliance, stages[0], type_="group", people=6)
    [section] = [row for row in contributions.report.collect(alliance, None, TODAY) if row.key == "participation"]
    assert section.blocks[1].rows[0][4] == 9
    [table] = [row for row in contributions.exports.collect(alliance, None, TODAY) if row.name == "participation"]
    rows = list(table.rows())
    assert all(len(row) == len(table.header) for row in rows)
    text = str(rows)
    assert "Visible" in text
    assert "Abri caché" not in text
    assert [row[5] for row in rows if row[5] != ""] == [9]


def test_guests_lose_their_name_after_a_year_and_amendments_their_author(alliance):
    [held] = [row for row in contributions.personal_data if row.room == "concertation.minutes"]
    item = ItemFactory(meeting__space__alliance=alliance)
    guest = Attendance.objects.create(meeting=item.meeting, kind="guest", type="group", label="Invitée")
    minutes = Minutes.objects.create(meeting=item.meeting)
    person = PersonFactory(alliance=alliance)
    row = MinutesItem.objects.create(minutes=minutes, item=item)
    amendment = Amendment.objects.create(item=row, person=person, text="Oui")
    assert held.export(person)
    held.purge(item.meeting.day + dt.timedelta(days=300))
    guest.refresh_from_db()
    assert guest.label == "Invitée"
    assert held.purge(item.meeting.day + dt.timedelta(days=400)) == 1
    guest.refresh_from_db()
    assert (guest.label, guest.people) == ("", 1)
    assert held.erase(person) == 1
    amendment.refresh_from_db()
    assert (amendment.person, amendment.text) == (None, "Oui")
    assert NoteVersion.objects.count() == 0


def test_merges_move_attendance_and_amendments_and_put_them_back(alliance):
    space = SpaceFactory(alliance=alliance)
    kept, absorbed = actor(alliance), actor(alliance)
    seat = SeatFactory(space=space, actor=absorbed)
    row = Attendance.objects.create(
        meeting=MeetingFactory(space=space), kind="seat", seat=seat, actor=absorbed, type="community"
    )
    [merge] = [one for one in contributions.merge if one.model == "concertation.attendance"]
    trace = merge.apply(kept, absorbed)
    row.refresh_from_db()
    assert row.actor == kept
    merge.undo(kept, absorbed, trace)
    row.refresh_from_db()
    assert row.actor == absorbed


def test_what_waits_for_the_agent_follows_the_state_of_the_minutes(alliance):
    agent = user_with(alliance)
    item = ItemFactory(
        meeting__space__alliance=alliance, meeting__state="held",
        meeting__starts_at=dt.datetime(2026, 11, 12, 18, tzinfo=dt.UTC),
    )  # fmt: skip

    def waits():
        found = contributions.todo.collect(alliance, agent, TODAY)
        return [str(one.action) for one in found if one.key == f"minutes-{item.meeting.uuid}"]

    assert waits() == ["Faire le compte rendu"]
    minutes = Minutes.objects.create(meeting=item.meeting)
    assert waits() == ["Relire et faire circuler"]
    row = MinutesItem.objects.create(minutes=minutes, item=item)
    Minutes.objects.update(state="circulated", amendments_until=TODAY)
    assert waits() == []
    amendment = Amendment.objects.create(item=row, text="x")
    assert waits() == ["Y répondre"]
    amendment.delete()
    Minutes.objects.update(amendments_until=TODAY - dt.timedelta(days=1))
    assert waits() == ["Ouvrir le compte rendu"]
    Minutes.objects.update(state="approved")
    assert waits() == []


def test_open_data_tell_nothing_of_a_meeting_that_is_not_public(alliance, stages):
    meeting = MeetingFactory(space__alliance=alliance, is_public=False)
    took_part(alliance, stages[0], actor(alliance, name="Visible"))
    Participation.objects.update(reference=meeting.reference)
    [table] = [row for row in contributions.exports.collect(alliance, None, TODAY) if row.name == "participation"]
    assert list(table.rows()) == []
    Meeting.objects.update(is_public=True)
    assert "Visible" in str(list(table.rows()))
