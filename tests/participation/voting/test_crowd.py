"""What a crowd reads alike is read once, and is never older than the last change."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.core import audit
from maillage.participation.models import Consultation, Step
from maillage.participation.urn import services as urn
from maillage.participation.voting import crowd
from tests.participation.voting.conftest import filled, receipt_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.KEPT_PAGES_SECONDS = 30
    crowd.forget()
    yield
    crowd.forget()


def nonce(number: int) -> str:
    return f"nonce-of-a-crowd-{number:04}"


def changed(step: Step) -> None:
    audit.record("participation.option_withdrawn", step, by=None, alliance=step.alliance, via="web")


def test_the_second_of_a_crowd_asks_only_what_is_their_own(make, phone):
    step = make(options=10)
    with CaptureQueriesContext(connection) as first:
        phone.post(url(step.consultation), filled(step, {1: 6}, nonce=nonce(1)))
    with CaptureQueriesContext(connection) as second:
        answer = phone.post(url(step.consultation), filled(step, {2: 3}, nonce=nonce(2)))
    assert receipt_in(answer)
    read = [query["sql"] for query in second if query["sql"].startswith("SELECT") and "_option" in query["sql"]]
    assert not read
    assert len(second) < len(first) - 4
    assert sorted(one.content for one in urn.opened(step)) == ["[0,3,0,0,0,0,0,0,0,0]", "[6,0,0,0,0,0,0,0,0,0]"]


def test_an_option_withdrawn_meanwhile_is_told_to_the_next_one(make, phone):
    step = make()
    phone.post(url(step.consultation), filled(step, {1: 6}, nonce=nonce(1)))
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Déjà financé.")
    changed(step)
    answer = phone.post(url(step.consultation), filled(step, {1: 6, 2: 6}, nonce=nonce(2)))
    assert answer.status_code == 422
    assert "Déjà financé." in answer.content.decode()


def test_a_closing_holds_even_if_what_is_kept_is_older(make, phone):
    """Nobody said it to the log: the urn asks for itself, under lock."""
    step = make()
    phone.post(url(step.consultation), filled(step, {1: 6}, nonce=nonce(1)))
    Step.objects.filter(pk=step.pk).update(state=Step.State.CLOSED)
    answer = phone.post(url(step.consultation), filled(step, {1: 5}, nonce=nonce(2)))
    assert answer.status_code == 409
    assert len(list(urn.opened(step))) == 1


def test_what_is_not_found_is_not_kept_and_the_room_has_an_end(make, phone, monkeypatch):
    monkeypatch.setattr(crowd, "ROOM", 2)
    steps = [make() for _ in range(3)]
    for step in steps:
        assert phone.get(url(step.consultation)).status_code == 200
    hidden = make(state=Consultation.State.DRAFT)
    assert phone.get(url(hidden.consultation)).status_code == 404
    wrong = url(steps[0].consultation).replace(str(steps[0].consultation.uuid), "00000000-0000-4000-8000-000000000000")
    assert phone.get(wrong).status_code == 404
    assert len(crowd._shelf) == 2
