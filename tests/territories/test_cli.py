"""``maillage import territories``, ``municipalities`` and ``boundaries``."""

import json

import pytest
from click.testing import CliRunner

from maillage.config.cli import main
from maillage.territories.models import Boundary, Territory


def run(*words: str):
    return CliRunner(env={"LC_ALL": "fr_CA.UTF-8"}).invoke(main, ["import", *words])


@pytest.fixture
def municipalities(tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text("code;nom\n2449058;Drummondville\n2497912;Lac-Juillet\nabc;Nulle part\n")
    return str(file)


@pytest.fixture
def boundaries(tmp_path):
    ring = [[-72.5, 45.5], [-72, 45.5], [-72, 46], [-72.5, 46], [-72.5, 45.5]]
    shapes = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code in ("2449", "9999")
    ]
    file = tmp_path / "limites.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    return str(file)


def test_the_commands_are_found_without_a_database():
    listed = run("--help").output
    assert all(name in listed for name in ("territories", "municipalities", "boundaries"))


@pytest.mark.django_db
def test_the_three_commands_one_after_the_other(municipalities, boundaries):
    assert "126" not in run("territories").output.split("ajoutés")[1]
    assert Territory.objects.count() == 126
    assert "0 ajoutés, 0 modifiés" in run("territories").output

    shown = run("municipalities", municipalities, "--dry-run").output
    assert "2 à ajouter" in shown
    assert Territory.objects.count() == 126
    brought = run("municipalities", municipalities).output
    assert "MRC à préciser" in brought
    assert "Nulle part" in brought
    assert "2 ajoutés" in brought
    assert Territory.objects.get(slug="drummondville").source == "liste.csv"

    brought = run("boundaries", boundaries, "--vintage", "2021", "--source", "Carte").output
    assert "9999" in brought
    assert Boundary.objects.get().source == "Carte"


@pytest.mark.django_db
def test_a_bad_file_is_refused_with_a_sentence(tmp_path):
    run("territories")
    file = tmp_path / "rien.geojson"
    file.write_text("bonjour")
    result = run("boundaries", str(file), "--vintage", "2021")
    assert result.exit_code == 1
    assert "GeoJSON" in result.output
