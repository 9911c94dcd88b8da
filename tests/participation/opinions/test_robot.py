"""Ten thousand statements by a robot: what waits grows, what people see does not, and nothing slows down."""

from __future__ import annotations

import time
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.participation import reading
from maillage.participation.consultations import moderation
from maillage.participation.models import Statement
from maillage.participation.opinions import ballot, grouping, selectors, services
from tests.factories import PersonFactory, RoleFactory, UserFactory
from tests.participation.factories import NOW
from tests.participation.opinions.makers import step_of

pytestmark = pytest.mark.django_db
MANY = 10_000
SLOW = 0.25
"""Seconds; a busy machine included. Each takes a few thousandths where it is quiet."""


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def agent_of(step):
    return RoleFactory(
        person=PersonFactory(alliance=step.consultation.alliance, user=UserFactory()), kind="agent"
    ).person.user


def robot(step, many=MANY):
    """The state that as many proposals reach: the first ones seen where it is moderated afterwards, the others not."""
    seen = reading.SEEN_UNREAD_MOST if step.consultation.moderation == "after" else 0
    Statement.objects.bulk_create(
        (
            Statement(
                step=step, number=100 + n, text=f"Achetez le numéro {n}", added_by_participant=True, checked=False,
                state="shown" if n < seen else "pending",
            )
            for n in range(many)
        ),
        batch_size=2000,
    )  # fmt: skip


def took(act):
    begun = time.perf_counter()
    found = act()
    return found, time.perf_counter() - begun


def queries(act):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def test_moderated_afterwards_a_robot_floods_the_queue_and_not_what_people_see(monkeypatch):
    monkeypatch.setattr(services, "SEEN_UNREAD_MOST", 3)
    step = step_of(2, moderation="after")
    made = [services.propose(step=step, text=f"Phrase {'x' * (n + 1)}", language="fr", now=NOW) for n in range(6)]
    assert [one.state for one in made] == ["shown"] * 3 + ["pending"] * 3
    for by in (agent_of(step), agent_of(step)):
        services.accept(statement=made[0], by=by, now=NOW)
    again = services.propose(step=step, text="La place est libre.", language="fr", now=NOW)
    assert again.state == "shown", "what two people read makes room"


def test_only_where_twenty_thousand_wait_is_a_sentence_refused(monkeypatch):
    assert reading.WAITING_MOST >= 2 * MANY
    monkeypatch.setattr(services, "WAITING_MOST", 2)
    step = step_of(2)
    for text in ("Une.", "Deux."):
        services.propose(step=step, text=text, language="fr", now=NOW)
    with pytest.raises(ValidationError):
        services.propose(step=step, text="Trois.", language="fr", now=NOW)


def test_ten_thousand_statements_of_a_robot_silence_nobody_and_slow_nothing(client):
    step = step_of(moderation="after", alliance__is_public=True)
    first, second = agent_of(step), agent_of(step)
    args = [step.consultation.alliance.slug, step.consultation.uuid]
    public = reverse("participation_in:opinions", args=[*args, 0])
    queue = reverse("participation_in:statements", args=args)
    add = {"text": "Il faut un banc.", "step": step}
    client.force_login(first)
    one = services.propose(step=step, text="Une phrase.", language="fr", now=NOW)
    pages = (public, f"{queue}?voir=lire")
    client.get(queue)
    before = [queries(partial(client.get, page)) for page in pages]
    one.delete()
    robot(step)

    # Somebody still speaks, at once, and says it once.
    made, lasted = took(lambda: services.propose(language="fr", now=NOW, **add))
    assert made.state == "pending"
    assert lasted < SLOW
    again, lasted = took(lambda: services.propose(language="fr", now=NOW, **{**add, "text": "il faut UN banc"}))
    assert again.pk == made.pk
    assert lasted < SLOW
    same, lasted = took(lambda: services.propose(language="fr", now=NOW, **{**add, "text": "ACHETEZ le numéro 9999."}))
    assert same.number == 100 + 9999
    assert lasted < SLOW

    # What people see is bounded: the page, the ballot, the groups.
    seen = 8 + reading.SEEN_UNREAD_MOST
    asked, lasted = took(lambda: ballot.context(step, "fr"))
    assert len(asked["rows"]) == seen
    assert lasted < SLOW
    _found, lasted = took(lambda: grouping.gather(step, ['{"1":1,"2":-1}'] * 20))
    assert lasted < SLOW
    page, lasted = took(lambda: client.get(public).content.decode())
    assert page.count("Achetez") <= 25
    assert lasted < 1

    # Those who read see fifty at a time, in as many queries as before.
    assert [queries(partial(client.get, page)) for page in pages] == before
    page, lasted = took(lambda: client.get(f"{queue}?voir=lire&cocher=1").content.decode())
    assert page.count('name="un"') == reading.EACH
    assert lasted < 1
    waits, lasted = took(lambda: moderation.queue(step.consultation.alliance, first, [step.consultation]))
    assert len(waits[0][1]) == moderation.MOST
    assert lasted < 1
    [line] = moderation.todo(step.consultation.alliance, first, NOW.date())
    assert "plus de" in str(line.detail)

    # What one person read comes before the ten thousand that nobody did, for the other.
    keys = dict(selectors.queue(step.consultation, reading.READ, first).values_list("uuid", "number")[: reading.EACH])
    rows = dict.fromkeys(keys, "")
    told, lasted = took(lambda: services.read_all(consultation=step.consultation, rows=rows, by=first, now=NOW))
    assert told.asked == reading.EACH
    assert lasted < 2
    [line] = moderation.todo(step.consultation.alliance, second, NOW.date())
    assert "à confirmer" in str(line.detail)
    client.force_login(second)
    assert client.get(queue).context["view"] == reading.CONFIRM
