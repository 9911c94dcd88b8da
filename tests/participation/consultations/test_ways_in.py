"""Where one takes part: the ballot where there is one, the step's own page where there is none."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.participation.consultations.selectors import takes_ballots, way_in
from maillage.participation.models import Step
from maillage.participation.vocabulary import Access, Kind
from maillage.participation.voting.contributions import kiosk_url
from tests.factories import AllianceFactory
from tests.participation.factories import ConsultationFactory, StepFactory

pytestmark = pytest.mark.django_db


def asked(*kinds: str, alliance=None, **fields):
    """An open consultation with an open step of each kind."""
    now = timezone.now()
    found = ConsultationFactory(
        alliance=alliance or AllianceFactory(is_public=True), opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=1), **fields,
    )  # fmt: skip
    for position, kind in enumerate(kinds):
        by = {} if kind == Kind.PRIORITIES else {"method": "", "counting": ""}
        StepFactory(consultation=found, kind=kind, position=position, **by)
    return found


def telling_page(found) -> str:
    step = found.steps.get(kind=Kind.TESTIMONIES)
    return reverse("participation_in:testify", args=[found.alliance.slug, found.uuid, step.uuid])


def ballot(found) -> str:
    return reverse("participation_in:ballot", args=[found.alliance.slug, found.uuid])


def test_testimonies_alone_offer_no_ballot_anywhere(client):
    found = asked(Kind.TESTIMONIES)
    now = timezone.now()
    assert not takes_ballots(found, now)
    assert way_in(found, now).url == telling_page(found)
    slug = found.alliance.slug
    pages = (f"/{slug}/", f"/{slug}/consultations/", found.get_absolute_url())
    for page in pages:
        text = client.get(page).content.decode()
        assert telling_page(found) in text, page
        assert ballot(found) not in text, page
        assert "Raconter ce que je vis" in text
    assert client.get(reverse("participation:short", args=[found.short]))["Location"] == found.get_absolute_url()
    assert kiosk_url(found) == ""


def test_the_address_of_the_ballot_leads_to_the_page_of_the_step(client):
    found = asked(Kind.TESTIMONIES)
    answer = client.get(ballot(found))
    assert (answer.status_code, answer["Location"]) == (302, telling_page(found))
    assert answer["Cache-Control"] == "no-store"
    found.steps.update(state=Step.State.CLOSED)
    assert client.get(ballot(found)).status_code == 200  # closed, said so


def test_a_ballot_beside_testimonies_comes_first(client):
    found = asked(Kind.TESTIMONIES, Kind.PRIORITIES)
    assert way_in(found, timezone.now()).url == ballot(found)
    text = client.get(found.get_absolute_url()).content.decode()
    assert ballot(found) in text
    assert telling_page(found) in text
    assert kiosk_url(found)
    found.steps.filter(kind=Kind.PRIORITIES).update(state=Step.State.CLOSED)
    assert way_in(found, timezone.now()).url == telling_page(found)
    assert client.get(ballot(found)).status_code == 200  # the ballot is closed: said, not hidden behind another page


def test_a_kind_of_step_without_page_offers_nothing(monkeypatch):
    from maillage.participation import kinds

    found = asked(Kind.IDEAS)
    monkeypatch.delitem(kinds._kinds, Kind.IDEAS, raising=False)
    assert not takes_ballots(found, timezone.now())
    assert way_in(found, timezone.now()) is None


def test_on_site_the_page_offers_no_button(client):
    text = client.get(asked(Kind.TESTIMONIES, access=Access.SITE).get_absolute_url()).content.decode()
    assert "temoigner" not in text
    assert "Sur place seulement" in text


def test_the_list_asks_as_many_questions_for_ten_as_for_one(client):
    counts = []
    for number in (1, 10):
        alliance = AllianceFactory(is_public=True)
        for _ in range(number):
            asked(Kind.TESTIMONIES, alliance=alliance)
        address = f"/{alliance.slug}/consultations/"
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1]
