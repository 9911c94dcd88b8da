"""Boundaries from GeoJSON: recognised by official codes, refused with a sentence that says what to do."""

import io
import json

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.models import AuditEntry
from maillage.methods.cartography import QUEBEC
from maillage.territories import services
from maillage.territories.imports import boundaries
from maillage.territories.imports.boundaries import BoundaryError
from maillage.territories.models import Boundary, Territory
from tests.factories import UserFactory


def square(x: float, y: float, side: float = 0.5) -> dict:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, geometry: dict | None = None, **properties) -> dict:
    return {
        "type": "Feature",
        "properties": {"cd_code": code, **properties},
        "geometry": geometry if geometry is not None else square(-72.5, 45.5),
    }


def collection(*features: dict, **more) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


@pytest.fixture
def loaded(db):
    services.load_tree(by=None, via="cli")


def bring(data: bytes, vintage: int = 2021):
    plan = boundaries.plan(*boundaries.read(data), vintage)
    return services.apply_boundaries(plan, source="Carte d’essai", by=None, via="cli")


def test_a_boundary_is_attached_by_its_code_and_drawn_in_quebec_lambert(loaded):
    assert bring(collection(feature("2449"))).created == 1
    row = Boundary.objects.get(territory__slug="mrc-drummond")
    assert row.vintage == 2021
    assert row.geometry == square(-72.5, 45.5)
    corner = [round(value) for value in QUEBEC.project(-72.5, 45.5)]
    assert corner in row.outline[0][0]
    assert len(row.outline[0][0]) == 4


def test_what_is_no_territory_known_here_is_reported_not_attached(loaded):
    plan = boundaries.plan(*boundaries.read(collection(feature("2449"), feature("2424", name="Desjardins"))), 2021)
    assert [each.label for each in plan.unmatched] == ["Desjardins, 2424"]
    assert len(plan.create) == 1


def test_the_same_file_twice_changes_nothing_another_year_is_another_boundary(loaded):
    data = collection(feature("2449"))
    bring(data)
    again = bring(data)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 1)
    assert AuditEntry.objects.filter(action="territories.boundaries_imported").count() == 1
    assert bring(data, vintage=2026).created == 1
    assert Boundary.objects.count() == 2


def test_a_redrawn_boundary_replaces_that_of_its_year(loaded):
    bring(collection(feature("2449")))
    assert bring(collection(feature("2449", square(-72.6, 45.6)))).updated == 1
    assert Boundary.objects.get().geometry == square(-72.6, 45.6)


def test_the_code_may_be_a_number_in_a_list_or_of_another_scheme(loaded):
    shapes = [{"type": "Feature", "properties": {"mrc": [code], "rang": 1}, "geometry": square(-72 - code / 100, 46)}
              for code in (371, 372, 49)]  # fmt: skip
    assert bring(collection(*shapes)).created == 3
    assert Boundary.objects.filter(territory__slug="te-trois-rivieres").exists()


def test_a_self_crossing_outline_and_a_third_dimension_are_accepted(loaded):
    bow = {"type": "Polygon", "coordinates": [[[-72, 45, 9], [-71, 46, 9], [-71, 45, 9], [-72, 46, 9], [-72, 45, 9]]]}
    assert bring(collection(feature("2449", bow))).created == 1


def test_nad83_is_accepted_as_written(loaded):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4269"}}
    assert bring(collection(feature("2449"), crs=crs)).created == 1


METRES = square(420000, 5080000, 1000)
CRS_32188 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32188"}}
REFUSED = {
    "declared projection": (collection(feature("2449", METRES), crs=CRS_32188), "EPSG::32188.*EPSG:4326"),
    "metres, undeclared": (collection(feature("2449", METRES)), "en mètres.*ogr2ogr"),
    "empty crs": (collection(feature("2449"), crs={"type": "name"}), "inconnue"),
    "swapped": (collection(feature("2449", square(45.5, -72.5))), "latitude"),
    "in France": (collection(feature("2449", square(2.3, 48.8))), "Québec.*EPSG:4326"),
    "endless number": (b'{"type": "FeatureCollection", "features": [' + b"9" * 5000 + b"]}", "GeoJSON"),
    "numbers beyond floats": (collection(feature("2449", square(10**400, 10**400, 1))), "lues|polygone"),
    "not json": (b"bonjour", "GeoJSON"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "GeoJSON"),
    "zip": (b"PK\x03\x04" + bytes(100), "GeoJSON"),
    "broken inside": (b'{"type": "FeatureCollection",\n "features": [,]}', "ligne 2"),
    "truncated": (collection(feature("2449"))[:-30], "milieu"),
    "no features": (collection(), "aucune limite"),
    "another object": (b'{"type": "Topology"}', "collection"),
    "a list": (b"[1, 2]", "collection"),
    "utf-16": (collection(feature("2449")).decode().encode("utf-16"), "UTF-16"),
    "latin-1": ('{"type": "FeatureCollection", "nom": "Québec"}'.encode("latin-1"), "UTF-8"),
    "not a number": (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN"),
    "too deep": (b'{"a":' * 100_000, "GeoJSON"),
    "no code": (collection(feature("zz", nom="Ailleurs")), "cd_code, nom"),
    "only points": (collection(feature("2449", {"type": "Point", "coordinates": [-72, 45]})), "polygone"),
}


@pytest.mark.parametrize("data", [data for data, _ in REFUSED.values()], ids=list(REFUSED))
def test_a_bad_file_gets_a_sentence_and_leaves_everything_as_it_was(loaded, data, request):
    sentence = REFUSED[request.node.callspec.id][1]
    with pytest.raises(BoundaryError, match=f"(?s){sentence}"):
        bring(data)
    assert not Boundary.objects.exists()


def test_too_heavy(loaded, monkeypatch, tmp_path):
    monkeypatch.setattr(boundaries, "MAX_BYTES", 100)
    heavy = tmp_path / "lourd.geojson"
    heavy.write_bytes(collection(feature("2449")))
    for source in (heavy, heavy.read_bytes(), io.BytesIO(heavy.read_bytes())):
        with pytest.raises(BoundaryError, match="QGIS"):
            boundaries.read(source)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "Polygon", "coordinates": []}, "vide"),
        ({"type": "Point", "coordinates": [-72, 45]}, "Point"),
        ({"type": "Polygon", "coordinates": [[[-72, 45], [-71, 45], [-72, 45]]]}, "quatre"),
        ({"type": "Polygon", "coordinates": [[[-72, 45], [-71, 45], [-71, 46], [-70, 46]]]}, "ferme"),
        ({"type": "Polygon", "coordinates": [[[-72, 45], ["x", 45], [-71, 46], [-72, 45]]]}, "lues"),
        ({"type": "Polygon", "coordinates": [[[-72, 45], [-71, 95], [-71, 46], [-72, 45]]]}, "Terre"),
        ({"type": "MultiPolygon", "coordinates": [3]}, "lues"),
        ({"type": "Polygon", "coordinates": 3}, "lues"),
    ],
)
def test_one_bad_shape_is_left_aside_with_its_reason(loaded, geometry, reason):
    features, rejected = boundaries.read(collection(feature("2449"), feature("2438", geometry)))
    assert len(features) == 1
    assert (rejected[0].number, rejected[0].text) == (2, "2438")
    assert reason in rejected[0].reason


def test_two_shapes_for_one_territory(loaded):
    plan = boundaries.plan(*boundaries.read(collection(feature("2449"), feature("2449"))), 2021)
    assert len(plan.create) == 1
    assert "Drummond" in plan.rejected[0].reason


@pytest.mark.parametrize("who", [lambda: None, UserFactory])
def test_only_the_operator_brings_in_boundaries_from_a_page(loaded, who):
    plan = boundaries.plan(*boundaries.read(collection(feature("2449"))), 2021)
    with pytest.raises(PermissionDenied):
        services.apply_boundaries(plan, source="x", by=who(), via="web")
    assert not Boundary.objects.exists()


def test_the_real_divisions(loaded, real_data):
    file = real_data / "territories" / "quebec-census-divisions-2021.geojson"
    plan = boundaries.plan(*boundaries.read(file), 2021)
    assert len(plan.create) == 98
    assert plan.unmatched == []
    assert plan.rejected == []
    services.apply_boundaries(plan, source="Statistique Canada, 2021", by=None, via="cli")
    assert Boundary.objects.count() == 98
    held = Boundary.objects.filter(territory__kind__in=["mrc", "te"])
    assert held.count() == 93
    drummond = held.get(territory__slug="mrc-drummond")
    assert set(Territory.objects.filter(pk__in=drummond.touches).values_list("name", flat=True)) == {
        "Acton", "Arthabaska", "Le Val-Saint-François", "Les Maskoutains", "Les Sources", "Nicolet-Yamaska",
        "Pierre-De Saurel"}  # fmt: skip
    assert all(row.outline for row in Boundary.objects.all())
    assert not Boundary.objects.filter(territory__slug="mrc-les-chenaux").exists()
    assert boundaries.plan(*boundaries.read(file), 2021).empty
