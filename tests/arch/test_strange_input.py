"""What nobody types by hand: the ends of the calendar, numbers without end, null characters. Never a failure."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import AllianceFactory, signed_in

pytestmark = pytest.mark.django_db
LONG = "9" * 30


@pytest.fixture
def agent(client):
    return signed_in(client, AllianceFactory(slug="rivage"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/rivage/journal/?du=9999-12-31&au=9999-12-31", 200),
        ("/rivage/journal/?du=0001-01-01&au=0001-01-01", 200),
        ("/rivage/journal/?du=2026-13-45", 200),
        (f"/rivage/memoire/?de={LONG}&page={LONG}", 200),
        (f"/rivage/acteurs/?page={LONG}", 200),
        (f"/recherche/?q=a&page={LONG}", 200),
        ("/rivage/pilotage/personnes/?q=a%00b&role=%00", 400),
        ("/recherche/?q=a%00b", 400),
        ("/?q=%00", 400),
    ],
)
def test_an_address(agent, address, status):
    assert agent.get(address).status_code == status


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["since", "until"])
def test_a_date_out_of_the_calendar_is_said(agent, day, field):
    answer = agent.post(reverse("alliances_in:cycle-add", args=["rivage"]), {"name": "Période", field: day})
    assert answer.status_code == 422
    assert "entre 1600 et 2199" in answer.content.decode()


@pytest.mark.parametrize("number", [LONG, "²", "-1", "", "1;2"])
def test_a_number_that_names_nothing(agent, number):
    assert agent.post(reverse("accounts:end_session"), {"session": number}).status_code == 404
    answer = agent.post(reverse("alliances_in:cover", args=["rivage"]), {"territory": number})
    assert answer.status_code in {302, 404}
