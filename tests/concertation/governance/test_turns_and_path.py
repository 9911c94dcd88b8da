"""Facilitation in turn, the decision path and the organigram, as they are and as they were."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.concertation import services as concertation
from maillage.concertation.governance import services
from maillage.concertation.governance.selectors.path import organigram_of, path_of
from maillage.concertation.governance.selectors.turns import turns_of, without_next
from maillage.concertation.models import DecisionStep, Facilitation
from tests.concertation.governance.factories import DecisionStepFactory, FacilitationFactory, SpaceLinkFactory
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
OLD, NEW, TODAY = dt.date(2024, 3, 1), dt.date(2026, 2, 1), dt.date(2026, 11, 20)
TWO_YEARS_AGO = dt.date(2024, 11, 20)


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel(dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def region():
    return AllianceFactory(slug="region", scale="regional", short_name="Région")


@pytest.fixture
def alliance(region):
    return AllianceFactory(slug="rivieres", parent=region)


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Coordination", since=OLD)


def turn(space, agent, since, name="Le Relais", **values):
    actor = ActorFactory(alliance=space.alliance, name=name)
    return services.add_turn(space=space, actor=actor, by=agent, since=since, **values)


# Facilitation


def test_who_leads_now_who_is_next_and_who_led(space, agent):
    first = turn(space, agent, OLD)
    second = turn(space, agent, NEW)
    third = turn(space, agent, dt.date(2027, 1, 1))
    found = turns_of(space, TODAY)
    assert (found.now, found.next, found.before) == ([second], [third], [first])
    first.refresh_from_db()
    assert first.until == NEW
    assert turns_of(space, TWO_YEARS_AGO).now == [first]


def test_days_already_taken_are_refused(space, agent):
    turn(space, agent, OLD, until=NEW)
    with pytest.raises(ValidationError, match="déjà ces jours"):
        turn(space, agent, dt.date(2025, 1, 1))
    assert turn(space, agent, NEW).pk


def test_a_turn_not_begun_is_taken_back(space, agent):
    row = turn(space, agent, dt.date(2027, 1, 1))
    assert services.end_turn(turn=row, on=TODAY, by=agent) is None
    assert not Facilitation.objects.exists()


def test_an_actor_or_a_person_of_elsewhere_leads_nothing(space, agent):
    with pytest.raises(ValidationError):
        services.add_turn(space=space, actor=ActorFactory(), by=agent, since=NEW)
    with pytest.raises(ValidationError):
        turn(space, agent, NEW, person=PersonFactory())


def test_in_public_the_actor_and_inside_the_person(client, alliance, space, agent):
    turn(space, agent, NEW, person=PersonFactory(alliance=alliance, name="Ana Roy-Tremblay"))
    address = reverse("concertation_in:turns", args=[alliance.slug, space.uuid])
    for reader in (client, signed_in(client, alliance, "member")):
        page = reader.get(address).content.decode()
        assert "Le Relais" in page
        assert "Ana Roy-Tremblay" not in page
    assert "Ana Roy-Tremblay" in signed_in(client, alliance).get(address).content.decode()


def test_spaces_whose_turn_ends_without_a_next_one(space, agent):
    row = turn(space, agent, NEW, until=TODAY + dt.timedelta(days=20))
    assert without_next([space], TODAY) == [(space, row)]
    turn(space, agent, TODAY + dt.timedelta(days=20))
    assert without_next([space], TODAY) == []


def test_the_agent_writes_and_stops_a_turn_and_a_member_does_not(client, alliance, space):
    actor = ActorFactory(alliance=alliance, name="Le Relais")
    address = reverse("concertation_in:turns", args=[alliance.slug, space.uuid])
    assert signed_in(client, alliance, "member").post(address, {"actor": actor.pk, "since": NEW}).status_code == 403
    signed_in(client, alliance)
    assert "Le Relais" in client.post(address, {"actor": actor.pk, "since": "2026-02-01"}, follow=True).content.decode()
    page = client.post(address, {"actor": actor.pk, "since": "2025-01-01", "until": "2026-06-01"}).content.decode()
    assert "déjà ces jours" in page
    row = Facilitation.objects.get()
    client.post(reverse("concertation_in:turn_end", args=[alliance.slug, space.uuid, row.pk]))
    row.refresh_from_db()
    assert row.until == TODAY


# The decision path


def step(alliance, agent, **values):
    values = {"scale": "mrc", "part": "decides", "since": OLD} | values
    return services.add_step(alliance=alliance, by=agent, **values)


def test_the_path_reads_from_the_nearest_scale_at_a_date(alliance, agent, space, region):
    council = ActorFactory(alliance=alliance, name="Conseil des maires")
    table = SpaceFactory(alliance=region, name="Table régionale")
    step(alliance, agent, scale="region", part="funds", space=table)
    former = step(alliance, agent, part="endorses", actor=council)
    services.end_step(step=former, on=NEW, by=agent)
    step(alliance, agent, space=space)
    told = [(lane.code, sorted(lane.parts)) for lane in path_of(alliance, TODAY, everything=False)]
    assert told == [("mrc", ["decides"]), ("region", ["funds"])]
    told = [(lane.code, sorted(lane.parts)) for lane in path_of(alliance, TWO_YEARS_AGO, everything=False)]
    assert told == [("mrc", ["decides", "endorses"]), ("region", ["funds"])]


def test_a_step_is_a_space_or_an_actor_of_the_family(alliance, agent, space):
    actor = ActorFactory(alliance=alliance)
    for values in (
        {}, {"space": space, "actor": actor}, {"actor": ActorFactory()}, {"space": SpaceFactory()},
        {"space": space, "scale": "galaxie"},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            step(alliance, agent, **values)
    step(alliance, agent, space=space)
    with pytest.raises(ValidationError, match="déjà"):
        step(alliance, agent, space=space)
    with pytest.raises(PermissionDenied):
        step(alliance, user_with(alliance, "member"), actor=actor)


def test_a_hidden_space_or_actor_is_not_on_the_public_path(client, alliance):
    DecisionStepFactory(space=SpaceFactory(alliance=alliance, name="Cellule", is_public=False))
    DecisionStepFactory(
        space=None, alliance=alliance, actor=ActorFactory(alliance=alliance, name="Refuge", is_public=False)
    )
    address = reverse("concertation_in:governance", args=[alliance.slug])
    page = client.get(address).content.decode()
    assert "Cellule" not in page
    assert "Refuge" not in page
    page = signed_in(client, alliance).get(address).content.decode()
    assert "Cellule" in page
    assert "Refuge" in page


def test_the_agent_writes_and_ends_a_step(client, alliance, space):
    signed_in(client, alliance)
    address = reverse("concertation_in:path", args=[alliance.slug])
    asked = {"scale": "mrc", "part": "advises", "space": space.pk, "about": "Les projets", "since": "2026-02-01"}
    assert "Les projets" in client.post(address, asked, follow=True).content.decode()
    page = client.post(address, {"scale": "mrc", "part": "advises", "about": "À garder"}).content.decode()
    assert "l’un des deux" in page
    assert "À garder" in page
    row = DecisionStep.objects.get()
    client.post(reverse("concertation_in:step_end", args=[alliance.slug, row.pk]))
    row.refresh_from_db()
    assert row.until == TODAY
    other = DecisionStepFactory()
    assert client.post(reverse("concertation_in:step_end", args=[alliance.slug, other.pk])).status_code == 404


# The organigram


def names(alliance, day, *, everything=False):
    return sorted(box.label for box in organigram_of(alliance, day, everything=everything).boxes)


def test_regional_and_local_spaces_are_in_one_picture(alliance, region, space):
    table = SpaceFactory(alliance=region, name="Table régionale", since=OLD)
    SpaceLinkFactory(space=space, other=table, since=NEW)
    SpaceFactory(alliance=AllianceFactory(), name="Ailleurs")
    assert names(alliance, TODAY) == names(region, TODAY) == ["Coordination", "Table régionale"]
    [tree] = organigram_of(alliance, TODAY, everything=False).trees
    assert (tree.box.label, tree.children[0].box.label, tree.children[0].kind) == (
        "Table régionale", "Coordination", "reports-to",
    )  # fmt: skip
    # Two years ago the link was not there yet: two trees.
    assert len(organigram_of(alliance, TWO_YEARS_AGO, everything=False).trees) == 2


def test_a_closed_region_and_hidden_spaces_are_left_out(alliance, region, space):
    SpaceFactory(alliance=region, name="Table régionale")
    SpaceFactory(alliance=alliance, name="Cellule", is_public=False)
    region.is_public = False
    region.save()
    assert names(alliance, TODAY) == ["Coordination"]
    assert names(alliance, TODAY, everything=True) == ["Cellule", "Coordination"]


def test_the_picture_is_as_it_was_two_years_ago(alliance, agent, space):
    gone = SpaceFactory(alliance=alliance, name="Forum", since=OLD, until=NEW)
    table = concertation.create_space(alliance=alliance, name="Table", parent=gone, by=agent, since=OLD)
    concertation.update_space(space=table, changes={"parent": space}, by=agent, today=NEW)
    SpaceFactory(alliance=alliance, name="Nouvelle", since=NEW)
    then = organigram_of(alliance, TWO_YEARS_AGO, everything=False)
    assert sorted(box.label for box in then.boxes) == ["Coordination", "Forum", "Table"]
    assert [(tie.below, tie.above) for tie in then.ties] == [(table.pk, gone.pk)]
    now = organigram_of(alliance, TODAY, everything=False)
    assert [(tie.below, tie.above) for tie in now.ties] == [(table.pk, space.pk)]


def test_a_parent_without_a_date_is_still_drawn(alliance, space):
    table = SpaceFactory(alliance=alliance, parent=space)
    [tie] = organigram_of(alliance, TODAY, everything=False).ties
    assert (tie.below, tie.above, tie.kind) == (table.pk, space.pk, "part-of")


def test_the_page_at_a_date_and_with_a_date_that_cannot_be_read(client, alliance, space):
    SpaceFactory(alliance=alliance, name="Nouvelle table", since=NEW)
    address = reverse("concertation_in:governance", args=[alliance.slug])
    assert "Nouvelle table" in client.get(address).content.decode()
    page = client.get(address, {"date": "2024-11-20"}).content.decode()
    assert "Nouvelle table" not in page
    assert "Tel que c’était le 20\u00a0novembre 2024" in page
    for strange in ("hier", "0000-01-01", "1200-01-01", "2024-13-45"):
        assert "Cette date ne se lit pas" in client.get(address, {"date": strange}).content.decode()
    assert "Tel que" not in client.get(address, {"date": "2199-01-01"}).content.decode()


def test_functions_without_a_space_are_said(client, alliance, space, agent):
    services.set_functions(space=space, codes=("inform",), by=agent, since=OLD)
    page = client.get(reverse("concertation_in:governance", args=[alliance.slug])).content.decode()
    assert page.count("Aucun espace ne la remplit") == 5


def test_fifty_spaces_take_as_many_queries_as_one(client, alliance, space):
    address = reverse("concertation_in:governance", args=[alliance.slug])
    DecisionStepFactory(space=space)
    FacilitationFactory(space=space)
    client.get(address)
    counts = []
    for more in (0, 50):
        for index in range(more):
            made = SpaceFactory(alliance=alliance, parent=space)
            SpaceLinkFactory(space=made, other=space, kind="advises")
            DecisionStepFactory(space=made, about=str(index))
        with CaptureQueriesContext(connection) as found:
            # A date keeps the page out of what is kept for visitors.
            client.get(address, {"date": f"2026-11-{10 + more // 10}"})
        counts.append(len(found))
    assert counts[0] == counts[1], counts
