"""The real tree that comes with Maillage: exact counts, every code once, a source everywhere."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.models import AuditEntry
from maillage.territories import services
from maillage.territories.imports import tree
from maillage.territories.models import Territory, TerritoryCode, TerritoryMembership, TerritoryName
from tests.factories import UserFactory

TODAY = dt.date(2026, 11, 20)
PER_REGION = {
    "01": 8, "02": 5, "03": 7, "04": 6, "05": 9, "06": 1, "07": 5, "08": 5, "09": 6, "10": 3, "11": 6, "12": 10,
    "13": 1, "14": 6, "15": 8, "16": 13, "17": 5,
}  # fmt: skip


@pytest.fixture
def loaded(db):
    return services.load_tree(by=None, via="cli")


def test_the_counts_of_the_official_list():
    kinds = Counter(row.kind for row in tree.territories())
    assert kinds == {"province": 1, "region": 17, "mrc": 87, "te": 17, "division": 4}


def test_every_row_has_a_source_and_a_point_in_quebec():
    for row in tree.territories():
        assert row.source, row
        assert row.point_source, row
        assert 44 < row.latitude < 63, row
        assert -80 < row.longitude < -57, row
    assert all(fact.source for fact in [*tree.codes(), *tree.memberships(), *tree.names()])
    assert all(source for _, source in tree.split_divisions().values())


def test_keys_names_and_codes_are_not_repeated():
    keys = [row.key for row in tree.territories()]
    assert len(set(keys)) == len(keys)
    assert len({(row.kind, row.name) for row in tree.territories()}) == len(keys)
    codes = [(fact.what, fact.value) for fact in tree.codes()]
    assert len(set(codes)) == len(codes)


def test_names_are_written_with_their_typography():
    for row in tree.territories():
        assert "'" not in row.name
        assert "--" not in row.name
        assert "—" not in row.name
    names = {row.name for row in tree.territories()}
    assert {"Saguenay–Lac-Saint-Jean", "L’Île-d’Orléans", "Thérèse-De Blainville", "Pierre-De Saurel"} <= names


def test_every_mrc_and_equivalent_has_an_official_code_of_the_geographic_system():
    coded = {fact.key for fact in tree.codes() if fact.what == "isq-mrc"}
    assert coded == {row.key for row in tree.territories() if row.kind in ("mrc", "te")}


def test_the_five_split_divisions_are_not_given_to_one_mrc():
    divisions = {fact.value: fact.key for fact in tree.codes() if fact.what == "statcan-cd"}
    assert [divisions[code] for code in ("2437", "2494", "2497", "2498", "2499")] == [
        "division-francheville",
        "division-le-saguenay-et-son-fjord",
        "division-sept-rivieres-caniapiscau",
        "division-minganie-le-golfe-du-saint-laurent",
        "region-nord-du-quebec",
    ]
    assert len(divisions) == 98
    assert tree.members_of_division("2437") == ["te-trois-rivieres", "mrc-les-chenaux"]
    assert tree.members_of_division("2449") == []
    assert {"te-trois-rivieres", "mrc-les-chenaux", "te-saguenay", "mrc-le-fjord-du-saguenay", "mrc-sept-rivieres",
            "mrc-caniapiscau", "mrc-minganie", "mrc-le-golfe-du-saint-laurent", "te-jamesie", "te-eeyou-istchee",
            "te-kativik"} <= {row.key for row in tree.territories()}  # fmt: skip


def test_the_regions_hold_what_they_should(loaded):
    numbers = dict(TerritoryCode.objects.filter(scheme="region").values_list("territory_id", "code"))
    held = Counter(
        numbers[parent]
        for parent in TerritoryMembership.objects.at(TODAY)
        .filter(child__kind__in=["mrc", "te"])
        .values_list("parent_id", flat=True)
    )
    assert held == PER_REGION
    assert sum(held.values()) == 104


def test_every_mrc_lies_in_exactly_one_region_on_any_day(loaded):
    for day in (dt.date(2021, 7, 7), dt.date(2021, 7, 8), TODAY):
        parents = defaultdict(list)
        for row in TerritoryMembership.objects.at(day):
            parents[row.child_id].append(row.parent_id)
        born = Territory.objects.at(day).exclude(kind="province")
        assert all(len(parents[place.pk]) == 1 for place in born)


def test_two_mrc_moved_from_monteregie_to_estrie(loaded):
    brome = Territory.objects.get(slug="mrc-brome-missisquoi")

    def region(day):
        return brome.memberships.at(day).get().parent.name

    assert region(dt.date(2021, 7, 7)) == "Montérégie"
    assert region(dt.date(2021, 7, 8)) == "Estrie"


def test_former_names_are_known(loaded):
    former = TerritoryName.objects.get(name="Robert-Cliche")
    assert former.territory.name == "Beauce-Centre"
    assert former.until == dt.date(2022, 7, 30)


def test_loading_twice_changes_nothing(loaded, django_assert_max_num_queries):
    before = AuditEntry.objects.count()
    with django_assert_max_num_queries(10):
        again = services.load_tree(by=None, via="cli")
    assert loaded.created == 126 + len(tree.codes()) + len(tree.memberships()) + len(tree.names())
    assert (again.created, again.updated) == (0, 0)
    assert again.unchanged == loaded.created
    assert AuditEntry.objects.count() == before


def test_a_row_changed_by_hand_is_put_right_and_logged(loaded):
    Territory.objects.filter(slug="mrc-drummond").update(name="Drummondville")
    again = services.load_tree(by=None, via="cli")
    assert again.updated == 1
    assert Territory.objects.get(slug="mrc-drummond").name == "Drummond"
    assert AuditEntry.objects.filter(action="territories.tree_loaded").count() == 2


@pytest.mark.django_db
def test_only_the_operator_loads_from_a_page():
    with pytest.raises(PermissionDenied):
        services.load_tree(by=None, via="web")
    with pytest.raises(PermissionDenied):
        services.load_tree(by=UserFactory(), via="web")
    assert services.load_tree(by=UserFactory(is_operator=True), via="web").created


def test_the_divisions_of_statistics_canada_all_have_their_place(real_data):
    import csv

    known = {fact.value for fact in tree.codes() if fact.what == "statcan-cd"}
    with (real_data / "territories" / "census-divisions-quebec.csv").open(encoding="utf-8") as file:
        assert {row["id"][-4:] for row in csv.DictReader(file)} == known
