import pytest

from maillage.alliances.models import Alliance
from tests.factories import AllianceFactory

pytestmark = pytest.mark.django_db


def test_home_names_the_alliance(client):
    alliance = AllianceFactory(name="Alliance des Deux-Rivières")
    response = client.get(alliance.get_absolute_url())
    assert response.status_code == 200
    assert "Alliance des Deux-Rivières" in response.content.decode()


def test_a_region_with_many_alliances_says_where_the_rest_is(client, monkeypatch):
    monkeypatch.setattr("maillage.alliances.views.public.CHILDREN", 2)
    region = AllianceFactory(slug="region", scale=Alliance.Scale.REGIONAL)
    for number in range(3):
        AllianceFactory(slug=f"locale-{number}", parent=region)
    page = client.get("/region/").content.decode()
    assert "3 alliances locales" in page
    assert "Les 2 premières sont ici." in page
    assert 'href="/#alliances"' in page


@pytest.mark.parametrize("scale", [Alliance.Scale.LOCAL, Alliance.Scale.REGIONAL])
def test_the_home_of_an_alliance_asks_at_most_twenty_three_queries(client, scale):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alliance = AllianceFactory(scale=scale)
    client.get(alliance.get_absolute_url())
    with CaptureQueriesContext(connection) as seen:
        assert client.get(alliance.get_absolute_url()).status_code == 200
    assert len(seen) <= 23, "\n".join(query["sql"][:160] for query in seen)
