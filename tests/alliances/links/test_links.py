"""A personal address opens one thing, for one person, until it ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from maillage.alliances.links import services
from maillage.alliances.links.contributions import close, open_again
from maillage.alliances.models import PersonLink
from maillage.core import contributions, logs, mail
from tests.factories import AllianceFactory, PersonFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)


@pytest.fixture
def person():
    role = RoleFactory(person__email="ana@exemple.test", person__alliance=AllianceFactory(name="Alliance A"))
    return role.person


def test_it_opens_its_purpose_until_it_expires(person):
    token = services.make(person=person, purpose="position", reference="r:1", expires_at=NOW)
    assert len(token) == 43
    assert services.find(token, "position", now=NOW - dt.timedelta(seconds=1)).person == person
    assert services.find(token, "position", now=NOW) is None
    assert services.find(token, "calendar", now=NOW - dt.timedelta(days=1)) is None
    assert services.find("", "position") is None
    assert token not in str(PersonLink.objects.values())


def test_revoked_by_purpose_and_row(person):
    first, second = (services.make(person=person, purpose="position", reference=f"r:{n}") for n in (1, 2))
    assert services.revoke(person=person, purpose="position", reference="r:1") == 1
    assert services.find(first, "position") is None
    assert services.find(second, "position")
    assert services.revoke(person=person, purpose="position") == 1
    assert services.find(second, "position") is None


def test_dead_once_the_person_is_erased(person):
    token = services.make(person=person, purpose="position")
    for item in reversed(list(contributions.personal_data)):
        item.erase(person)
    assert services.find(token, "position") is None
    assert not PersonLink.objects.exists()


def test_an_erased_persons_address_is_dead_even_where_its_row_stays(person):
    token = services.make(person=person, purpose="position")
    person.erased_at = timezone.now()
    person.save()
    assert services.find(token, "position") is None


def test_closed_by_a_merge_opened_again_when_it_is_undone(person):
    other = RoleFactory(person__alliance=person.alliance).person
    token = services.make(person=other, purpose="position")
    already = services.make(person=other, purpose="calendar")
    services.revoke(person=other, purpose="calendar")
    trace = close(person, other)
    assert services.find(token, "position") is None
    open_again(person, other, trace)
    assert services.find(token, "position").person == other
    assert services.find(already, "calendar") is None


def test_what_closed_long_ago_is_forgotten(person):
    day = dt.timedelta(days=1)
    for age in (10, 100):
        services.make(person=person, purpose="task", expires_at=NOW - age * day)
    services.make(person=person, purpose="calendar")
    assert services.purge(NOW.date()) == 1
    assert PersonLink.objects.count() == 2


@pytest.mark.parametrize("word", ["avis", "position", "calendrier", "rencontre", "liens"])
def test_no_log_and_no_kept_mail_holds_a_token(person, word):
    token = services.make(person=person, purpose="position")
    for path in (f"/{word}/{token}/", f"/en/{word}/{token}/oui/", f"/{word}/{token}.ics"):
        assert token not in logs.redact(f"Gone: {path}")
        assert token not in mail.masked(f"Ouvrez https://maillage.exemple{path} pour répondre.")


def test_ones_open_addresses_and_closing_them(client, person, django_assert_max_num_queries):
    token = services.make(person=person, purpose="calendar")
    for _time in range(3):
        services.make(person=person, purpose="notices")
    services.make(person=person, purpose="task", expires_at=timezone.now() - dt.timedelta(days=1))
    services.make(person=PersonFactory(), purpose="ties")
    client.force_login(person.user, backend=BACKEND)
    page = client.get("/mes-adresses/").content.decode()
    assert "Alliance A" in page
    assert "3 adresses." in page
    assert "tâche" not in page
    assert "liens" not in page
    answer = client.post(f"/mes-adresses/{person.uuid}/calendar/fermer/", follow=True)
    assert "1 adresse est fermée." in answer.content.decode()
    assert services.find(token, "calendar") is None
    assert "déjà fermées" in client.post(f"/mes-adresses/{person.uuid}/calendar/fermer/", follow=True).content.decode()


def test_nobody_closes_anothers(client, person):
    token = services.make(person=person, purpose="calendar")
    client.force_login(UserFactory(), backend=BACKEND)
    assert client.post(f"/mes-adresses/{person.uuid}/calendar/fermer/").status_code == 404
    assert services.find(token, "calendar")


def test_the_page_asks_three_queries_whatever_it_shows(person, django_assert_num_queries):
    known = [purpose.code for purpose in contributions.link_purposes]
    for _time in range(5):
        for code in known:
            services.make(person=person, purpose=code)
    with django_assert_num_queries(3):
        assert len(services.doors_of(person.user, timezone.now())) == len(known)
