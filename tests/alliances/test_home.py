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
    monkeypatch.setattr("maillage.alliances.selectors.places.CHILDREN", 2)
    region = AllianceFactory(slug="region", scale=Alliance.Scale.REGIONAL)
    for number in range(3):
        AllianceFactory(slug=f"locale-{number}", parent=region)
    page = client.get("/region/").content.decode()
    assert "3 alliances locales" in page
    assert "Les 2 premières sont ici." in page
    assert 'href="/#alliances"' in page


@pytest.mark.parametrize("scale", [Alliance.Scale.LOCAL, Alliance.Scale.REGIONAL])
def test_the_home_of_an_alliance_asks_at_most_twenty_queries(client, scale):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alliance = AllianceFactory(scale=scale)
    client.get(alliance.get_absolute_url())
    with CaptureQueriesContext(connection) as seen:
        assert client.get(alliance.get_absolute_url()).status_code == 200
    assert len(seen) <= 20, "\n".join(query["sql"][:160] for query in seen)


def test_consultations_are_read_once_for_the_panel_and_the_memory_of_the_home(client):
    """One query for them all, one for the steps of those that are open, one for the ways towards people."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from maillage.participation.models import Consultation, Outreach
    from tests.participation.factories import NOW, ConsultationFactory, StepFactory

    alliance = AllianceFactory()
    for number in range(3):
        found = ConsultationFactory(
            alliance=alliance, opened_at=NOW, closes_at=None, state=Consultation.State.OPEN, title=f"Ouverte {number}"
        )
        StepFactory(consultation=found)
        Outreach.objects.create(consultation=found, who="Familles", done_on=NOW.date())
    ConsultationFactory(alliance=alliance, opened_at=NOW, state=Consultation.State.CLOSED, title="Close")
    client.get(alliance.get_absolute_url())
    with CaptureQueriesContext(connection) as seen:
        text = client.get(alliance.get_absolute_url()).content.decode()
    asked = [query["sql"] for query in seen]
    of_participation = [sql for sql in asked if 'FROM "participation_' in sql]
    assert len(of_participation) == 3, "\n".join(sql[:160] for sql in of_participation)
    assert len(asked) <= 22
    assert text.count("card-call") == 3
    assert "Consultation ouverte\N{NO-BREAK SPACE}: Close" in text
