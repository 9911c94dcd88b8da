"""What this part gives to the others: tasks, memory, open data, the account, search, the page of a space."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from maillage.concertation.meetings import agenda, services
from maillage.concertation.models import AgendaItem, Meeting
from maillage.core import contributions, search
from maillage.core.contributions import ReportTable
from tests.concertation.meetings.factories import InvitationFactory, ItemFactory, MeetingFactory
from tests.factories import ActorFactory, AllianceFactory, SpaceFactory, user_with

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def keys(alliance, viewer):
    with time_machine.travel(NOW, tick=False):
        found = contributions.todo.collect(alliance, viewer, TODAY)
        return {todo.key.rsplit("-", 5)[0] for todo in found if todo.key.startswith("meeting-")}


def test_the_agent_is_told_of_meetings_that_come_near_without_agenda_or_invitations(alliance, agent):
    meeting = MeetingFactory(space__alliance=alliance)
    assert keys(alliance, agent) == {"meeting-agenda", "meeting-invite"}
    for other in (None, user_with(alliance, "member"), user_with(AllianceFactory())):
        assert keys(alliance, other) == set()
    ItemFactory(meeting=meeting)
    assert keys(alliance, agent) == {"meeting-invite"}
    Meeting.objects.update(invited_at=NOW)
    assert keys(alliance, agent) == set()
    Meeting.objects.update(invited_at=None, state="cancelled")
    assert keys(alliance, agent) == set()


def test_far_meetings_wait(alliance, agent):
    MeetingFactory(space__alliance=alliance, starts_at=NOW + dt.timedelta(days=12))
    assert keys(alliance, agent) == {"meeting-invite"}
    Meeting.objects.update(starts_at=NOW + dt.timedelta(days=20), ends_at=NOW + dt.timedelta(days=20, hours=1))
    assert keys(alliance, agent) == set()


def test_an_invitation_waits_until_it_is_answered(alliance):
    user = user_with(alliance, "member")
    row = InvitationFactory(meeting=MeetingFactory(space__alliance=alliance), person=user.persons.get())
    assert keys(alliance, user) == set(), "nothing was sent yet"
    row.sent_at = NOW
    row.save()
    assert keys(alliance, user) == {"meeting-answer"}
    row.answer = "no"
    row.save()
    assert keys(alliance, user) == set()


def told(alliance, viewer):
    return {entry.title for entry in contributions.timeline.collect(alliance, viewer, TODAY, limit=20)}


def test_forums_and_assemblies_that_were_held_are_in_the_memory(alliance, agent):
    forum = SpaceFactory(alliance=alliance, kind="forum")
    MeetingFactory(space=forum, title="Grand forum", state="held")
    MeetingFactory(space=forum, title="Forum caché", state="held", is_public=False)
    MeetingFactory(space=forum, title="Forum à venir")
    MeetingFactory(space__alliance=alliance, title="Table ordinaire", state="held")
    seen = told(alliance, None)
    assert "Grand forum" in seen
    assert not seen & {"Forum caché", "Forum à venir", "Table ordinaire"}
    assert "Forum caché" in told(alliance, agent)


def test_open_data_has_public_meetings_and_public_points_whoever_asks(alliance, agent):
    shown = MeetingFactory(space__alliance=alliance, title="Montrée")
    ItemFactory(meeting=shown, title="Point montré", length=20)
    ItemFactory(meeting=shown, title="Point caché", is_public=False)
    hidden = MeetingFactory(space__alliance=alliance, title="Cachée", is_public=False)
    ItemFactory(meeting=hidden, title="Point d’une rencontre cachée")
    tables = {table.name: table for table in contributions.exports.collect(alliance, agent, TODAY)}
    meetings, items = list(tables["meetings"].rows()), list(tables["agendas"].rows())
    assert [row[3] for row in meetings] == ["Montrée"]
    assert [row[2:] for row in items] == [(1, "Point montré", "discussion", 20)]
    assert len(meetings[0]) == len(tables["meetings"].header)
    assert len(items[0]) == len(tables["agendas"].header)
    assert meetings[0][4] == "2026-12-10T18:30:00+00:00"


def test_the_account_counts_the_public_meetings_held_in_each_space(alliance):
    space = SpaceFactory(alliance=alliance, name="Table Logement")
    MeetingFactory.create_batch(3, space=space, state="held")
    MeetingFactory(space=space, state="held", is_public=False)
    MeetingFactory(space=space)
    MeetingFactory(space=space, state="cancelled")
    found = {section.key: section for section in contributions.report.collect(alliance, None, TODAY)}
    [words, table] = found["meetings"].blocks
    assert words.replace("\u00a0", " ") == "3 rencontres publiques ont eu lieu."
    assert isinstance(table, ReportTable)
    assert [list(row) for row in table.rows] == [["Table Logement", 3, 6, dt.date(2026, 12, 10)]]
    empty = {section.key for section in contributions.report.collect(AllianceFactory(), None, TODAY)}
    assert "meetings" not in empty


def test_search_finds_public_meetings_and_their_public_points(alliance, agent):
    begins = dt.datetime(2026, 12, 10, 18, 30, tzinfo=dt.UTC)
    space = SpaceFactory(alliance=alliance, name="Table Logement")
    values = {"space": space, "starts_at": begins, "ends_at": begins + dt.timedelta(hours=2), "by": agent}
    meeting = services.create_meeting(title="Rencontre élargie", place="Bibliothèque", **values)
    services.create_meeting(title="Rencontre secrète", is_public=False, **values)
    values = [{"title": "Terrain des Saules"}, {"title": "Dossier secret", "is_public": False}]
    agenda.add_items(meeting=meeting, items=values, by=agent, now=NOW)
    for again in (False, True):
        if again:
            search.rebuild()
        assert [hit.title for hit in search.find("bibliothèque élargie").results] == ["Rencontre élargie, 2026-12-10"]
        assert search.find("secrète").total == 0
        assert search.find("Saules").total == 1
        assert search.find("Secret").total == 0
    services.update_meeting(meeting=meeting, changes={"title": "Rencontre du printemps"}, by=agent, now=NOW)
    assert search.find("élargie").total == 0
    assert search.find("printemps").total == 2, "the meeting and its point"


def test_the_page_of_a_space_has_its_meetings(client, alliance):
    space = SpaceFactory(alliance=alliance)
    MeetingFactory(space=space, starts_at=dt.datetime(2190, 1, 9, 18, tzinfo=dt.UTC))
    MeetingFactory(space=space, is_public=False, starts_at=dt.datetime(2190, 2, 9, 18, tzinfo=dt.UTC))
    page = client.get(reverse("concertation_in:space", args=[alliance.slug, space.uuid])).content.decode()
    assert "9\u00a0janvier\u00a02190" in page or "9 janvier 2190" in page.replace("\u00a0", " ")
    assert "février 2190" not in page.replace("\u00a0", " ")


def test_the_menu_leads_to_the_meetings(alliance, agent):
    public = [item.label for item in contributions.navigation.collect(alliance, None, TODAY) if item.area == "public"]
    assert "Rencontres" in public
    inside = [
        item.label for item in contributions.navigation.collect(alliance, agent, TODAY) if item.area == "workspace"
    ]
    assert "Rencontres" in inside


def test_two_actors_become_one_and_back(alliance):
    kept, absorbed = ActorFactory(alliance=alliance), ActorFactory(alliance=alliance)
    meeting = MeetingFactory(space__alliance=alliance, facilitator=absorbed)
    ItemFactory(meeting=meeting, presenter=absorbed)
    names = {"concertation.meeting", "concertation.agendaitem"}
    declared = [row for row in contributions.merge if row.target == "actor" and row.model in names]
    traces = [row.apply(kept, absorbed) for row in declared]
    assert (Meeting.objects.get().facilitator, AgendaItem.objects.get().presenter) == (kept, kept)
    for row, trace in zip(declared, traces, strict=True):
        row.undo(kept, absorbed, trace)
    assert (Meeting.objects.get().facilitator, AgendaItem.objects.get().presenter) == (absorbed, absorbed)


def test_a_panel_of_another_part_may_bring_its_tab(client, alliance, monkeypatch):
    from maillage.core.contributions import Panel

    def panel(scope, viewer, today, page, subject=None):
        if page == "meeting":
            context = {"tab": "Essai", "tab_anchor": "essai", "tab_count": 3}
            yield Panel("meeting", "concertation/_bar.html", {"line": {"parts": [], "total": 0}} | context)

    monkeypatch.setattr(contributions.panels, "providers", [*contributions.panels.providers, panel])
    meeting = MeetingFactory(space__alliance=alliance)
    page = client.get(reverse("concertation_in:meeting", args=[alliance.slug, meeting.uuid])).content.decode()
    assert '<a href="#essai">Essai <span class="tag">3</span></a>' in page


def test_the_home_tells_the_next_public_meetings(client):
    space = SpaceFactory()
    now = timezone.now()
    day = dt.timedelta(days=1)

    def at(n, title, **more):
        return MeetingFactory(space=space, title=title, starts_at=now + n * day, ends_at=now + (n + 0.1) * day, **more)

    for n in range(2, 6):
        at(n, f"Prochaine {n}")
    at(-3, "Ancienne")
    at(1, "Remise", state="cancelled")
    at(1, "Fermée", is_public=False)
    text = client.get(space.alliance.get_absolute_url()).content.decode()
    assert "Prochaines rencontres" in text
    assert [n for n in range(2, 6) if f"Prochaine {n}" in text] == [2, 3, 4]
    for hidden in ("Remise", "Fermée"):
        assert hidden not in text
