import datetime as dt

import pytest
from django.urls import reverse

from maillage.concertation.models import Space
from tests.concertation.network.factories import actor, small_town, tie
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in

pytestmark = pytest.mark.django_db

PAST = dt.date(2025, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


def read(client, alliance, name="network", *args, **asked):
    return client.get(reverse(f"concertation_in:{name}", args=[alliance.slug, *args]), asked)


def text(*args, **asked):
    return read(*args, **asked).content.decode()


# The head and the words


def test_the_head_says_how_many_told_their_ties_and_when(client, alliance):
    small_town(alliance)
    page = text(client, alliance)
    assert "7 acteurs sur 8 ont dit leurs liens" in page
    assert "7 liens, mis à jour pour la dernière fois le" in page


def test_what_the_drawing_shows_bridges_silos_to_reach_and_an_idea(client, alliance):
    made = small_town(alliance)
    for name in ("Bail", "Clé"):
        new = actor(alliance, name, "housing")
        tie(new, made["Toit"])
        tie(new, made["Loyer"])
    tie(made["Cuisine"], made["Navette"])
    page = text(client, alliance)
    assert "2 ponts" in page
    assert "relie 2 autres secteurs." in page
    assert "Un secteur en vase clos" in page
    assert "7 liens sur 9 restent à l’intérieur (78\u00a0%)." in page
    assert "Le plus ouvert" in page
    assert "2 acteurs à rejoindre" in page
    assert "isolé" not in page
    assert "Inviter «\u00a0Sécurité alimentaire\u00a0» et «\u00a0Logement\u00a0» à une rencontre commune" in page


def test_unconfirmed_ties_count_and_are_told_declined_ones_do_not(client, alliance):
    made = small_town(alliance)
    tie(made["Seul"], made["Cuisine"], answer="waiting")
    tie(made["Seul"], made["Bout"], answer="declined")
    found = read(client, alliance)
    assert found.context["ties"] == 8
    assert "1 lien est déclaré d’un seul côté, donc non confirmé" in found.content.decode()
    assert found.context["reading"].degrees[found.context["lines"][-1]["node"].id] == 1


def test_what_would_happen_without_a_bridge_is_for_members_only(client, alliance):
    small_town(alliance)
    assert "seraient coupés" not in text(client, alliance)
    assert "Ce qui tient à un fil" not in text(client, alliance, "network_whole").replace("lisent aussi", "")
    stranger = signed_in(client, AllianceFactory())
    assert "seraient coupés" not in text(stranger, alliance)
    member = signed_in(client, alliance, "member")
    page = text(member, alliance)
    assert "Sans cet acteur, 4 autres seraient coupés du reste\u00a0: Loyer, Toit, Bout et Navette." in page
    assert "Ce qui tient à un fil" in text(member, alliance, "network_whole")


def test_municipalities_and_community_organisations_by_scale(client, alliance):
    town = actor(alliance, "Ville", "housing", "municipality", "city")
    actor(alliance, "Village", "housing", "municipality", "village")
    tie(town, actor(alliance, "Toit", "housing", "community", "mrc"))
    found = read(client, alliance).context["elected"]
    assert found["ties"] == 1
    assert [(line["scale"], line["actors"], line["tied"], line["ties"]) for line in found["municipalities"]] == [
        ("Village", 1, 0, 0),
        ("Ville", 1, 1, 1),
    ]
    assert [(line["scale"], line["tied"]) for line in found["community"]] == [("MRC", 1)]


# The drawing


def test_the_drawing_has_a_name_and_the_table_has_the_same_data(client, alliance):
    small_town(alliance)
    found = read(client, alliance)
    page = found.content.decode()
    assert 'role="img" aria-label="8 acteurs autour d’un cercle, unis par 7 liens.' in page
    assert page.count("data-t=") == 7
    assert page.count('class="actor-mark"') == 8
    rows = {line["node"].name: (line["ties"], line["reached"], line["bridge"]) for line in found.context["lines"]}
    assert rows["Pont"] == (4, 2, True)
    assert rows["Seul"] == (0, 0, False)
    assert 'stroke-dasharray="3 3"' in page


def test_kinds_have_their_own_thread_and_an_unconfirmed_one_is_thin(client, alliance):
    one, other, third = (actor(alliance, name, name.lower()) for name in ("Food", "Housing", "Transport"))
    tie(one, other, "referral")
    tie(one, third, "project", "waiting")
    page = text(client, alliance)
    assert 'stroke-width="2.2" stroke-linecap="round" stroke-dasharray="1.5 5"' in page
    assert 'stroke-width="1.21"' in page
    assert "Référence de personnes" in page
    assert "Fil mince" in page


def test_the_drawing_groups_by_the_list_that_is_filled_the_most(client, alliance):
    one, other = actor(alliance, "A", "food"), actor(alliance, "B", "housing")
    one.tags.create(scheme="sector", code="social")
    assert read(client, alliance).context["known"].group == "field"
    for code in ("economic", "environmental", "cultural"):
        other.tags.create(scheme="sector", code=code)
    assert read(client, alliance).context["known"].group == "sector"
    assert read(client, alliance, groupe="type").context["known"].group == "type"


def test_actors_without_any_word_are_to_be_specified_or_grouped_by_type(client, alliance):
    ActorFactory(alliance=alliance, name="Sans mot", type="business")
    assert read(client, alliance).context["known"].group == "type"
    actor(alliance, "Avec", "food")
    found = read(client, alliance)
    assert found.context["known"].group == "field"
    assert "À préciser" in found.content.decode()


def test_an_actor_takes_its_first_word_in_the_order_of_the_list(client, alliance):
    several = actor(alliance, "A", "housing")
    several.tags.create(scheme="field", code="health")
    [line] = read(client, alliance).context["lines"]
    assert line["sector"] == "Santé"


@pytest.mark.parametrize("count", [0, 1])
def test_few_actors_and_no_tie(client, alliance, count):
    ActorFactory.create_batch(count, alliance=alliance)
    for asked in ({}, {"depuis": "2025-01-01"}, {"reseau": "sieges"}, {"acteur": "x"}):
        assert read(client, alliance, **asked).status_code == 200
    page = text(client, alliance)
    assert ("Aucun lien n’est encore connu" in page) == bool(count)
    assert read(client, alliance, "network_whole").status_code == 200
    assert read(client, alliance, "network_graphml").status_code == 200


# An actor's own ties


def test_an_actor_in_focus_tells_its_ties_by_kind_without_any_script(client, alliance):
    made = small_town(alliance)
    tie(made["Pont"], made["Cuisine"], "funding", "waiting")
    tie(made["Pont"], made["Toit"], "premises")
    page = text(client, alliance, acteur=str(made["Pont"].uuid))
    assert "5 liens connus." in page
    assert "Projet commun, locaux partagés" in page
    assert "Financement, depuis le 1er\u00a0juin 2024 · pas encore confirmé" in page
    assert 'class="net-svg named focused"' in page


# What is hidden


def test_hidden_gone_and_merged_actors_are_not_there(client, alliance):
    made = small_town(alliance)
    refuge = actor(alliance, "Refuge", "housing", is_public=False)
    gone = actor(alliance, "Partie", "housing", until=PAST)
    merged = actor(alliance, "Doublon", "housing", merged_into=made["Toit"])
    for hidden in (refuge, gone, merged):
        tie(hidden, made["Pont"])
    for name in ("network", "network_whole", "network_graphml", "network_marks"):
        page = text(client, alliance, name)
        assert not any(word in page for word in ("Refuge", "Partie", "Doublon"))
    agent = signed_in(client, alliance)
    assert "Refuge" in text(agent, alliance)
    for what in ("acteurs", "liens"):
        assert "Refuge" not in text(agent, alliance, "network_file", what, "csv")
    assert "Refuge" not in text(agent, alliance, "network_graphml")


def test_another_alliance_and_a_closed_one(client, alliance):
    small_town(AllianceFactory())
    assert read(client, alliance).context["total"] == 0
    closed = AllianceFactory(is_public=False)
    assert read(client, closed).status_code == 302
    assert read(signed_in(client, closed, "member"), closed).status_code == 200


# Filters


def test_each_filter_keeps_whom_it_says(client, alliance):
    made = small_town(alliance)
    made["Navette"].tags.create(scheme="scale", code="mrc")
    shop = actor(alliance, "Épicerie", "food", "business")
    tie(shop, made["Grenier"], "funding")
    space = SpaceFactory(alliance=alliance)
    for name in ("Pont", "Toit"):
        SeatFactory(space=space, actor=made[name])

    def names(**asked):
        return {node.name for node in read(client, alliance, **asked).context["known"].nodes.values()}

    assert names(domaine="food") == {"Grenier", "Cuisine", "Seul", "Épicerie"}
    assert names(type="business") == {"Épicerie"}
    assert names(type="business", autour="1") == {"Épicerie", "Grenier"}
    assert names(palier="mrc") == {"Navette"}
    assert names(espace=str(space.uuid)) == {"Pont", "Toit"}
    found = read(client, alliance, sorte="funding").context
    assert (found["ties"], found["total"]) == (1, 9)


def test_the_network_of_another_day(client, alliance):
    made = small_town(alliance)
    tie(made["Seul"], made["Bout"], since=dt.date(2023, 1, 1), until=dt.date(2024, 1, 1))
    assert read(client, alliance, le="2023-06-01").context["ties"] == 1
    assert read(client, alliance).context["ties"] == 7
    assert "Aucun avec ces filtres, ce jour-là." in text(client, alliance, le="2020-01-01")


@pytest.mark.parametrize("bad", ["hier", "2026-13-40", "9999-12-31", "1200-01-01", "", "2026-02-30"])
def test_a_bad_date_in_the_address_is_told_and_the_page_stands(client, alliance, bad):
    small_town(alliance)
    for name in ("le", "depuis"):
        page = text(client, alliance, **{name: bad})
        assert ("Une date n’a pas été comprise" in page) == bool(bad)
        assert "7 liens" in page


def test_whatever_the_address_says_the_page_stands(client, alliance):
    small_town(alliance)
    for name in ("groupe", "secteur", "domaine", "palier", "type", "sorte", "espace", "reseau", "acteur", "page"):
        assert read(client, alliance, **{name: "n’importe quoi"}).status_code == 200


# Sitting together


def test_sitting_at_the_same_table_is_another_network(client, alliance):
    one, other, third = (actor(alliance, name, "food") for name in "ABC")
    space = SpaceFactory(alliance=alliance)
    for member in (one, other):
        SeatFactory(space=space, actor=member)
    SeatFactory(space=SpaceFactory(alliance=alliance), actor=third)
    found = read(client, alliance, reseau="sieges")
    assert (found.context["ties"], found.context["total"]) == (1, 3)
    assert "1 paire d’acteurs siège à la même table." in found.content.decode()
    assert "confirmé" not in found.content.decode()


def test_a_space_too_large_says_nothing_of_who_works_with_whom(client, alliance, monkeypatch):
    monkeypatch.setattr("maillage.concertation.network.selectors.MOST_SEATS", 2)
    space: Space = SpaceFactory(alliance=alliance, name="Grande assemblée")
    SeatFactory.create_batch(3, space=space)
    found = read(client, alliance, reseau="sieges")
    assert found.context["ties"] == 0
    assert "Grande assemblée" in found.content.decode()


# What changed


def test_what_came_ended_and_stayed_between_two_days_by_sector(client, alliance):
    made = small_town(alliance)
    tie(made["Seul"], made["Bout"], since=dt.date(2023, 1, 1), until=PAST)
    tie(made["Seul"], made["Grenier"], since=dt.date(2025, 6, 1))
    found = read(client, alliance, depuis="2024-07-01", le="2025-12-01").context["change"]
    assert [n for n, _words in found["figures"]] == [1, 1, 7]
    assert found["came"]["shown"] == [("Grenier", "Seul")]
    assert found["ended"]["shown"] == [("Bout", "Seul")]
    rows = {name: (row.ties_came, row.ties_ended, row.ties_stayed) for name, row in found["sectors"]}
    assert rows["Sécurité alimentaire"] == (1, 1, 2)
    assert "Du 1er\u00a0juillet 2024 au 1er\u00a0décembre 2025" in text(
        client, alliance, depuis="2024-07-01", le="2025-12-01"
    )


def test_a_day_before_any_tie_is_told(client, alliance):
    small_town(alliance)
    page = text(client, alliance, depuis="2010-01-01")
    assert "Aucun lien n’était connu le 1er\u00a0janvier 2010." in page
    assert "Une date n’a pas été comprise" in text(client, alliance, depuis="2025-02-01", le="2025-01-01")


def test_a_tie_that_ended_the_day_it_began_was_never_there(client, alliance):
    made = small_town(alliance)
    tie(made["Seul"], made["Bout"], since=PAST, until=PAST)
    assert read(client, alliance, depuis="2024-07-01").context["change"]["figures"][0][0] == 0


# Tables in common, and the ways between the pages


def test_the_shared_tables_are_one_click_away_and_back(client, alliance):
    small_town(alliance)
    assert reverse("concertation_in:together", args=[alliance.slug]) in text(client, alliance)
    assert reverse("concertation_in:network", args=[alliance.slug]) in text(client, alliance, "together")
