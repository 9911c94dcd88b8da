import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from maillage.concertation.models import Seat, Space
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in

pytestmark = pytest.mark.django_db

PAST = dt.date(2025, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


def read(client, alliance, name, *args, **asked):
    return client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, *args]), asked)


def text(*args, **asked):
    return read(*args, **asked).content.decode()


# The list


def test_the_list_says_who_sits_in_each_space_in_words(client, alliance):
    table = SpaceFactory(alliance=alliance, name="Table Logement")
    for type_ in ("community", "community", "citizens"):
        SeatFactory(space=table, actor=ActorFactory(alliance=alliance, type=type_))
    SpaceFactory(alliance=alliance, name="Comité vide", parent=table)
    page = text(client, alliance, "spaces")
    assert "3 membres\u00a0:" in page
    assert "2 organismes communautaires" in page
    assert "1 collège citoyen" in page
    assert "Pas encore de membre." in page
    assert "fait partie de\u00a0: Table Logement" in page
    assert "3 acteurs y siègent." in page


def test_bars_share_one_scale_and_begin_at_zero(client, alliance):
    small, large = SpaceFactory(alliance=alliance, name="A"), SpaceFactory(alliance=alliance, name="B")
    SeatFactory(space=small)
    SeatFactory.create_batch(4, space=large)
    lines = read(client, alliance, "spaces").context["lines"]
    assert [part["w"] for line in lines for part in line["parts"]] == ["25.00%", "100.00%"]
    assert {part["x"] for line in lines for part in line["parts"]} == {"0.00%"}


def test_what_ended_is_hidden_or_elsewhere_is_not_listed(client, alliance):
    SpaceFactory(alliance=alliance, name="Fermée", until=PAST)
    SpaceFactory(alliance=alliance, name="Interne", is_public=False)
    SpaceFactory(name="Ailleurs")
    page = text(client, alliance, "spaces")
    assert not any(name in page for name in ("Fermée", "Interne", "Ailleurs"))
    assert "Interne" in text(signed_in(client, alliance), alliance, "spaces")


# One space


def test_a_space_shows_its_members_its_words_its_kin_and_its_past(client, alliance):
    top = SpaceFactory(alliance=alliance, name="Coordination", purpose="Relier les tables.", since=PAST)
    table = SpaceFactory(alliance=alliance, name="Table Logement", parent=top, kind="table")
    SeatFactory(space=top, category="Membres actifs", since=dt.date(2024, 2, 1), actor__name="Le Toit")
    SeatFactory(space=top, actor__name="Partie", until=PAST)
    page = text(client, alliance, "space", top.uuid)
    for words in ("Relier les tables.", "Membres actifs", "1er\u00a0février 2024", "Table Logement", "Partie"):
        assert words in page
    assert "1 membre" in page
    assert "jusqu’au 1er\u00a0janvier 2025" in page
    assert "Coordination" in text(client, alliance, "space", table.uuid)


def test_a_closed_space_keeps_its_page(client, alliance):
    space = SpaceFactory(alliance=alliance, until=PAST)
    assert "s’est réuni jusqu’au 1er\u00a0janvier 2025" in text(client, alliance, "space", space.uuid)


def test_a_hidden_space_is_for_those_who_may(client, alliance):
    space = SpaceFactory(alliance=alliance, is_public=False)
    assert read(client, alliance, "space", space.uuid).status_code == 404
    assert read(signed_in(client, alliance, "member"), alliance, "space", space.uuid).status_code == 404
    assert read(signed_in(client, alliance), alliance, "space", space.uuid).status_code == 200
    assert read(client, alliance, "space", SpaceFactory().uuid).status_code == 404


def test_hidden_actors_are_not_counted_in_public(client, alliance):
    space = SpaceFactory(alliance=alliance)
    SeatFactory(space=space, actor=ActorFactory(alliance=alliance, name="Refuge", is_public=False))
    SeatFactory(space=space)
    assert read(client, alliance, "space", space.uuid).context["total"] == 1
    assert "Refuge" not in text(client, alliance, "space", space.uuid)
    assert "Refuge" in text(signed_in(client, alliance), alliance, "space", space.uuid)


def test_the_agent_opens_changes_and_closes_a_space(client, alliance):
    signed_in(client, alliance)
    address = reverse("concertation_in:space_new", args=[alliance.slug])
    page = client.post(address, {"name": "Table Emploi", "kind": "table", "is_public": "on"}, follow=True)
    assert "Table Emploi est ouvert." in page.content.decode()
    space = Space.objects.get()
    address = reverse("concertation_in:space_edit", args=[alliance.slug, space.uuid])
    client.post(address, {"name": "Table Emploi et revenu", "kind": "forum", "since": "2025-01-01"})
    space.refresh_from_db()
    assert (space.name, space.kind, space.is_public, space.since) == ("Table Emploi et revenu", "forum", False, PAST)
    address = reverse("concertation_in:space_end", args=[alliance.slug, space.uuid])
    assert "La fin ne peut pas venir avant" in client.post(address, {"on": "2020-01-01"}).content.decode()
    client.post(address, {"on": "2025-06-01"})
    space.refresh_from_db()
    assert space.until == dt.date(2025, 6, 1)


def test_a_circle_of_spaces_is_refused_with_a_sentence(client, alliance):
    top = SpaceFactory(alliance=alliance)
    below = SpaceFactory(alliance=alliance, parent=top)
    signed_in(client, alliance)
    address = reverse("concertation_in:space_edit", args=[alliance.slug, top.uuid])
    page = client.post(address, {"name": top.name, "kind": "table", "parent": below.pk, "purpose": "À garder"})
    assert "Un espace ne peut pas faire partie de lui-même." in page.content.decode()
    assert "À garder" in page.content.decode()


def test_the_agent_finds_an_actor_gives_it_a_seat_and_ends_it(client, alliance):
    space = SpaceFactory(alliance=alliance)
    actor = ActorFactory(alliance=alliance, name="Le Relais")
    assert "Donner un siège" not in text(client, alliance, "space", space.uuid, ajouter="relais")
    signed_in(client, alliance)
    assert "Le Relais" in text(client, alliance, "space", space.uuid, ajouter="relais")
    address = reverse("concertation_in:seat_give", args=[alliance.slug, space.uuid])
    client.post(address, {"actor": actor.uuid, "category": "Membres", "since": "2025-01-01"})
    seat = Seat.objects.get()
    assert (seat.actor, seat.category, seat.since) == (actor, "Membres", PAST)
    assert "a déjà un siège" in client.post(address, {"actor": actor.uuid}, follow=True).content.decode()
    assert "Vérifiez la date" in client.post(address, {"actor": actor.uuid, "since": "x"}, follow=True).content.decode()
    client.post(reverse("concertation_in:seat_end", args=[alliance.slug, space.uuid, seat.pk]))
    seat.refresh_from_db()
    assert seat.until == alliance.today()


def test_the_actor_of_another_alliance_gets_no_seat(client, alliance):
    space = SpaceFactory(alliance=alliance)
    signed_in(client, alliance)
    address = reverse("concertation_in:seat_give", args=[alliance.slug, space.uuid])
    assert client.post(address, {"actor": ActorFactory().uuid}).status_code == 404
    assert not Seat.objects.exists()


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_others_change_nothing(client, alliance, kind):
    space = SpaceFactory(alliance=alliance, name="Avant")
    seat = SeatFactory(space=space)
    signed_in(client, alliance, kind)
    values = {"name": "Après", "kind": "table", "on": "2025-01-01", "actor": seat.actor.uuid}
    for name, args in (
        ("space_new", []),
        ("space_edit", [space.uuid]),
        ("space_end", [space.uuid]),
        ("seat_give", [space.uuid]),
        ("seat_end", [space.uuid, seat.pk]),
    ):
        address = reverse(f"concertation_in:{name}", args=[alliance.slug, *args])
        assert client.post(address, values).status_code == 403
    space.refresh_from_db(), seat.refresh_from_db()
    assert (space.name, space.until, seat.until, Space.objects.count()) == ("Avant", None, None, 1)


def test_the_seat_of_another_alliance_cannot_be_ended(client, alliance):
    seat = SeatFactory()
    signed_in(client, alliance)
    address = reverse("concertation_in:seat_end", args=[alliance.slug, seat.space.uuid, seat.pk])
    assert client.post(address).status_code == 404
    seat.refresh_from_db()
    assert seat.until is None


# Who works with whom


def test_it_names_who_links_tables_and_how_many_members_tables_share(client, alliance):
    one, two, alone = (SpaceFactory(alliance=alliance, name=name) for name in ("Logement", "Emploi", "Transport"))
    link = ActorFactory(alliance=alliance, name="Le Pont")
    for space in (one, two):
        SeatFactory(space=space, actor=link)
    SeatFactory(space=alone, actor__name="Ailleurs")
    response = read(client, alliance, "together")
    page = response.content.decode()
    assert "1 acteur siège à plusieurs tables et le relie" in page or "1 acteur siège à plusieurs tables" in page
    assert [line["actor"].name for line in response.context["lines"]] == ["Le Pont"]
    assert [(pair["first"].name, pair["n"]) for pair in response.context["pairs"]] == [("Logement", 1)]
    assert "Tables à rejoindre" in page
    assert response.context["to_join"] == [alone]
    assert "isolé" not in page


def test_the_matrix_is_whole_and_symmetric(client, alliance):
    spaces = [SpaceFactory(alliance=alliance, name=name) for name in "ABC"]
    for places in ((0, 1), (0, 1), (1, 2)):
        actor = ActorFactory(alliance=alliance)
        for place in places:
            SeatFactory(space=spaces[place], actor=actor)
    rows = read(client, alliance, "together").context["matrix"]["rows"]
    numbers = [[cell and cell["n"] for cell in row["cells"]] for row in rows]
    assert numbers == [[None, 2, 0], [2, None, 1], [0, 1, None]]
    rows = list(csv.reader(io.StringIO(read(client, alliance, "shared_file", "csv").content.decode("utf-8-sig"))))
    assert rows == [["Espace", "Autre espace", "Membres en commun"], ["A", "B", "2"], ["B", "C", "1"]]
    assert read(client, alliance, "shared_file", "txt").status_code == 404


def test_an_actor_seated_twice_in_time_counts_once(client, alliance):
    space, actor = SpaceFactory(alliance=alliance), ActorFactory(alliance=alliance)
    SeatFactory(space=space, actor=actor, until=PAST)
    SeatFactory(space=space, actor=actor, since=PAST)
    assert read(client, alliance, "together").context["page"].paginator.count == 0
    assert read(client, alliance, "space", space.uuid).context["total"] == 1


def test_an_alliance_with_nothing_yet_says_so(client, alliance):
    assert "Aucun acteur ne siège encore à plusieurs tables" in text(client, alliance, "together")
    assert "Pas encore d’espace" in text(client, alliance, "spaces")


@pytest.mark.parametrize("name", ["spaces", "together", "space"])
def test_the_same_queries_for_one_row_and_for_fifty(client, name, django_assert_max_num_queries):
    counts = []
    for size in (2, 50):
        alliance = AllianceFactory()
        spaces = SpaceFactory.create_batch(size, alliance=alliance)
        for actor in ActorFactory.create_batch(size, alliance=alliance):
            SeatFactory(space=spaces[0], actor=actor, category="Membres")
            SeatFactory(space=spaces[1], actor=actor)
        args = [spaces[0].uuid] if name == "space" else []
        with django_assert_max_num_queries(40) as captured:
            read(client, alliance, name, *args)
        counts.append(len(captured))
    assert counts[0] == counts[1]
