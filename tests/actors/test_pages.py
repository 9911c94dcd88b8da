import datetime as dt

import pytest
from django.urls import reverse

from maillage.actors.models import Actor, ActorAlias, ActorField, Mandate, Organisation
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, SeatFactory, SpaceFactory, signed_in

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 10, 1)


@pytest.fixture
def alliance():
    return AllianceFactory()


def read(client, actor):
    return client.get(actor.get_absolute_url()).content.decode()


def form(**values):
    return {"name": "Le Grenier", "type": "community", "is_public": "on"} | values


def test_anyone_reads_what_an_actor_is(client, alliance):
    actor = ActorFactory(
        alliance=alliance, name="Le Grenier", type="foundation", mission="Partager.", website="https://exemple.test/"
    )
    ActorField.objects.create(actor=actor, scheme="field", code="housing")
    text = read(client, actor)
    for words in ("Le Grenier", "Fondation philanthropique", "Partager.", "https://exemple.test/", "logement"):
        assert words in text


def test_it_shows_where_it_sits_since_when_and_whom_it_meets(client, alliance):
    actor, often, once = (ActorFactory(alliance=alliance, name=name) for name in ("A", "Souvent", "Une fois"))
    for number in range(2):
        space = SpaceFactory(alliance=alliance, name=f"Table {number}")
        SeatFactory(space=space, actor=actor, since=dt.date(2024, 3, 1), category="Membres actifs")
        SeatFactory(space=space, actor=often)
    SeatFactory(space=space, actor=once)
    past = SpaceFactory(alliance=alliance, name="Ancien comité")
    SeatFactory(space=past, actor=actor, until=dt.date(2025, 6, 1))
    SeatFactory(space=past, actor=ActorFactory(alliance=alliance, name="Jamais rencontré"))
    text = read(client, actor)
    assert "depuis le 1er\u00a0mars 2024" in text
    assert "Membres actifs" in text
    assert "jusqu’au 1er\u00a0juin 2025" in text
    assert "Il y côtoie 2 autres acteurs." in text
    assert text.index("Souvent") < text.index("Une fois")
    assert "Jamais rencontré" not in text


def test_the_address_of_a_merged_actor_leads_to_the_one_kept(client, alliance):
    kept = ActorFactory(alliance=alliance)
    between = ActorFactory(alliance=alliance, merged_into=kept)
    absorbed = ActorFactory(alliance=alliance, merged_into=between)
    response = client.get(absorbed.get_absolute_url())
    assert response.status_code == 302
    assert response["Location"] == kept.get_absolute_url()


def test_a_hidden_actor_is_for_the_agent_only(client, alliance):
    hidden = ActorFactory(alliance=alliance, is_public=False)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert signed_in(client, alliance, "member").get(hidden.get_absolute_url()).status_code == 404
    assert signed_in(client, AllianceFactory()).get(hidden.get_absolute_url()).status_code == 404
    assert signed_in(client, alliance).get(hidden.get_absolute_url()).status_code == 200


def test_an_actor_has_no_page_in_another_alliance(client, alliance):
    stranger = ActorFactory()
    assert client.get(reverse("actors_in:actor", args=[alliance.slug, stranger.uuid])).status_code == 404


def test_other_alliances_of_the_organisation_are_named_where_both_are_public(client, alliance):
    organisation = Organisation.objects.create(name="Centraide")
    actor = ActorFactory(alliance=alliance, organisation=organisation)
    ActorFactory(alliance__name="Alliance ouverte", organisation=organisation)
    ActorFactory(alliance__name="Alliance fermée", alliance__is_public=False, organisation=organisation)
    ActorFactory(alliance__name="Alliance discrète", organisation=organisation, is_public=False)
    text = read(client, actor)
    assert "Alliance ouverte" in text
    assert "Alliance fermée" not in text
    assert "Alliance discrète" not in text


def test_persons_and_other_spellings_are_for_the_agent_only(client, alliance):
    actor = ActorFactory(alliance=alliance)
    person = PersonFactory(alliance=alliance, name="Camille Fictive", email="camille@exemple.test")
    Mandate.objects.create(actor=actor, person=person, title="Directrice")
    ActorAlias.objects.create(actor=actor, name="Autre graphie", folded="autre graphie")
    private = ("Camille Fictive", "camille@exemple.test", "Autre graphie")
    for reader in (client, signed_in(client, alliance, "member"), signed_in(client, AllianceFactory())):
        assert not any(words in read(reader, actor) for words in private)
    text = read(signed_in(client, alliance), actor)
    assert all(words in text for words in private)


def test_the_agent_adds_an_actor(client, alliance):
    signed_in(client, alliance)
    address = reverse("actors_in:actor_new", args=[alliance.slug])
    response = client.post(address, form(field=["housing"], website="exemple.test"), follow=True)
    actor = Actor.objects.get(alliance=alliance)
    assert "Le Grenier paraît maintenant dans le répertoire." in response.content.decode()
    assert (actor.website, [tag.code for tag in actor.tags.all()]) == ("https://exemple.test", ["housing"])


def test_a_second_actor_of_the_same_name_is_asked_about(client, alliance):
    twin = ActorFactory(alliance=alliance, name="LE GRENIER!")
    signed_in(client, alliance)
    address = reverse("actors_in:actor_new", args=[alliance.slug])
    text = client.post(address, form(mission="Rien n’est perdu")).content.decode()
    assert "Un acteur porte déjà ce nom" in text
    assert twin.get_absolute_url() in text
    assert "Rien n’est perdu" in text
    assert Actor.objects.count() == 1
    client.post(address, form(another="on"))
    assert Actor.objects.count() == 2


def test_bad_input_says_what_to_do_and_loses_nothing(client, alliance):
    signed_in(client, alliance)
    address = reverse("actors_in:actor_new", args=[alliance.slug])
    for values in ({"name": "x" * 301}, {"website": "pas une adresse"}, {"since": "hier"}, {"type": "inconnu"}):
        response = client.post(address, form(mission="À garder", **values))
        assert response.status_code == 200
        assert "À garder" in response.content.decode()
    assert not Actor.objects.exists()


def test_the_agent_changes_and_ends_an_actor(client, alliance):
    actor = ActorFactory(alliance=alliance, name="Avant", since=dt.date(2024, 1, 1))
    signed_in(client, alliance)
    client.post(reverse("actors_in:actor_edit", args=[alliance.slug, actor.uuid]), form(since="2024-01-01"))
    actor.refresh_from_db()
    assert (actor.name, actor.type) == ("Le Grenier", "community")
    address = reverse("actors_in:actor_end", args=[alliance.slug, actor.uuid])
    assert "La fin ne peut pas venir avant" in client.post(address, {"on": "2023-01-01"}).content.decode()
    text = client.post(address, {"on": str(TODAY)}, follow=True).content.decode()
    assert "Ne fait plus partie de l’alliance depuis le" in text


def test_the_agent_gives_and_ends_a_mandate(client, alliance):
    actor, person = ActorFactory(alliance=alliance), PersonFactory(alliance=alliance, name="Camille")
    signed_in(client, alliance)
    address = reverse("actors_in:mandate_give", args=[alliance.slug, actor.uuid])
    client.post(address, {"person": person.pk})
    mandate = Mandate.objects.get()
    assert "parle déjà" in client.post(address, {"person": person.pk}, follow=True).content.decode()
    assert "Choisissez une personne" in client.post(address, {"person": ""}, follow=True).content.decode()
    client.post(reverse("actors_in:mandate_end", args=[alliance.slug, actor.uuid, mandate.uuid]))
    mandate.refresh_from_db()
    assert mandate.until == alliance.today()


@pytest.mark.parametrize("kind", ["member", "evaluator", "elected", "accompanying", "treasurer", "observer"])
def test_others_change_nothing(client, alliance, kind):
    actor = ActorFactory(alliance=alliance, name="Avant")
    signed_in(client, alliance, kind)
    for name in ("actor_edit", "actor_end", "mandate_give"):
        response = client.post(reverse(f"actors_in:{name}", args=[alliance.slug, actor.uuid]), form(on=str(TODAY)))
        assert response.status_code == 403
    assert client.post(reverse("actors_in:actor_new", args=[alliance.slug]), form()).status_code == 403
    actor.refresh_from_db()
    assert (actor.name, actor.until, Actor.objects.count()) == ("Avant", None, 1)


def test_the_same_queries_for_one_table_and_for_thirty(client, alliance, django_assert_max_num_queries):
    counts = []
    for tables in (1, 30):
        actor = ActorFactory(alliance=alliance)
        for _ in range(tables):
            space = SpaceFactory(alliance=alliance)
            SeatFactory(space=space, actor=actor)
            SeatFactory(space=space)
        with django_assert_max_num_queries(20) as captured:
            read(client, actor)
        counts.append(len(captured))
    assert counts[0] == counts[1]
