"""The public pages of territories, and the operator's imports."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maillage.core import contributions, jobs, search
from maillage.core.contributions import Panel
from maillage.core.models import Document, Job
from maillage.territories import selectors, services
from maillage.territories.imports import boundaries, municipalities
from maillage.territories.models import Boundary, BroughtFile, Territory, TerritoryMembership
from tests.factories import TerritoryFactory, UserFactory

TODAY = dt.date(2026, 11, 20)
LIST = "code,nom,classification\n2449058,Drummondville,V\n49048,Saint-Bonaventure,MÉ\n2497912,Lac-Juillet,NO\n"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def square(x: float, y: float) -> dict:
    ring = [[x, y], [x + 0.5, y], [x + 0.5, y + 0.5], [x, y + 0.5], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def shapes(**codes: tuple[float, float]) -> bytes:
    features = [
        {"type": "Feature", "properties": {"cd_code": code[1:]}, "geometry": square(*at)} for code, at in codes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


SHAPES = shapes(c2449=(-72.5, 45.5), c2439=(-72.0, 45.5), c2448=(-73.0, 45.5), c2437=(-72.5, 46.5))


@pytest.fixture
def loaded(db):
    services.load_tree(by=None, via="cli")
    services.apply_municipalities(
        municipalities.plan(*municipalities.read(LIST.encode())), source="Liste", by=None, via="cli"
    )
    services.apply_boundaries(boundaries.plan(*boundaries.read(SHAPES), 2021), source="Carte", by=None, via="cli")


@pytest.fixture
def operator(client, db):
    user = UserFactory(is_operator=True)
    client.force_login(user, backend=BACKEND)
    return user


def page(client, slug: str) -> str:
    response = client.get(f"/territoires/{slug}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_index_says_the_official_counts(client, loaded):
    TerritoryFactory(kind="region", name="Région fictive", slug="region-fictive")
    text = client.get("/territoires/").content.decode()
    assert "17 régions administratives." in text
    assert "87 MRC et 17 territoires équivalents à une MRC." in text
    assert text.count("<details>") == 17
    assert "Région fictive" in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox' in text


def test_the_index_without_the_tree_says_how_to_load_it(client, db):
    assert "maillage import territories" in client.get("/territoires/").content.decode()


@pytest.mark.parametrize(
    ("query", "slug"),
    [("drummond", "mrc-drummond"), ("ILE D'ORLEANS", "mrc-l-ile-d-orleans"), ("Robert-Cliche", "mrc-beauce-centre"),
     ("2449058", "drummondville"), ("372", "mrc-les-chenaux")],
)  # fmt: skip
def test_search_by_part_of_a_name_a_former_name_or_a_code(client, loaded, query, slug):
    text = client.get("/territoires/", {"q": query}).content.decode()
    assert f'href="/territoires/{slug}/"' in text


def test_search_that_finds_nothing_says_what_to_try(client, loaded):
    assert "sans accents" in client.get("/territoires/", {"q": "zzz"}).content.decode()


def test_an_empty_search_says_so(client, loaded):
    assert client.get("/territoires/", {"q": " "}).status_code == 200


def test_a_long_search_is_paginated(client, db, django_assert_num_queries):
    for number in range(70):
        TerritoryFactory(name=f"Lieu {number:02}", slug=f"lieu-{number}")
    text = client.get("/territoires/", {"q": "lieu"}).content.decode()
    assert "70 territoires trouvés" in text
    assert "Lieu 69" not in text
    assert "Lieu 69" in client.get("/territoires/", {"q": "lieu", "page": 2}).content.decode()


def test_a_page_tells_codes_dates_parents_children_and_sources(client, loaded):
    text = page(client, "mrc-brome-missisquoi")
    assert "Jusqu’au 8\u00a0juillet 2021" in text
    assert "Depuis le 8\u00a0juillet 2021" in text
    assert "2446" in text
    assert "communiqué du 8 juillet 2021" in text
    drummond = page(client, "mrc-drummond")
    assert "2 municipalités." in drummond
    assert 'href="/territoires/drummondville/"' in drummond
    assert "Limites de 2021\N{NO-BREAK SPACE}: Carte." in drummond


def test_a_former_name_is_shown_with_its_end(client, loaded):
    text = page(client, "mrc-beauce-centre")
    assert "Robert-Cliche, Jusqu’au 30 juillet 2022" in text or "Robert-Cliche" in text


def test_who_shares_a_border(client, loaded):
    text = page(client, "mrc-drummond")
    touching = text[text.index("Touche à") :][:400]
    assert "Acton" in touching
    assert "Arthabaska" in touching


def test_a_municipality_shows_its_mrc_on_the_map(client, loaded):
    text = page(client, "drummondville")
    assert "En couleur\N{NO-BREAK SPACE}: Drummond." in text
    assert text.count("here-place") == 1
    assert "Drummond, Centre-du-Québec." in text


def test_what_is_to_be_decided_is_said_on_both_pages(client, loaded):
    assert "La MRC est à préciser" in page(client, "lac-juillet")
    assert "Lac-Juillet" in page(client, "region-cote-nord").split("MRC à préciser")[1]


def test_a_joined_division_says_what_it_joins_and_lies_under_its_mrc(client, loaded):
    text = page(client, "division-francheville")
    assert "Les Chenaux" in text.split("Ce que cette division réunit")[1]
    mauricie = page(client, "region-mauricie")
    assert "<circle" in mauricie
    assert "dont la limite n’est pas connue ici" in mauricie
    assert "6 municipalités régionales" not in mauricie
    assert "Francheville" not in mauricie.split('class="map-list"')[1].split("</ol>")[0]


def test_the_page_is_complete_in_english(client, loaded):
    text = client.get("/en/territoires/mrc-drummond/").content.decode()
    assert "Shares a border with" in text
    assert "Official codes" in text


@pytest.mark.parametrize("slug", ["quebec", "region-centre-du-quebec", "mrc-drummond", "drummondville"])
def test_few_queries_whatever_the_instance_holds(client, loaded, django_assert_max_num_queries, slug):
    region = Territory.objects.get(slug="region-centre-du-quebec")
    for number in range(50):
        place = TerritoryFactory(kind="municipality", name=f"Ajout {number}", slug=f"ajout-{number}")
        TerritoryMembership.objects.create(child=place, parent=region, source="Essai")
    with django_assert_max_num_queries(20):
        page(client, slug)
    with django_assert_max_num_queries(12):
        client.get("/territoires/")


def test_other_rooms_say_what_they_know_of_a_territory(client, loaded):
    def covering(scope, viewer, today, *, page, subject=None):
        if page == "territory":
            yield Panel("territory", "territories/_map.html", {"map": None})
            seen.append((scope, viewer, subject))

    seen = []
    contributions.panels.providers.append(covering)
    try:
        page(client, "mrc-drummond")
    finally:
        contributions.panels.providers.remove(covering)
    assert seen == [(None, None, Territory.objects.get(slug="mrc-drummond"))]


def test_the_open_data_hold_every_territory_with_its_codes(client, loaded):
    response = client.get("/territoires/territoires.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = {row["adresse"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == Territory.objects.count()
    drummond = rows["mrc-drummond"]
    assert (drummond["lie_a"], drummond["isq-mrc"], drummond["statcan-cd"]) == ("region-centre-du-quebec", "49", "2449")
    assert all(row["source"] for row in rows.values())
    export = next(iter(contributions.exports.collect(None, None, TODAY)))
    assert all(len(row) == len(export.header) for row in export.rows())


def test_search_of_the_instance_finds_territories(loaded):
    hits = search.find("chenaux", kinds=["territory"]).results
    assert [hit.title for hit in hits] == ["Les Chenaux"]
    assert search.find("Robert-Cliche", kinds=["territory"]).results[0].title == "Beauce-Centre"
    assert search.find("drummondville", kinds=["territory"]).total == 1
    before = search.find("mrc", kinds=["territory"]).total
    search.rebuild()
    assert search.find("mrc", kinds=["territory"]).total == before


# --- the operator's imports ---------------------------------------------------------------------------------


def choose(client, data: bytes, name: str, what: str = "municipalities", **more):
    values = {"what": what, "file": SimpleUploadedFile(name, data), "source": "Source d’essai", **more}
    return client.post(reverse("territories:import"), values)


def run_jobs() -> Job:
    job = Job.objects.latest("created_at")
    jobs.execute(job.uuid)
    job.refresh_from_db()
    return job


def test_a_list_is_shown_then_brought_in_by_a_task(client, operator, db):
    services.load_tree(by=None, via="cli")
    shown = client.get(choose(client, LIST.encode(), "liste.csv").url)
    text = shown.content.decode()
    assert "Drummondville" in text
    assert "MRC à préciser" in text
    assert not Territory.objects.filter(slug="drummondville").exists()
    started = client.post(shown.wsgi_request.path)
    assert started.status_code == 302
    job = run_jobs()
    assert job.state == Job.State.DONE, job.error
    assert "3 ajoutés" in job.result["message"]
    assert Territory.objects.get(slug="drummondville").source == "Source d’essai"
    assert not BroughtFile.objects.exists()
    assert not Document.objects.exists()


def test_boundaries_are_shown_then_brought_in(client, operator, db):
    services.load_tree(by=None, via="cli")
    shown = client.get(choose(client, SHAPES, "limites.geojson", "boundaries", vintage=2021).url)
    assert "Francheville" in shown.content.decode()
    client.post(shown.wsgi_request.path)
    assert run_jobs().state == Job.State.DONE
    assert Boundary.objects.filter(vintage=2021).count() == 4
    again = client.get(choose(client, SHAPES, "limites.geojson", "boundaries", vintage=2021).url)
    assert "Il n’y a rien à importer" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "what", "sentence"),
    [
        ("liste.csv", b"Ville,Population\nDrummondville,79000\n", "municipalities", "colonne de codes"),
        ("limites.geojson", b"bonjour", "boundaries", "GeoJSON"),
        ("image.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "municipalities", ""),
    ],
)
def test_a_bad_file_says_what_to_do_and_keeps_what_was_typed(client, operator, db, name, data, what, sentence):
    services.load_tree(by=None, via="cli")
    response = choose(client, data, name, what, vintage=2021)
    text = response.content.decode()
    assert response.status_code == 400
    assert sentence in text
    assert "Source d’essai" in text
    assert not Document.objects.exists()


def test_boundaries_need_their_year(client, operator, db):
    assert "Écrivez l’année" in choose(client, SHAPES, "limites.geojson", "boundaries").content.decode()


def test_a_file_no_longer_kept_sends_back_to_the_choice(client, operator, db):
    services.load_tree(by=None, via="cli")
    address = choose(client, LIST.encode(), "liste.csv").url
    Document.objects.update(expires_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert client.get(address).url == reverse("territories:import")


def test_a_task_started_by_who_is_no_longer_operator_is_refused(client, operator, db):
    services.load_tree(by=None, via="cli")
    client.post(choose(client, LIST.encode(), "liste.csv").url)
    operator.is_operator = False
    operator.save()
    job = run_jobs()
    assert job.state == Job.State.FAILED
    assert "exploite" in job.error
    assert not Territory.objects.filter(slug="drummondville").exists()


def test_the_operator_places_what_no_list_could(client, operator, loaded):
    assert "Situer dans cette MRC" in page(client, "lac-juillet")
    caniapiscau = Territory.objects.get(slug="mrc-caniapiscau")
    address = reverse("territories:place", args=["lac-juillet"])
    refused = client.post(address, {"parent": Territory.objects.get(slug="mrc-drummond").pk, "source": "x"})
    assert refused.status_code == 400
    client.post(address, {"parent": caniapiscau.pk, "source": "Carte de la MRC"})
    assert selectors.line(Territory.objects.get(slug="lac-juillet"), TODAY)[-1] == caniapiscau
    assert client.post(address, {"parent": caniapiscau.pk, "source": "x"}).status_code == 302
    assert "à préciser" not in page(client, "lac-juillet")


def test_nobody_else_sees_the_form_nor_posts_to_it(client, loaded):
    client.force_login(UserFactory(), backend=BACKEND)
    assert "Situer dans cette MRC" not in page(client, "lac-juillet")
    answer = client.post(reverse("territories:place", args=["lac-juillet"]), {"parent": 1, "source": "x"})
    assert answer.status_code == 403
    assert choose(client, LIST.encode(), "liste.csv").status_code == 403


def test_an_empty_file_is_answered_with_what_to_do(client, operator, db):
    empty = SimpleUploadedFile("limites.geojson", b"")
    data = {"what": "boundaries", "vintage": "2021", "source": "x", "file": empty}
    answer = client.post("/territoires/importer/", data)
    assert answer.status_code == 400
    assert "Ce fichier est vide. Choisissez-en un autre." in answer.content.decode()
