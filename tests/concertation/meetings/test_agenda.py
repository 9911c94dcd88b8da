"""The agenda: order, lengths, two hundred points, a text too long, documents, withdrawals."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maillage.actors.interests.selectors import forget
from maillage.actors.models import Withdrawal
from maillage.concertation.meetings import agenda, calendars, services, words
from maillage.concertation.meetings.selectors import agenda_of
from maillage.concertation.models import AgendaDocument, AgendaItem, Decision, Minutes, MinutesItem, Note
from maillage.core.access import may
from tests.concertation.meetings.factories import HolderFactory, ItemFactory, MeetingFactory
from tests.factories import ActorFactory, AllianceFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def meeting(alliance):
    return MeetingFactory(space=SpaceFactory(alliance=alliance))


def seated(space, kind="member"):
    user = user_with(space.alliance, kind)
    HolderFactory(space=space, person=user.persons.get())
    return user


def titles(meeting):
    return list(meeting.items.order_by("position").values_list("title", flat=True))


def add(meeting, agent, *names, **values):
    return agenda.add_items(meeting=meeting, items=[{"title": name, **values} for name in names], by=agent, now=NOW)


def withdraw(user, reference):
    person = user.persons.get()
    Withdrawal.objects.create(alliance=person.alliance, person=person, reference=reference, reason="concerned")
    forget()


def status(client, url):
    """The status of a file's address; a file is read to its end, so that it is closed."""
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def address(name, meeting, *args):
    return reverse(f"concertation_in:{name}", args=[meeting.alliance.slug, meeting.uuid, *args])


# Order


def test_points_are_added_moved_and_taken_off_and_keep_their_places(meeting, agent):
    one, two, three = add(meeting, agent, "A", "B", "C")
    agenda.move_item(item=three, to=1, by=agent, now=NOW)
    assert titles(meeting) == ["C", "A", "B"]
    agenda.move_item(item=three, to=99, by=agent, now=NOW)
    assert titles(meeting) == ["A", "B", "C"]
    agenda.move_item(item=one, to=0, by=agent, now=NOW)
    assert titles(meeting) == ["A", "B", "C"]
    agenda.remove_item(item=two, by=agent, now=NOW)
    assert list(meeting.items.order_by("position").values_list("title", "position")) == [("A", 1), ("C", 2)]


def test_buttons_move_up_and_down_and_a_number_says_the_place(client, meeting, agent):
    items = add(meeting, agent, "A", "B", "C")
    client.force_login(agent, backend=BACKEND)
    client.post(address("agenda_item_move", meeting, items[2].uuid), {"vers": "monter"})
    assert titles(meeting) == ["A", "C", "B"]
    client.post(address("agenda_item_move", meeting, items[0].uuid), {"vers": "descendre"})
    assert titles(meeting) == ["C", "A", "B"]
    client.post(address("agenda_item_move", meeting, items[1].uuid), {"place": "1"})
    assert titles(meeting) == ["B", "C", "A"]
    page = client.post(address("agenda_item_move", meeting, items[1].uuid), {"place": "deux"}, follow=True)
    assert "Écrivez le numéro de la place" in page.content.decode()


def test_a_point_on_which_something_hangs_stays(meeting, agent):
    noted, decided, written, free = add(meeting, agent, "A", "B", "C", "D")
    Note.objects.create(item=noted, text="Dit en séance")
    Decision.objects.create(alliance=meeting.alliance, space=meeting.space, agenda_item=decided, title="Fonds")
    MinutesItem.objects.create(minutes=Minutes.objects.create(meeting=meeting), item=written)
    for item in (noted, decided, written):
        with pytest.raises(ValidationError):
            agenda.remove_item(item=item, by=agent, now=NOW)
    agenda.remove_item(item=free, by=agent, now=NOW)
    assert titles(meeting) == ["A", "B", "C"]


def test_the_presenter_is_of_the_alliance_and_a_cancelled_meeting_keeps_its_agenda(meeting, agent):
    with pytest.raises(ValidationError):
        add(meeting, agent, "A", presenter=ActorFactory())
    [item] = add(meeting, agent, "A")
    services.cancel_meeting(meeting=meeting, by=agent, now=NOW)
    for act in (
        lambda: add(meeting, agent, "B"),
        lambda: agenda.update_item(item=item, changes={"title": "B"}, by=agent, now=NOW),
        lambda: agenda.move_item(item=item, to=1, by=agent, now=NOW),
        lambda: agenda.remove_item(item=item, by=agent, now=NOW),
    ):
        with pytest.raises(ValidationError):
            act()


# Lengths


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        ([], "Aucune durée"),
        ([60, 90], "30 min de plus que la rencontre, qui dure 2 h"),
        ([60, 30], "il reste 30 min"),
        ([60, 60, None], "exactement la durée"),
    ],
)
def test_the_lengths_are_added_up_against_the_meeting_in_words(meeting, agent, lengths, told):
    for length in lengths:
        ItemFactory(meeting=meeting, length=length)
    assert told in words.total(agenda_of(meeting, agent)).replace("\u00a0", " ")


# Two hundred points, a text of a megabyte


def test_an_agenda_of_two_hundred_points_is_pasted_read_and_written(
    client, meeting, agent, django_assert_max_num_queries
):
    client.force_login(agent, backend=BACKEND)
    lines = "\n".join(f"Point {n} | {n % 20 + 1}" for n in range(1, 201)) + "\n\nSans durée\n"
    page = client.post(address("agenda", meeting), {"lines": lines, "is_public": "on"}, follow=True)
    assert "201 points sont à l’ordre du jour." in page.content.decode().replace("\u00a0", " ")
    assert meeting.items.count() == 201
    assert list(meeting.items.filter(position__in=[1, 200, 201]).values_list("title", "length")) == [
        ("Point 1", 2), ("Point 200", 1), ("Sans durée", None),
    ]  # fmt: skip
    for name in ("agenda", "meeting", "agenda_print"):
        with django_assert_max_num_queries(40):
            page = client.get(address(name, meeting)).content
        assert b"Point 200" in page
        assert len(page) < 600_000
    item = meeting.items.get(title="Point 200")
    client.post(address("agenda_item_move", meeting, item.uuid), {"place": "1"})
    assert titles(meeting)[0] == "Point 200"


def test_an_agenda_has_an_end(client, meeting, agent):
    add(meeting, agent, *[f"P{n}" for n in range(agenda.MOST)])
    with pytest.raises(ValidationError):
        add(meeting, agent, "Un de trop")
    client.force_login(agent, backend=BACKEND)
    page = client.post(address("agenda", meeting), {"lines": "Encore un"}).content.decode()
    assert "300 points au plus" in page
    assert "Encore un" in page


def test_lines_that_are_wrong_are_named_and_all_is_kept(client, meeting, agent):
    client.force_login(agent, backend=BACKEND)
    lines = "Accueil | 10\nBudget | beaucoup\n| 10\n" + "x" * 201
    page = client.post(address("agenda", meeting), {"lines": lines}).content.decode().replace("\u00a0", " ")
    for sentence in ("Ligne 2 :", "Ligne 3 :", "Ligne 4 :", "Budget | beaucoup", "x" * 201):
        assert sentence in page
    assert not meeting.items.exists()


@pytest.mark.parametrize("field", ["preparation", "lines"])
def test_a_pasted_document_of_a_megabyte_is_refused_and_what_was_typed_is_kept(client, meeting, agent, field):
    client.force_login(agent, backend=BACKEND)
    text = "Le fonds d’aide au premier loyer. " * 30_000
    values = {"title": "Point à garder", "kind": "discussion", field: text}
    response = client.post(address("agenda", meeting), values)
    page = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 200
    assert "est encore ici" in page
    assert "comme document" in page
    assert page.count("Le fonds d’aide au premier loyer.") >= 30_000
    assert field == "lines" or "Point à garder" in page
    assert not meeting.items.exists()


# Who sees and changes it


def test_the_public_sees_public_points_and_how_many_are_not(client, meeting, agent):
    add(meeting, agent, "Montré")
    add(meeting, agent, "Caché", is_public=False)
    for name in ("meeting", "agenda_print", "meeting_file"):
        page = client.get(address(name, meeting)).content.decode()
        assert "Montré" in page
        assert "Caché" not in page
    assert "1 point n’est pas public." in client.get(address("meeting", meeting)).content.decode().replace(
        "\u00a0", " "
    )
    signed_in(client, meeting.alliance, "member")
    assert "Caché" not in client.get(address("meeting", meeting)).content.decode()
    client.force_login(seated(meeting.space), backend=BACKEND)
    assert "Caché" in client.get(address("meeting", meeting)).content.decode()


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_who_leads_writes_the_agenda_and_other_members_do_not(meeting, agent, kind):
    [item] = add(meeting, agent, "A")
    holder = seated(meeting.space, kind)
    acts = (
        lambda: add(meeting, holder, "B"),
        lambda: agenda.update_item(item=item, changes={"title": "C"}, by=holder, now=NOW),
        lambda: agenda.move_item(item=item, to=1, by=holder, now=NOW),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    meeting.facilitator = holder.persons.get().seats_held.get().seat.actor
    meeting.save()
    item.meeting = meeting
    for act in acts:
        act()
    assert not may(holder, "concertation.organise_meeting", meeting)


def test_whoever_withdrew_sees_nothing_of_the_point_by_any_road(client, meeting):
    agent, holder = user_with(meeting.alliance), seated(meeting.space)
    left, other = add(meeting, agent, "Terrain des Saules", "Autre point", preparation="Lire l’offre d’achat")
    kept = agenda.add_document(
        item=left,
        data=b"Offre",
        name="offre.txt",
        content_type="text/plain",
        title="Offre des Saules",
        by=agent,
        now=NOW,
    )
    for user in (agent, holder):
        client.force_login(user, backend=BACKEND)
        assert "Terrain des Saules" in client.get(address("meeting", meeting)).content.decode()
        assert status(client, kept.document.get_absolute_url()) == 200
        withdraw(user, left.reference)
        client.force_login(user, backend=BACKEND)
        for name in ("meeting", "agenda_print", "meeting_file", *(["agenda"] if user is agent else [])):
            page = client.get(address(name, meeting)).content.decode().replace("\r\n ", "")
            assert "Saules" not in page, name
            assert "Vous vous êtes retirée ou retiré de ce point." in page
            assert "Autre point" in page
        assert status(client, kept.document.get_absolute_url()) == 404
        feed = calendars.person_feed(user.persons.get(), NOW, "https://exemple.test").decode().replace("\r\n ", "")
        assert "Saules" not in feed
    # The agent cannot act on it either, not even by its address.
    assert client.get(address("agenda_item", meeting, left.uuid)).status_code in {403, 404}
    client.force_login(agent, backend=BACKEND)
    assert client.get(address("agenda_item", meeting, left.uuid)).status_code == 404
    assert client.post(address("agenda_item_move", meeting, left.uuid), {"vers": "descendre"}).status_code == 404
    assert client.post(address("agenda_item_remove", meeting, left.uuid)).status_code == 404
    with pytest.raises(PermissionDenied):
        agenda.update_item(item=left, changes={"title": "X"}, by=agent, now=NOW)
    assert titles(meeting) == ["Terrain des Saules", "Autre point"]
    assert other.reference != left.reference


def test_withdrawing_from_a_decision_withdraws_from_its_point(client, meeting, agent):
    [item] = add(meeting, agent, "Terrain des Saules")
    decision = Decision.objects.create(
        alliance=meeting.alliance, space=meeting.space, agenda_item=item, title="Terrain"
    )
    holder = seated(meeting.space)
    withdraw(holder, f"concertation.decision:{decision.uuid}")
    client.force_login(holder, backend=BACKEND)
    page = client.get(address("meeting", meeting)).content.decode()
    assert "Saules" not in page


# Documents


def test_a_document_is_for_those_expected(client, meeting, agent):
    [item] = add(meeting, agent, "A")
    client.force_login(agent, backend=BACKEND)
    file = SimpleUploadedFile("offre.txt", b"Une offre", content_type="text/plain")
    page = client.post(
        address("agenda_document_add", meeting, item.uuid), {"file": file, "title": "Offre"}, follow=True
    )
    assert "Le document est gardé." in page.content.decode()
    kept = AgendaDocument.objects.get()
    url = kept.document.get_absolute_url()
    assert status(client, url) == 200
    client.force_login(seated(meeting.space), backend=BACKEND)
    assert status(client, url) == 200
    assert "Offre" in client.get(address("meeting", meeting)).content.decode()
    for other in (user_with(meeting.alliance, "member"), user_with(AllianceFactory())):
        client.force_login(other, backend=BACKEND)
        assert status(client, url) == 404
    client.logout()
    assert status(client, url) == 302
    assert "Offre" not in client.get(address("meeting", meeting)).content.decode()
    client.force_login(agent, backend=BACKEND)
    client.post(address("agenda_document_remove", meeting, item.uuid, kept.pk))
    assert not AgendaDocument.objects.exists()
    assert status(client, url) == 404


def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence(client, meeting, agent):
    [item] = add(meeting, agent, "A")
    client.force_login(agent, backend=BACKEND)
    file = SimpleUploadedFile("offre.pdf", b"MZ", content_type="application/pdf")
    page = client.post(address("agenda_document_add", meeting, item.uuid), {"file": file, "title": "À garder"})
    assert "ne correspond pas à son nom" in page.content.decode()
    assert "À garder" in page.content.decode()
    assert not AgendaDocument.objects.exists()


def test_items_of_another_meeting_are_not_reached_through_this_one(client, meeting, agent):
    other = ItemFactory(meeting__space__alliance=meeting.alliance)
    client.force_login(agent, backend=BACKEND)
    assert client.get(address("agenda_item", meeting, other.uuid)).status_code == 404
    assert client.post(address("agenda_item_remove", meeting, other.uuid)).status_code == 404
    assert AgendaItem.objects.filter(pk=other.pk).exists()


def test_the_printed_agenda_says_at_what_hour_each_point_begins(client, meeting, agent):
    add(meeting, agent, "A", "B", length=45)
    page = client.get(address("agenda_print", meeting)).content.decode().replace("\u00a0", " ")
    assert re.findall(r"(\d+ h(?: \d\d)?), 45 min", page) == ["13 h 30", "14 h 15"]
