"""Municipalities from a list: recognised by their code, placed in their MRC, never guessed."""

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.models import AuditEntry
from maillage.core.tables import TableError
from maillage.territories import services
from maillage.territories.imports import municipalities
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership
from tests.factories import UserFactory

HEADER = "code,nom,classification\n"


@pytest.fixture
def loaded(db):
    services.load_tree(by=None, via="cli")


def planned(text: str):
    return municipalities.plan(*municipalities.read(text.encode(), "liste.csv"))


def bring(text: str):
    return services.apply_municipalities(planned(text), source="Liste d’essai", by=None, via="cli")


def parent(code: str) -> Territory:
    return TerritoryMembership.objects.get(child__codes__scheme="statcan-csd", child__codes__code=code).parent


def test_three_ways_of_writing_a_code(loaded):
    bring(
        HEADER
        + "2449058,Drummondville,V\n49048,Saint-Bonaventure,MÉ\nocd-division/country:ca/csd:2449015,L'Avenir,MÉ\n"
    )
    assert set(TerritoryCode.objects.filter(scheme="statcan-csd").values_list("code", flat=True)) == {
        "2449058", "2449048", "2449015"}  # fmt: skip
    assert parent("2449048").slug == "mrc-drummond"
    assert Territory.objects.get(slug="l-avenir").name == "L’Avenir"


@pytest.mark.parametrize(
    ("code", "mrc"),
    [
        ("2437067", "te-trois-rivieres"),
        ("2437210", "mrc-les-chenaux"),
        ("2494068", "te-saguenay"),
        ("2494926", "mrc-le-fjord-du-saguenay"),
        ("2497007", "mrc-sept-rivieres"),
        ("2497035", "mrc-caniapiscau"),
        ("2498005", "mrc-le-golfe-du-saint-laurent"),
        ("2498040", "mrc-minganie"),
        ("2499025", "te-jamesie"),
        ("2499814", "te-eeyou-istchee"),
        ("2499095", "te-kativik"),
    ],
)
def test_a_split_division_gives_the_right_mrc(loaded, code, mrc):
    bring(HEADER + f"{code},Un nom,V\n")
    assert parent(code).slug == mrc


def test_what_no_source_places_is_put_under_its_region_and_said(loaded):
    plan = planned(HEADER + "2497912,Lac-Juillet,NO\n")
    assert [placed.row.name for placed in plan.undecided] == ["Lac-Juillet"]
    services.apply_municipalities(plan, source="Liste d’essai", by=None, via="cli")
    link = TerritoryMembership.objects.get(child__slug="lac-juillet")
    assert link.parent.slug == "region-cote-nord"
    assert "à préciser" in link.source
    assert AuditEntry.objects.get(action="territories.municipalities_imported").after["undecided"] == ["2497912"]


def test_what_a_person_decided_is_not_undone_by_the_same_list(loaded):
    text = HEADER + "2497912,Lac-Juillet,NO\n"
    bring(text)
    lake = Territory.objects.get(slug="lac-juillet")
    caniapiscau = Territory.objects.get(slug="mrc-caniapiscau")
    services.place(lake, parent=caniapiscau, source="Décision du 20 novembre", by=UserFactory(is_operator=True))
    assert parent("2497912") == caniapiscau
    assert not bring(text).changed
    assert parent("2497912") == caniapiscau


@pytest.mark.parametrize("kind", ["region", "province"])
def test_a_municipality_is_only_placed_in_an_mrc(loaded, kind):
    bring(HEADER + "2497912,Lac-Juillet,NO\n")
    with pytest.raises(ValueError, match="MRC"):
        services.place(
            Territory.objects.get(slug="lac-juillet"), parent=Territory.objects.filter(kind=kind).first(),
            source="", by=UserFactory(is_operator=True),
        )  # fmt: skip


def test_kinds_and_designations(loaded):
    bring(HEADER + "2449058,Drummondville,V\n2497908,Caniapiscau,NO\n2438802,Wôlinak,IRI\n2449999,Ailleurs,ZZ\n")
    kinds = dict(Territory.objects.filter(codes__scheme="statcan-csd").values_list("name", "kind"))
    assert kinds == {"Drummondville": "municipality", "Caniapiscau": "unorganized", "Wôlinak": "nation",
                     "Ailleurs": "municipality"}  # fmt: skip


def test_two_municipalities_of_one_name_have_two_addresses(loaded):
    bring(HEADER + "2426022,Saint-Elzéar,MÉ\n2405050,Saint-Elzéar,MÉ\n")
    slugs = set(Territory.objects.filter(name="Saint-Elzéar").values_list("slug", flat=True))
    assert slugs == {"saint-elzear-26022", "saint-elzear-05050"}


def test_the_address_of_a_page_is_never_taken(loaded):
    bring(HEADER + "2449058,Importer,V\n2449059,Québec,V\n")
    assert set(Territory.objects.filter(codes__scheme="statcan-csd").values_list("slug", flat=True)) == {
        "importer-49058", "quebec-49059"}  # fmt: skip


def test_the_same_list_twice_changes_nothing(loaded):
    text = HEADER + "2449058,Drummondville,V\n2497912,Lac-Juillet,NO\n"
    first, second = bring(text), bring(text)
    assert (first.created, first.updated, first.unchanged) == (2, 0, 0)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 2)
    assert AuditEntry.objects.filter(action="territories.municipalities_imported").count() == 1


def test_a_renamed_municipality_keeps_its_address(loaded):
    bring(HEADER + "2440043,Asbestos,V\n")
    assert bring(HEADER + "2440043,Val-des-Sources,V\n").updated == 1
    place = Territory.objects.get(slug="asbestos")
    assert place.name == "Val-des-Sources"
    assert place.sort_key == "val des sources"


def test_rows_left_aside_say_their_line_and_why(loaded):
    plan = planned(HEADER + "35001,,V\nabc,Nom,V\n2449058,Drummondville,V\n2449058,Encore,V\n24,X,V\n9999999,Y,V\n"
                   + f"2449059,{'x' * 5000},V\n2424001,Z,V\n")  # fmt: skip
    assert [row.line for row in plan.rejected] == [2, 3, 5, 6, 7, 8, 9]
    assert "manque" in plan.rejected[0].reason
    assert "ligne 4" in plan.rejected[2].reason
    assert "200" in plan.rejected[5].reason
    assert "2424" in plan.rejected[6].reason
    assert len(plan.create) == 1


def test_a_list_without_the_two_columns_says_which_ones_it_has(loaded):
    with pytest.raises(TableError, match="Ville, Population"):
        municipalities.read(b"Ville,Population\nDrummondville,79000\n", "liste.csv")


def test_without_the_tree_nothing_is_read_and_it_is_said(db):
    with pytest.raises(TableError, match="maillage import territories"):
        planned(HEADER + "2449058,Drummondville,V\n")


@pytest.mark.parametrize("who", [lambda: None, UserFactory])
def test_only_the_operator_brings_in_a_list_from_a_page(loaded, who):
    plan = planned(HEADER + "2449058,Drummondville,V\n")
    with pytest.raises(PermissionDenied):
        services.apply_municipalities(plan, source="x", by=who(), via="web")
    assert not Territory.objects.filter(slug="drummondville").exists()


def test_nothing_is_written_when_the_end_fails(loaded, monkeypatch):
    plan = planned(HEADER + "2449058,Drummondville,V\n")
    monkeypatch.setattr(services.audit, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.apply_municipalities(plan, source="x", by=None, via="cli")
    assert not Territory.objects.filter(slug="drummondville").exists()


def test_as_many_queries_for_one_row_as_for_many(loaded, django_assert_num_queries):
    with django_assert_num_queries(5):
        planned(HEADER + "2449058,Drummondville,V\n")
    with django_assert_num_queries(5):
        planned(HEADER + "".join(f"24490{number},Ville {number},V\n" for number in range(10, 60)))


def test_the_real_list(loaded, real_data, django_assert_max_num_queries):
    file = real_data / "territories" / "census-subdivisions-quebec.csv"
    rows, rejected, _warnings = municipalities.read(file, file.name)
    assert (len(rows), rejected) == (1285, [])
    plan = municipalities.plan(rows)
    assert len(plan.create) == 1285
    assert {placed.row.code[:4] for placed in plan.undecided} == {"2497", "2498"}
    assert len(plan.undecided) == 9
    with django_assert_max_num_queries(60):
        services.apply_municipalities(plan, source="Subdivisions de recensement", by=None, via="cli")
    assert Territory.objects.count() == 126 + 1285
    again = municipalities.plan(rows)
    assert again.empty
    assert again.unchanged == 1285
