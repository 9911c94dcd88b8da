import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maillage.alliances.models import Role
from maillage.concertation.minutes import notes
from maillage.concertation.models import Facilitation, Meeting, Minutes, Note, NoteVersion
from maillage.core.models import AuditEntry
from tests.concertation.minutes.factories import DecisionFactory, HolderFactory, ItemFactory, withdraw
from tests.factories import AllianceFactory, SeatFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 12, 19, 2, tzinfo=dt.UTC)


@pytest.fixture
def item():
    return ItemFactory()


@pytest.fixture
def agent(item):
    return user_with(item.meeting.alliance)


@pytest.fixture
def save(item, agent):
    count = iter(range(1000))

    def call(text, base=0, **more):
        values = {"key": f"clé-{next(count)}", "by": agent, "now": NOW, "item": item, **more}
        return notes.save_note(text=text, base_version=base, **values)

    return call


def test_a_text_is_saved_and_its_version_given(save, item):
    saved = save("Bonjour")
    assert (saved.note.text, saved.number, saved.merged) == ("Bonjour", 1, True)
    assert save("Bonjour à toutes", 1).number == 2
    assert Note.objects.get(item=item).text == "Bonjour à toutes"
    assert NoteVersion.objects.count() == 2
    assert AuditEntry.objects.filter(action="concertation.notes_begun").count() == 1


def test_the_same_attempt_received_twice_counts_once(save):
    first = save("Bonjour", key="a")
    save("Bonjour encore", 1)
    again = save("Bonjour", key="a")
    assert again.number == first.number == 1
    assert again.note.text == "Bonjour encore"
    assert NoteVersion.objects.count() == 2


def test_nothing_new_makes_no_version(save):
    save("Bonjour")
    assert save("Bonjour", 1).number == 1
    assert NoteVersion.objects.count() == 1


def test_two_people_on_other_lines_are_woven(save):
    save("un\ndeux")
    save("UN\ndeux", 1)
    saved = save("un\nDEUX", 1)
    assert saved.merged
    assert saved.note.text == "UN\nDEUX"


def test_who_goes_on_writing_from_what_they_sent_does_not_undo_the_others(save):
    save("un")
    save("un\nautre", 1)
    mine = save("moi\nun", 1)
    assert mine.note.text == "moi\nun\nautre"
    # The field still shows « moi / un »: what follows is compared with that.
    more = save("moi aussi\nun", mine.number, from_sent=True)
    assert more.merged
    assert more.note.text == "moi aussi\nun\nautre"


def test_the_same_words_changed_by_two_stay_both(save):
    save("le prix est haut")
    save("le prix est bas", 1)
    saved = save("le prix est juste", 1, writer="b")
    assert not saved.merged
    assert saved.note.text == "le prix est bas"
    assert saved.beside.text == "le prix est juste"
    # More of the same writer replaces what waits.
    longer = save("le prix est juste ici", saved.number, from_sent=True, writer="b")
    assert [row.text for rows in notes.waiting(saved.note.item.meeting).values() for row in rows] == (
        [] if longer.merged else ["le prix est juste ici"]
    )


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [("both", "le prix est bas\nle prix est juste"), ("mine", "le prix est juste"), ("drop", "le prix est bas")],
)
def test_one_chooses_or_keeps_both(save, agent, item, choice, wanted):
    save("le prix est haut")
    save("le prix est bas", 1)
    beside = save("le prix est juste", 1).beside
    note = notes.settle(version=beside, choice=choice, by=agent, now=NOW)
    assert note.text == wanted
    assert notes.settle(version=beside, choice="mine", by=agent, now=NOW).text == wanted
    assert notes.waiting(item.meeting) == {}
    # Whatever was chosen, every text received is still there.
    assert set(NoteVersion.objects.values_list("text", flat=True)) >= {"le prix est bas", "le prix est juste"}


def test_a_base_no_longer_known_leaves_the_text_beside(save):
    save("un")
    save("deux", 1)
    NoteVersion.objects.filter(number=1).delete()
    saved = save("trois", 1)
    assert not saved.merged
    assert saved.note.text == "deux"


def test_200_kb_fit_and_more_is_refused_in_a_sentence(save, item):
    assert save("é" * 100_000).number == 1
    with pytest.raises(ValidationError) as refused:
        save("a" * 1_000_000)
    assert refused.value.code == "too-long"
    assert "200" in refused.value.messages[0]
    assert Note.objects.get(item=item).version == 1


def test_two_texts_that_fit_alone_but_not_together_stay_both(save):
    save("a" * 150_000)
    saved = save("b" * 150_000)
    assert not saved.merged
    assert (len(saved.note.text), len(saved.beside.text)) == (150_000, 150_000)


def test_what_a_database_refuses_is_put_right(save):
    assert save("a\x00b\r\nc\ud800").note.text == "ab\nc?"


def test_approved_minutes_and_cancelled_meetings_close_the_notes(save, item):
    minutes = Minutes.objects.create(meeting=item.meeting, state=Minutes.State.APPROVED)
    with pytest.raises(ValidationError) as refused:
        save("trop tard")
    assert refused.value.code == "closed"
    minutes.delete()
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    item.meeting.refresh_from_db()
    with pytest.raises(ValidationError):
        save("trop tard")


@pytest.mark.parametrize("kind", sorted(set(Role.Kind.values) - {"agent"}))
def test_only_who_steers_or_leads_takes_notes(save, item, kind):
    by = user_with(item.meeting.alliance, kind)
    if kind == Role.Kind.REGIONAL:
        save("oui", by=by)
    else:
        with pytest.raises(PermissionDenied):
            save("non", by=by)


@pytest.mark.parametrize("who", ["person", "meeting"])
def test_who_leads_the_space_takes_notes(save, item, who):
    seat = SeatFactory(space=item.meeting.space)
    holder = HolderFactory(seat=seat)
    with pytest.raises(PermissionDenied):
        save("non", by=holder.person.user)
    if who == "meeting":
        item.meeting.facilitator = seat.actor
    else:
        Facilitation.objects.create(space=item.meeting.space, actor=seat.actor, person=holder.person)
    user = type(holder.person.user).objects.get(pk=holder.person.user.pk)
    assert save("oui", by=user).number == 1


def test_who_led_the_space_before_does_not(save, item):
    holder = HolderFactory(seat=SeatFactory(space=item.meeting.space))
    Facilitation.objects.create(
        space=item.meeting.space, actor=holder.seat.actor, person=holder.person, until=dt.date(2026, 1, 1)
    )
    with pytest.raises(PermissionDenied):
        save("non", by=holder.person.user)


@pytest.mark.parametrize("by", ["item", "decision"])
def test_who_withdrew_from_the_item_takes_no_notes_on_it(save, item, agent, by):
    person = agent.persons.get()
    thing = item if by == "item" else DecisionFactory(space=item.meeting.space, agenda_item=item)
    withdraw(person, thing)
    with pytest.raises(PermissionDenied):
        save("non", by=type(agent).objects.get(pk=agent.pk))


def test_strangers_take_no_notes(save):
    with pytest.raises(PermissionDenied):
        save("non", by=user_with(AllianceFactory()))
    with pytest.raises(PermissionDenied):
        save("non", by=None)


def test_a_decision_elsewhere_withholds_nothing(save, item, agent):
    withdraw(agent.persons.get(), DecisionFactory(space=SpaceFactory(alliance=item.meeting.alliance)))
    assert save("oui", by=type(agent).objects.get(pk=agent.pk)).number == 1


def test_intermediate_versions_go_in_time_and_what_waits_stays(save):
    save("le prix est haut")
    save("le prix est bas", 1)
    save("le prix est juste", 1)
    assert notes.thin(NOW) == 0
    assert notes.thin(NOW + dt.timedelta(days=1)) == 2
    assert [row.text for row in NoteVersion.objects.all()] == ["le prix est juste"]
