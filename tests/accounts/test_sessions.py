"""Sessions: seen, closed one by one or all at once; what is closed opens nothing more."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import services
from maillage.accounts.devices import device_name
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user, **headers) -> Client:
    client = Client(**headers)
    token = services.give_address(user=user, now=timezone.now(), by=None)
    client.post(reverse("accounts:sign_in_address", args=[token]))
    return client


def is_in(client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def test_lists_devices_and_closes_one():
    user = UserFactory()
    here, there = signed_in(user), signed_in(user, HTTP_USER_AGENT=FIREFOX)
    text = here.get(reverse("usersessions_list")).content.decode()
    assert "Firefox, Linux" in text
    assert "Cet appareil" in text
    row = UserSession.objects.get(user_agent=FIREFOX)
    response = here.post(reverse("accounts:end_session"), {"session": row.pk})
    assert response.url == reverse("usersessions_list")
    assert is_in(here)
    assert not is_in(there)


def test_closes_every_other_session():
    user = UserFactory()
    here, *others = (signed_in(user) for _ in range(3))
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_closing_this_one_signs_out():
    user = UserFactory()
    here, there = signed_in(user), signed_in(user)
    own = UserSession.objects.get(session_key=here.session.session_key)
    assert here.post(reverse("accounts:end_session"), {"session": own.pk}).url == reverse("account_login")
    assert not is_in(here)
    assert is_in(there)


@pytest.mark.parametrize("number", ["", "abc", "999999"])
def test_an_unknown_session_is_not_found(number):
    assert signed_in(UserFactory()).post(reverse("accounts:end_session"), {"session": number}).status_code == 404


def test_nobody_closes_the_session_of_another():
    intruder, victim = signed_in(UserFactory()), signed_in(UserFactory())
    row = UserSession.objects.get(session_key=victim.session.session_key)
    assert intruder.post(reverse("accounts:end_session"), {"session": row.pk}).status_code == 404
    assert is_in(victim)
    assert Client().post(reverse("accounts:end_session"), {"session": row.pk}).status_code == 302
    assert is_in(victim)


def test_a_closed_account_is_out_at_once():
    user = UserFactory()
    client = signed_in(user)
    # Even where only the row changes, as from the database itself.
    user.is_active = False
    user.save()
    assert not is_in(client)


def test_seeing_the_list_writes_nothing():
    user = UserFactory()
    client = signed_in(user)
    gone = signed_in(user)
    gone.session.flush()
    assert len(client.get(reverse("usersessions_list")).context["rows"]) == 1
    assert UserSession.objects.count() == 2


def test_as_many_queries_for_one_session_as_for_thirty():
    user = UserFactory()
    client = signed_in(user)
    pages = [reverse("usersessions_list"), reverse("accounts:profile")]

    def counts() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            found.append(len(queries))
        return found

    before = counts()
    for _ in range(29):
        signed_in(user)
    assert counts() == before


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8", "Appareil inconnu"),
    ],
)
def test_devices_have_a_name(agent, name):
    assert device_name(agent) == name


def test_moments_are_written_as_everywhere_else(time_machine):
    time_machine.move_to("2026-03-02T18:30:00+00:00", tick=False)
    text = signed_in(UserFactory()).get(reverse("usersessions_list")).content.decode()
    assert "2\u00a0mars 2026" in text
    assert "13\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30" in text
