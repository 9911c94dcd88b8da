import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from maillage.actors import indexing
from maillage.actors.models import ActorAlias, ActorField
from maillage.alliances.models import Term
from maillage.concertation.directory import Directory
from tests.factories import ActorFactory, AllianceFactory, SeatFactory, SpaceFactory, signed_in

pytestmark = pytest.mark.django_db

YESTERDAY = dt.date(2026, 1, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


def page(client, alliance, **asked):
    return client.get(reverse("concertation_in:directory", args=[alliance.slug]), asked)


def names(response):
    return [line["actor"].name for line in response.context["lines"]]


def test_anyone_reads_the_directory_in_french(client, alliance):
    ActorFactory(alliance=alliance, name="Toit-Rivière", type="community")
    response = page(client, alliance)
    text = response.content.decode()
    assert "1 acteur prend part à l’alliance." in text
    assert "Organisme communautaire" in text
    assert names(response) == ["Toit-Rivière"]


def test_it_is_in_english_too(client, alliance):
    ActorFactory(alliance=alliance, name="Toit-Rivière", type="community")
    text = client.get(f"/en/{alliance.slug}/acteurs/").content.decode()
    assert "1 actor takes part in the alliance." in text
    assert "Community organisation" in text


def test_names_sort_without_their_accents(client, alliance):
    for name in ("Zénith", "Écluse", "Avenue", "École"):
        ActorFactory(alliance=alliance, name=name)
    assert names(page(client, alliance)) == ["Avenue", "Écluse", "École", "Zénith"]


def test_search_folds_accents_finds_other_spellings_and_needs_every_word(client, alliance):
    house = ActorFactory(alliance=alliance, name="Maison des jeunes L’Œuf")
    ActorFactory(alliance=alliance, name="Maison de la famille")
    ActorAlias.objects.create(actor=house, name="MDJ", folded="mdj")
    for asked in ("oeuf", "MAISON jeune", "mdj", "l'œuf"):
        assert names(page(client, alliance, q=asked)) == ["Maison des jeunes L’Œuf"], asked
    assert names(page(client, alliance, q="maison inconnue")) == []


def test_search_also_finds_by_mission_and_by_stem(client, alliance):
    found = ActorFactory(alliance=alliance, name="Le Relais", mission="Nous aidons les locataires.")
    indexing.put([found, ActorFactory(alliance=alliance, name="Autre")])
    assert names(page(client, alliance, q="locataire")) == ["Le Relais"]


def test_each_filter_keeps_what_it_says(client, alliance):
    table, other = SpaceFactory(alliance=alliance, name="Logement"), SpaceFactory(alliance=alliance, name="Emploi")
    both = ActorFactory(alliance=alliance, name="Les deux", type="business")
    one = ActorFactory(alliance=alliance, name="Une seule")
    ActorFactory(alliance=alliance, name="Aucune")
    for space in (table, other):
        SeatFactory(space=space, actor=both)
    SeatFactory(space=table, actor=one)
    ActorField.objects.create(actor=one, scheme="field", code="housing")
    assert names(page(client, alliance, type="business")) == ["Les deux"]
    assert names(page(client, alliance, espace=str(other.uuid))) == ["Les deux"]
    assert names(page(client, alliance, espace=str(table.uuid))) == ["Les deux", "Une seule"]
    assert names(page(client, alliance, plusieurs="1")) == ["Les deux"]
    assert names(page(client, alliance, domaine="housing")) == ["Une seule"]
    assert names(page(client, alliance, domaine="housing", type="business")) == []


def test_a_local_word_also_counts_as_the_fixed_one(client, alliance):
    Term.objects.create(scheme="field", code="itinerance", fr="itinérance", alliance=alliance, counts_as="housing")
    actor = ActorFactory(alliance=alliance, name="Le Toit")
    ActorField.objects.create(actor=actor, scheme="field", code="itinerance")
    ActorField.objects.create(actor=actor, scheme="field", code="housing")
    assert names(page(client, alliance, domaine="housing")) == ["Le Toit"]
    response = page(client, alliance, domaine="itinerance")
    assert names(response) == ["Le Toit"]
    # Tagged with both, it is still one actor.
    assert "Logement · 1" in response.content.decode()


def test_the_counts_of_a_filter_are_made_on_what_the_others_keep(client, alliance):
    table = SpaceFactory(alliance=alliance, name="Logement")
    for type_ in ("business", "business", "community"):
        SeatFactory(space=table, actor=ActorFactory(alliance=alliance, type=type_))
    ActorFactory(alliance=alliance, type="community")
    text = page(client, alliance, espace=str(table.uuid), type="business").content.decode()
    assert "Entreprise · 2" in text
    assert "Organisme communautaire · 1" in text
    assert "Logement · 2" in text


def test_a_filter_that_means_nothing_is_left_out(client, alliance):
    ActorFactory(alliance=alliance, name="Toit")
    for asked in ({"type": "x"}, {"espace": "x"}, {"domaine": "x"}, {"page": "x"}, {"page": "999"}):
        assert names(page(client, alliance, **asked)) == ["Toit"], asked
    assert names(page(client, alliance, espace="9e2b3c1c-6f2c-4a51-8d4d-7b8c51c8a001")) == []


def test_letters_lead_to_the_page_they_begin_on(client, alliance):
    for number in range(31):
        ActorFactory(alliance=alliance, name=f"Abri {number:02}")
    ActorFactory(alliance=alliance, name="Élan")
    ActorFactory(alliance=alliance, name="3 Rangs")
    text = page(client, alliance).content.decode()
    assert '<a href="?page=3">E</a>' in text
    assert '<a href="?page=1">#</a>' in text
    assert "Élan" in names(page(client, alliance, page="3"))


def test_what_is_not_public_ended_or_absorbed_is_not_listed(client, alliance):
    kept = ActorFactory(alliance=alliance, name="Visible")
    ActorFactory(alliance=alliance, name="Refuge", is_public=False)
    ActorFactory(alliance=alliance, name="Partie", until=YESTERDAY)
    ActorFactory(alliance=alliance, name="Absorbée", merged_into=kept)
    ActorFactory(name="Ailleurs")
    assert names(page(client, alliance)) == ["Visible"]


@pytest.mark.parametrize(("kind", "sees"), [("agent", True), ("member", False), ("observer", False)])
def test_only_the_agent_sees_what_is_not_public(client, alliance, kind, sees):
    ActorFactory(alliance=alliance, name="Refuge", is_public=False)
    signed_in(client, alliance, kind)
    assert names(page(client, alliance)) == (["Refuge"] if sees else [])
    assert names(page(client, alliance, q="refuge")) == (["Refuge"] if sees else [])


def test_seats_at_private_spaces_are_not_counted_in_public(client, alliance):
    actor = ActorFactory(alliance=alliance, name="Toit")
    SeatFactory(space=SpaceFactory(alliance=alliance, name="Ouverte"), actor=actor)
    hidden = SeatFactory(space=SpaceFactory(alliance=alliance, name="Fermée", is_public=False), actor=actor)
    assert names(page(client, alliance, plusieurs="1")) == []
    assert "Fermée" not in page(client, alliance).content.decode()
    assert names(page(client, alliance, espace=str(hidden.space.uuid))) == []


def test_the_file_holds_what_is_filtered(client, alliance):
    table = SpaceFactory(alliance=alliance, name="Logement")
    SeatFactory(space=table, actor=ActorFactory(alliance=alliance, name="=cmd|' /C calc'!A0", type="business"))
    ActorFactory(alliance=alliance, name="Autre")
    address = reverse("concertation_in:directory_file", args=[alliance.slug, "csv"])
    response = client.get(address, {"type": "business"})
    assert response["Content-Disposition"] == 'attachment; filename="acteurs-rivieres.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Nom", "Type"]
    assert rows[1][:4] == ["'=cmd|' /C calc'!A0", "Entreprise", "", "Logement"]
    assert len(rows) == 2
    book = client.get(reverse("concertation_in:directory_file", args=[alliance.slug, "xlsx"]))
    assert book.content.startswith(b"PK")
    assert client.get(reverse("concertation_in:directory_file", args=[alliance.slug, "pdf"])).status_code == 404


def test_an_empty_alliance_says_so(client, alliance):
    assert "Pas encore d’acteur" in page(client, alliance).content.decode()
    ActorFactory(alliance=alliance)
    assert "Aucun acteur ne répond à ces filtres" in page(client, alliance, q="zzz").content.decode()


def fill(alliance, count):
    space = SpaceFactory(alliance=alliance)
    second = SpaceFactory(alliance=alliance)
    for _ in range(count):
        actor = ActorFactory(alliance=alliance, name=f"Maison {_}")
        SeatFactory(space=space, actor=actor)
        SeatFactory(space=second, actor=actor)
        ActorField.objects.create(actor=actor, scheme="field", code="housing")


@pytest.mark.parametrize("who", [None, "agent"])
@pytest.mark.parametrize("asked", [{}, {"q": "maison", "domaine": "housing", "plusieurs": "1", "type": "unspecified"}])
def test_the_same_queries_for_one_actor_and_for_fifty(client, django_assert_max_num_queries, asked, who):
    few, many = AllianceFactory(), AllianceFactory()
    fill(few, 31), fill(many, 80)
    counts = []
    for alliance in (few, many):
        if who:
            signed_in(client, alliance, who)
        page(client, alliance, **asked)
        # The agent’s menu asks a few more: what waits, where their role lets them go.
        with django_assert_max_num_queries(24 if who else 20) as captured:
            page(client, alliance, **asked)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_lists_of_a_directory_do_not_need_a_request(alliance):
    ActorFactory(alliance=alliance, type="business")
    directory = Directory(alliance, alliance.today(), False, {}, {"type": "business"})
    assert directory.types == {"business": 1}
    assert directory.several_count() == 0
