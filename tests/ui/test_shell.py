"""The shell of every page: selvage, switcher, menu, language, appearance."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from maillage.accounts.models import User
from maillage.core import contributions
from maillage.core.contributions import NavigationItem
from maillage.ui.context import SWITCHER_LIMIT, Shell
from tests.factories import ActorFactory, AllianceFactory, PersonFactory, RoleFactory, user_with

pytestmark = pytest.mark.django_db


def shell_for(alliance, path="/", user=None) -> Shell:
    request = RequestFactory().get(path)
    request.alliance = alliance
    if user is not None:
        request.user = user
    return Shell(request)


def test_the_selvage_is_the_real_composition(client):
    alliance = AllianceFactory()
    for code, count in (("municipality", 1), ("community", 2)):
        ActorFactory.create_batch(count, alliance=alliance, type=code)
    ActorFactory(alliance=alliance, type="business", is_public=False)
    ActorFactory(alliance=alliance, type="group", until=dt.date(2020, 1, 1))
    ActorFactory(type="foundation")
    page = client.get(alliance.get_absolute_url()).content.decode()
    selvage = page[page.index("lisiere") : page.index("</div>", page.index("lisiere"))]
    assert selvage.count("<i ") == 2
    assert selvage.index('data-type="1" style="--n:2"') < selvage.index('data-type="3" style="--n:1"')


def test_an_alliance_without_actors_has_a_bare_selvage(client):
    page = client.get(AllianceFactory().get_absolute_url()).content.decode()
    assert 'class="lisiere bare"' in page


def test_the_switcher_lists_twelve_at_most_in_two_queries(django_assert_max_num_queries):
    parent = AllianceFactory(scale="regional", short_name="Région")
    sisters = AllianceFactory.create_batch(20, parent=parent)
    user = RoleFactory(person__alliance=AllianceFactory(short_name="À moi", is_public=False)).person.user
    with django_assert_max_num_queries(2):
        places = shell_for(sisters[0], user=user).places
    assert len(places) == SWITCHER_LIMIT
    assert [place.label for place in places[:3]] == ["À moi", sisters[0].short_name, "Région"]
    assert [place.label for place in places if place.current] == [sisters[0].short_name]


def test_the_switcher_hides_what_is_not_open_and_what_an_ended_role_gave():
    parent = AllianceFactory(scale="regional")
    alliance = AllianceFactory(parent=parent)
    closed = AllianceFactory(parent=parent, is_public=False)
    user = RoleFactory(person__alliance=closed, until=dt.date(2024, 2, 1)).person.user
    for viewer in (None, user):
        assert closed.short_name not in [place.label for place in shell_for(alliance, user=viewer).places]


@pytest.fixture
def navigation(monkeypatch):
    items: list[NavigationItem] = []
    monkeypatch.setattr(contributions.navigation, "providers", [lambda scope, viewer, today: items])
    return items


def test_the_menu_marks_where_one_is(navigation):
    alliance = AllianceFactory(slug="ici")
    navigation += [
        NavigationItem("Acteurs", "/ici/acteurs/", order=20),
        NavigationItem("Accueil", "/ici/", order=10),
        NavigationItem("Journal", "/ici/journal/", area="workspace", group="Comprendre", order=90),
        NavigationItem("Semaine", "/ici/pilotage/", area="workspace", group="Piloter", order=10, count=3),
    ]
    menu = shell_for(alliance, "/ici/acteurs/").menu
    assert [(entry["label"], entry["current"]) for entry in menu] == [("Accueil", ""), ("Acteurs", "page")]
    deeper = shell_for(alliance, "/ici/acteurs/import/").menu
    assert [entry["current"] for entry in deeper] == ["", "true"]
    side = shell_for(alliance, "/ici/pilotage/").workspace
    assert [(group, [entry["label"] for entry in entries]) for group, entries in side] == [
        ("Piloter", ["Semaine"]),
        ("Comprendre", ["Journal"]),
    ]


def test_a_page_elsewhere_may_belong_to_an_entry(navigation):
    alliance = AllianceFactory(slug="ici")
    navigation += [
        NavigationItem("Semaine", "/ici/pilotage/", order=10),
        NavigationItem("Étapes", "/ici/pilotage/periodes/", order=20, also=["/ici/pilotage/etapes/"]),
    ]
    menu = shell_for(alliance, "/ici/pilotage/etapes/4/").menu
    assert [entry["current"] for entry in menu] == ["", "true"]


def test_the_language_toggle_leads_to_the_same_page(client):
    alliance = AllianceFactory()
    page = client.get(alliance.get_absolute_url()).content.decode()
    assert f'href="/en/{alliance.slug}/" lang="en"' in page
    english = client.get(f"/en/{alliance.slug}/").content.decode()
    assert f'href="/{alliance.slug}/" lang="fr"' in english
    assert '<html lang="en-CA"' in english


def test_no_toggle_where_english_is_not_offered(client):
    page = client.get(AllianceFactory(offers_english=False).get_absolute_url()).content.decode()
    assert 'lang="en"' not in page


def test_the_header_names_who_is_signed_in(client):
    alliance = AllianceFactory()
    user = User.objects.create_user("maude@exemple.test", name="Maude T.")
    PersonFactory(alliance=alliance, user=user)
    assert "Maude T." not in client.get(alliance.get_absolute_url()).content.decode()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Maude T." in client.get(alliance.get_absolute_url()).content.decode()


def test_the_appearance_is_kept_without_account(client):
    page = client.get("/apparence/").content.decode()
    assert 'name="theme"' in page
    assert "data-theme" not in page[: page.index("<body")]
    response = client.post("/apparence/", {"theme": "dark", "next": "/galerie/"})
    assert response.headers["Location"] == "/galerie/"
    assert '<html lang="fr-CA" data-theme="dark">' in client.get("/galerie/").content.decode()
    client.post("/apparence/", {"theme": ""})
    assert '<html lang="fr-CA">' in client.get("/galerie/").content.decode()


@pytest.mark.parametrize("target", ["https://ailleurs.test/", "//ailleurs.test/", "javascript:alert(1)", ""])
def test_the_appearance_never_leads_elsewhere(client, target):
    response = client.post("/apparence/", {"theme": "dark", "next": target})
    assert response.headers["Location"] == "/apparence/"


def test_an_unknown_theme_is_ignored(client):
    client.cookies["maillage_theme"] = '"><script>'
    assert "<script>" not in client.get("/galerie/").content.decode()


def test_a_list_to_choose_from_is_what_django_writes():
    from django import forms
    from django.test.html import parse_html

    from maillage.ui.fields import _Parts, _select

    class Asked(forms.Form):
        kind = forms.ChoiceField(
            choices=[("", "Tous"), ("a&b", "A < B"), ("Groupe", [("c", "C"), ("d", "D")])], required=False
        )

    for given in ({}, {"kind": "a&b"}, {"kind": "d"}, {"kind": "inconnu"}):
        bound = Asked(given)["kind"]
        parts = _Parts(bound, "Une précision")
        ours, theirs = _select(bound, parts), bound.as_widget(attrs=parts.attributes())
        assert parse_html(ours) == parse_html(theirs)


def test_whoever_has_the_side_menu_keeps_it_on_the_pages_of_its_entries(navigation):
    alliance = AllianceFactory(slug="ici")
    navigation += [
        NavigationItem("Rencontres", "/ici/rencontres/", order=10),
        NavigationItem("Mémoire", "/ici/memoire/", order=20),
    ]
    assert not shell_for(alliance, "/ici/rencontres/4/salle/").at_work
    navigation.append(NavigationItem("Rencontres", "/ici/rencontres/", area="workspace", group="Tables", order=10))
    assert shell_for(alliance, "/ici/rencontres/4/salle/").at_work
    assert not shell_for(alliance, "/ici/memoire/").at_work


def test_the_agent_goes_from_table_to_decision_without_losing_the_side_menu(client):
    alliance = AllianceFactory(slug="ici")
    side = 'class="side"'
    pages = ["rencontres/", "decisions/", "enterinements/", "espaces/", "acteurs/", "qui-travaille-avec-qui/"]
    for user, kept in ((user_with(alliance), 1), (user_with(alliance, "member"), 0)):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for page in pages:
            text = client.get(f"/ici/{page}").content.decode()
            assert text.count(side) == kept, page
            assert text.count('id="contenu"') == 1
        assert side not in client.get("/ici/").content.decode()
