import datetime as dt
import json

import pytest
from django.urls import reverse

from maillage.actors import indexing, services
from maillage.actors.models import (
    Actor,
    ActorAlias,
    ActorField,
    ActorMerge,
    Mandate,
    NotDuplicate,
)
from maillage.alliances.models import AllianceTerritory
from maillage.concertation.models import Seat
from maillage.core import contributions, search
from maillage.core.contributions import ReportFigure, ReportTable
from tests.factories import (
    ActorFactory,
    AllianceFactory,
    PersonFactory,
    SeatFactory,
    SpaceFactory,
    TerritoryFactory,
    user_with,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 20)
PAST = dt.date(2025, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(name="Alliance des Rivières")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


def panels(alliance, viewer, page, subject=None):
    found = contributions.panels.collect(alliance, viewer, TODAY, page=page, subject=subject)
    return [panel for panel in found if panel.template.startswith("concertation/")]


def only(found, key):
    return next(item for item in found if item.key == key)


def seated(alliance, *types):
    space = SpaceFactory(alliance=alliance)
    for type_ in types:
        SeatFactory(space=space, actor=ActorFactory(alliance=alliance, type=type_))
    return space


# Pages


def test_the_home_shows_the_woven_picture_and_who_takes_part(client, alliance):
    seated(alliance, "community", "citizens")
    ActorFactory(alliance=alliance, name="Sans siège")
    page = client.get(alliance.get_absolute_url()).content.decode()
    assert 'class="weave' in page
    assert "Qui participe" in page
    [hero] = panels(alliance, None, "home.hero")
    assert hero.context["picture"].total == 3
    [home] = panels(alliance, None, "home")
    assert (home.context["total"], home.context["spaces"], home.context["several"]) == (3, 1, 0)


def test_the_home_of_an_empty_alliance_has_no_picture(alliance):
    assert panels(alliance, None, "home.hero") == panels(alliance, None, "home") == []


def test_nothing_private_is_in_the_picture_even_for_the_agent(alliance, agent):
    space = seated(alliance, "community")
    SeatFactory(space=space, actor=ActorFactory(alliance=alliance, is_public=False))
    [hero] = panels(alliance, agent, "home.hero")
    assert hero.context["picture"].total == 1


def test_who_is_missing_is_for_the_agent_and_counts_by_type(client, alliance, agent):
    seated(alliance, "community", "community", "unspecified")
    assert panels(alliance, None, "pilotage.main") == []
    assert panels(alliance, user_with(alliance, "member"), "pilotage.main") == []
    [panel] = panels(alliance, agent, "pilotage.main")
    assert panel.context["rows"][0].by_type == {"community": 2, "unspecified": 1}
    assert "citizens" in panel.context["absent"]
    assert "social-economy" not in panel.context["types"]
    client.force_login(agent, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("alliances_in:pilotage", args=[alliance.slug])).content.decode()
    assert "Qui manque à la table?" in page


def test_the_grid_of_many_spaces_is_bounded_and_says_what_it_leaves(alliance, agent):
    for _ in range(15):
        seated(alliance, "community")
    [panel] = panels(alliance, agent, "pilotage.main")
    assert (len(panel.context["rows"]), panel.context["left"]) == (12, 3)


def test_a_territory_names_the_open_alliances_that_cover_it(client, alliance):
    place = TerritoryFactory()
    for covering in (alliance, AllianceFactory(is_public=False, name="Fermée")):
        AllianceTerritory.objects.create(alliance=covering, territory=place)
    seated(alliance, "community")
    [panel] = panels(None, None, "territory", place)
    lines = [(line["alliance"], line["actors"], line["spaces"]) for line in panel.context["lines"]]
    assert lines == [(alliance, 1, 1)]
    assert "1 espace de concertation" in client.get(place.get_absolute_url()).content.decode()


# Work


def test_what_waits_for_the_agent(alliance, agent):
    seated(alliance, "unspecified")
    empty = SpaceFactory(alliance=alliance, name="Table vide")
    found = list(contributions.todo.collect(alliance, agent, TODAY))
    assert only(found, "actors-unspecified").title == "1 acteur n’a pas encore de type"
    assert only(found, f"space-empty-{empty.uuid}").title == "Table vide n’a aucun membre"
    for other in (None, user_with(alliance, "member"), user_with(AllianceFactory())):
        keys = [todo.key for todo in contributions.todo.collect(alliance, other, TODAY)]
        assert not any(key.startswith(("actors-", "space-")) for key in keys)


def test_the_memory_tells_of_spaces_and_of_arrivals_by_month(alliance, agent):
    space = SpaceFactory(alliance=alliance, name="Table Emploi", since=PAST, until=dt.date(2026, 6, 30))
    SpaceFactory(alliance=alliance, name="Interne", since=PAST, is_public=False)
    for day in (dt.date(2026, 3, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 1)):
        ActorFactory(alliance=alliance, since=day)
    ActorFactory(alliance=alliance)
    ActorFactory(alliance=alliance, since=dt.date(2027, 1, 1))
    told = {entry.title: entry for entry in contributions.timeline.collect(alliance, None, TODAY, limit=20)}
    assert told["Table Emploi commence"].on == PAST
    assert told["Table Emploi se termine"].url == space.get_absolute_url()
    assert told["2 acteurs se joignent à l’alliance"].precision == "month"
    assert told["1 acteur se joint à l’alliance"].on == dt.date(2026, 4, 1)
    assert not any("Interne" in title for title in told)
    assert any("Interne" in entry.title for entry in contributions.timeline.collect(alliance, agent, TODAY, limit=20))


def test_the_menu_leads_to_the_three_pages(alliance, agent):
    public = [item.label for item in contributions.navigation.collect(alliance, None, TODAY) if item.area == "public"]
    assert {"Acteurs", "Espaces", "Qui fait quoi"} <= set(public)
    inside = [item for item in contributions.navigation.collect(alliance, agent, TODAY) if item.area == "workspace"]
    assert "Acteurs" in [item.label for item in inside]


# Open data, the account, search


def test_open_data_holds_what_is_public_and_rows_as_long_as_the_header(alliance, agent):
    space = seated(alliance, "community")
    SeatFactory(space=space, actor=ActorFactory(alliance=alliance, name="Refuge", is_public=False))
    found = [
        table
        for table in contributions.exports.collect(alliance, agent, TODAY)
        if table.name in {"actors", "spaces", "seats"}
    ]
    assert len(found) == 3
    for table in found:
        rows = [list(row) for row in table.rows()]
        assert [len(row) for row in rows] == [len(table.header)]
        assert "Refuge" not in str(rows)


def test_the_account_has_members_spaces_and_who_links_them(alliance):
    one, two = seated(alliance, "community", "business"), SpaceFactory(alliance=alliance)
    link = ActorFactory(alliance=alliance, name="Le Pont", type="group")
    for space in (one, two):
        SeatFactory(space=space, actor=link)
    sections = {section.key: section for section in contributions.report.collect(alliance, None, TODAY)}
    figure = next(block for block in sections["members-by-type"].blocks if isinstance(block, ReportFigure))
    assert "var(" not in figure.svg
    assert "3 membres" in figure.alt
    table = next(block for block in sections["members-by-type"].blocks if isinstance(block, ReportTable))
    assert sum(row[1] for row in table.rows) == 3
    [_words, table] = sections["several-tables"].blocks
    assert [list(row) for row in table.rows] == [["Le Pont", "Regroupement", 2]]
    assert "2 espaces se réunissent." in sections["spaces"].blocks[0]


def test_the_account_of_an_empty_alliance_leaves_these_sections_out(alliance):
    keys = {section.key for section in contributions.report.collect(alliance, None, TODAY)}
    assert not keys & {"members-by-type", "spaces", "several-tables"}


def test_search_finds_actors_by_their_other_spellings_and_spaces_by_their_purpose(alliance, agent):
    actor = services.create_actor(alliance=alliance, name="CIUSSS des Rangs", by=agent, aliases=["CLSC des Rangs"])
    services.create_actor(alliance=alliance, name="Refuge des Rangs", by=agent, is_public=False)
    space = SpaceFactory(alliance=alliance, name="Table Logement", purpose="Loger les ménages.")
    ActorFactory(alliance__is_public=False, name="Fermé des Rangs")
    search.rebuild()
    assert [hit.title for hit in search.find("clsc rangs").results] == ["CIUSSS des Rangs"]
    assert [hit.title for hit in search.find("rangs", kinds=["actor"]).results] == ["CIUSSS des Rangs"]
    assert [hit.object_id for hit in search.find("ménage").results] == [str(space.pk)]
    Actor.objects.filter(pk=actor.pk).update(merged_into=ActorFactory(alliance=alliance))
    indexing.put(Actor.objects.filter(pk=actor.pk))
    assert search.find("clsc").total == 0


# Personal data


def test_mandates_are_exported_erased_and_purged(alliance):
    [declared] = [row for row in contributions.personal_data if row.room == "actors"]
    person, other = PersonFactory(alliance=alliance), PersonFactory(alliance=alliance)
    for whom, until in ((person, None), (person, PAST), (other, dt.date(2020, 1, 1))):
        Mandate.objects.create(person=whom, actor=ActorFactory(alliance=alliance, name="Le Toit"), until=until)
    assert "Le Toit" in json.dumps(declared.export(person))
    assert declared.purge(TODAY) == 1
    assert declared.erase(person) == 2
    assert not Mandate.objects.exists()


# Merges


def declared_merges():
    own = ("actors.", "concertation.")
    return [merge for merge in contributions.merge if merge.target == "actor" and merge.model.startswith(own)]


def test_every_foreign_key_to_an_actor_has_its_merge():
    linked = {
        (relation.related_model._meta.label_lower, relation.field.name)
        for relation in Actor._meta.get_fields(include_hidden=True)
        if relation.one_to_many and relation.auto_created
    }
    declared = {
        (merge.model, field) for merge in contributions.merge if merge.target == "actor" for field in merge.fields
    }
    assert linked <= declared


def everything():
    """Every row that a merge may touch, as it is."""
    models = (Seat, Mandate, ActorField, NotDuplicate, ActorMerge)
    rows = {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {"aliases": list(ActorAlias.objects.order_by("name").values("actor_id", "name"))}


def test_a_merge_moves_what_the_kept_one_lacks_and_is_undone_exactly(alliance):
    kept, absorbed, third = (ActorFactory(alliance=alliance, name=name) for name in ("Le Toit", "Toit (Le)", "Autre"))
    shared, only_absorbed = SpaceFactory(alliance=alliance), SpaceFactory(alliance=alliance)
    own = SeatFactory(space=shared, actor=kept, category="Membres")
    SeatFactory(space=shared, actor=absorbed, category="Partenaires")
    SeatFactory(space=only_absorbed, actor=absorbed)
    person = PersonFactory(alliance=alliance)
    for actor in (kept, absorbed):
        Mandate.objects.create(person=person, actor=actor, since=PAST)
        ActorField.objects.create(actor=actor, scheme="field", code="housing")
    ActorField.objects.create(actor=absorbed, scheme="field", code="health")
    ActorAlias.objects.create(actor=absorbed, name="Toit", folded="toit")
    NotDuplicate.objects.create(first=absorbed, second=third)
    before = everything()
    traces = [json.loads(json.dumps(merge.apply(kept, absorbed))) for merge in declared_merges()]
    assert set(kept.seats.values_list("space", flat=True)) == {shared.pk, only_absorbed.pk}
    assert kept.seats.get(space=shared) == own
    assert {tag.code for tag in kept.tags.all()} == {"housing", "health"}
    assert {alias.name for alias in kept.aliases.all()} == {"Toit", "Toit (Le)"}
    assert kept.mandates.count() == 1
    assert NotDuplicate.objects.filter(first=kept, second=third).exists()
    for merge, trace in zip(declared_merges(), traces, strict=True):
        merge.undo(kept, absorbed, trace)
    assert everything() == before
