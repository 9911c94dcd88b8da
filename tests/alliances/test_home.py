import pytest

from tests.factories import AllianceFactory

pytestmark = pytest.mark.django_db


def test_home_names_the_alliance(client):
    alliance = AllianceFactory(name="Alliance des Deux-Rivières")
    response = client.get(alliance.get_absolute_url())
    assert response.status_code == 200
    assert "Alliance des Deux-Rivières" in response.content.decode()
