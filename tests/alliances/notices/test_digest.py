"""The weekly message: on Monday, once, caught up, by alliance, without what is withheld."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.alliances import personal
from maillage.alliances.models import Notice, NoticeChoice
from maillage.alliances.notices import digest, services
from maillage.core import contributions
from tests.factories import AllianceFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
UTC = dt.UTC
SUNDAY = dt.datetime(2026, 11, 15, 15, tzinfo=UTC)
MONDAY = dt.datetime(2026, 11, 16, 12, tzinfo=UTC)  # 7:00 in Toronto
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _address(monkeypatch):
    monkeypatch.setenv("MAILLAGE_URL", "https://maillage.exemple")


@pytest.fixture
def person():
    return PersonFactory(email="ana@exemple.test", alliance=AllianceFactory(name="Alliance A", short_name="A"))


def wait(person, subject="Une rencontre", at=SUNDAY - DAY, **more):
    return Notice.objects.create(person=person, kind="bilan", subject=subject, created_at=at, **more)


def test_nothing_before_monday_then_once(person):
    wait(person, url="https://maillage.exemple/x/", body="Jeudi.")
    assert digest.send_due(SUNDAY) == 0
    assert digest.send_due(MONDAY) == 1
    assert digest.send_due(MONDAY + DAY / 2) == 0
    assert digest.send_due(MONDAY + DAY) == 0
    (message,) = outbox.outbox
    assert message.to == ["ana@exemple.test"]
    assert message.subject == "Cette semaine : A"
    for words in ("Une rencontre", "Jeudi.", "https://maillage.exemple/x/", "Alliance A"):
        assert words in message.body
        assert words in message.alternatives[0][0]
    assert Notice.objects.get().sent_at == MONDAY


def test_a_monday_without_worker_is_caught_up(person):
    wait(person)
    assert digest.send_due(MONDAY + 2 * DAY) == 1


def test_what_is_written_on_monday_waits_a_week(person):
    wait(person, at=MONDAY)
    assert digest.send_due(MONDAY + DAY) == 0
    assert digest.send_due(MONDAY + 7 * DAY) == 1


def test_monday_is_the_alliances_own():
    """At 4:30 UTC on Monday it is still Sunday in Toronto, already Monday in Halifax."""
    early = dt.datetime(2026, 11, 16, 4, 30, tzinfo=UTC)
    for zone, sent in (("America/Toronto", 0), ("America/Halifax", 1)):
        wait(PersonFactory(email="x@exemple.test", alliance=AllianceFactory(time_zone=zone)))
        assert digest.send_due(early) == sent


def test_one_message_by_alliance_for_one_account(person):
    other = PersonFactory(user=person.user, email="Ana@exemple.test", alliance=AllianceFactory(name="Alliance B"))
    stranger = PersonFactory(email="ana@exemple.test")
    wait(person, "Chez A")
    wait(other, "Chez B")
    wait(stranger, "Ailleurs")
    assert digest.send_due(MONDAY) == 2
    mine = next(message for message in outbox.outbox if "Chez A" in message.body)
    assert "Chez B" in mine.body
    assert "Ailleurs" not in mine.body
    assert len(set(re.findall(r"/avis/([\w-]{43})/\n", mine.body))) == 2
    assert mine.subject == "Cette semaine : vos alliances"


def test_what_is_withheld_since_is_left_out_and_not_kept(person, monkeypatch):
    wait(person, "Décision cachée", reference="essai.chose:1")
    wait(person, "Décision ouverte", reference="essai.chose:2")
    providers = [lambda people, references: [f"{person.pk} essai.chose:1"]]
    monkeypatch.setattr(contributions.withheld, "providers", providers)
    assert digest.send_due(MONDAY) == 1
    (message,) = outbox.outbox
    assert "cachée" not in message.body + message.alternatives[0][0]
    assert [row.subject for row in Notice.objects.all()] == ["Décision ouverte"]


def test_nothing_is_sent_where_all_is_withheld(person, monkeypatch):
    wait(person, "Décision cachée", reference="essai.chose:1")
    providers = [lambda people, references: [f"{person.pk} essai.chose:1"]]
    monkeypatch.setattr(contributions.withheld, "providers", providers)
    assert digest.send_due(MONDAY) == 0
    assert outbox.outbox == []


def test_the_erased_are_written_nothing_and_nothing_is_kept(person):
    wait(person)
    services.choose(person=person, choices={"essai": "weekly"}, by=None, via="link")
    for item in reversed(list(contributions.personal_data)):
        item.erase(person)
    assert not Notice.objects.exists()
    assert not NoticeChoice.objects.exists()
    person.refresh_from_db()
    assert personal.export(person)["persons"][0]["email"] == ""
    wait(person)
    assert digest.send_due(MONDAY) == 0


def test_the_digest_stops_in_one_click(client, person):
    other = PersonFactory(user=person.user, email=person.email)
    wait(person)
    digest.send_due(MONDAY)
    message = outbox.outbox[0]
    address = message.extra_headers["List-Unsubscribe"].strip("<>").replace("https://maillage.exemple", "")
    assert client.get(address).status_code == 200
    assert services.wanted(person, "bilan") == "weekly"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert services.choices_of(person) == {"essai": "at-once", "bilan": "never"}
    assert services.choices_of(other) == {"essai": "at-once", "bilan": "never"}


def test_in_english(person):
    person.language = "en"
    person.save()
    wait(person)
    digest.send_due(MONDAY)
    assert "Here is what happened" in outbox.outbox[0].body
    assert "/en/avis/" in outbox.outbox[0].body


def test_a_long_week_says_how_many_more(person):
    for number in range(digest.SHOWN + 2):
        wait(person, f"Avis {number}")
    assert digest.send_due(MONDAY) == 1
    assert "Et 2 autres." in outbox.outbox[0].body


def test_as_many_queries_for_one_notice_as_for_fifty(person):
    wait(person)
    with CaptureQueriesContext(connection) as one:
        digest.send_due(MONDAY)
    second = PersonFactory(user=UserFactory(), email="lou@exemple.test", alliance=person.alliance)
    for number in range(50):
        wait(second, f"Avis {number}", reference=f"essai.chose:{number}")
    with CaptureQueriesContext(connection) as fifty:
        assert digest.send_due(MONDAY) == 1
    assert len(fifty) <= len(one) + 3  # what is withheld is asked once: withdrawals, persons, their ties


def test_what_was_sent_is_forgotten_after_three_months(person):
    wait(person, at=SUNDAY - 120 * DAY)
    wait(person)
    item = next(item for item in contributions.personal_data if item.room == "alliances.notices")
    assert item.purge(SUNDAY.date()) == 1
    assert Notice.objects.count() == 1


def test_each_person_reads_in_the_language_of_the_alliance_they_chose_it_for(person):
    user = UserFactory()
    person.user, person.language = user, "fr"
    person.save()
    other = PersonFactory(
        user=user, email="ana@exemple.test", language="en", alliance=AllianceFactory(name="Alliance B", short_name="B")
    )
    wait(person)
    wait(other, subject="A meeting")
    assert digest.send_due(MONDAY) == 2
    by_words = {message.subject: message.body for message in outbox.outbox}
    assert set(by_words) == {"Cette semaine : A", "This week: B"}
    assert "A meeting" in by_words["This week: B"]
    assert "A meeting" not in by_words["Cette semaine : A"]
