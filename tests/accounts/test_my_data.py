"""My account: what is held about me, given to me and erased; my name and language."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import personal, services
from maillage.accounts.models import SignInAddress, User
from maillage.core import personal as core_personal
from maillage.core.models import AuditEntry
from tests.factories import AllianceFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return services.open_account(email="maude@exemple.test", name="Maude", by=None)


@pytest.fixture
def me(client, user):
    token = services.give_address(user=user, now=timezone.now(), by=None)
    client.post(reverse("accounts:sign_in_address", args=[token]))
    return client


def test_all_that_is_held_is_downloaded(me, user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "secret-du-compte"})
    page = me.get(reverse("accounts:my_data"))
    # Whoever has protections confirms first that it is really them.
    assert page.status_code == 302
    Authenticator.objects.all().delete()
    assert me.get(reverse("accounts:my_data")).status_code == 200
    response = me.post(reverse("accounts:my_data"))
    assert "attachment" in response["Content-Disposition"]
    held = json.loads(response.content)
    assert held["accounts"]["data"]["email"] == "maude@exemple.test"
    assert held["accounts"]["data"]["sessions"][0]["address"] == "127.0.0.1"
    assert held["accounts"]["purpose"]
    assert AuditEntry.objects.filter(action="accounts.data_downloaded", user_id=user.pk).exists()


def test_what_is_held_by_the_alliances_is_there_too(client):
    alliance = AllianceFactory(name="Alliance des Deux-Rivières")
    client.force_login(user_with(alliance), backend="django.contrib.auth.backends.ModelBackend")
    held = json.loads(client.post(reverse("accounts:my_data")).content)
    assert held["alliances"]["data"]["persons"][0]["alliance"] == "Alliance des Deux-Rivières"


def test_secrets_are_not_part_of_it(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    assert "JBSWY3DP" not in json.dumps(personal.export(user))


def test_erasure_leaves_nothing_of_the_person(me, user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    services.give_address(user=user, now=timezone.now(), by=None)
    core_personal.erase(user, by=None)
    assert me.get(reverse("accounts:profile")).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.name, user.is_active) == ("", False)
    assert "maude" not in user.email
    for model in (Authenticator, EmailAddress, SignInAddress, UserSession):
        assert not model.objects.filter(user=user).exists()
    # The address may serve again, for a new account.
    assert services.open_account(email="maude@exemple.test", by=None).pk != user.pk


def test_another_kind_of_subject_is_not_ours():
    assert personal.export(AllianceFactory()) == {}
    assert personal.erase(AllianceFactory()) == 0


def test_what_is_old_goes(user):
    now = timezone.now()
    services.give_address(user=user, now=now - dt.timedelta(days=40), by=None)
    Session.objects.create(session_key="vieille", session_data="", expire_date=now - dt.timedelta(days=1))
    UserSession.objects.create(user=user, ip="127.0.0.1", session_key="vieille")
    assert personal.purge(now.date()) == 3
    assert not SignInAddress.objects.exists()
    assert not UserSession.objects.exists()


def test_asking_for_erasure_and_changing_ones_mind(me, user):
    address = reverse("accounts:erasure")
    assert me.get(address).status_code == 200
    me.post(address, {"action": "ask"})
    user.refresh_from_db()
    asked = user.deletion_requested_at
    assert asked
    me.post(address, {"action": "ask"})
    user.refresh_from_db()
    assert user.deletion_requested_at == asked
    assert "30 jours" in me.get(address).content.decode()
    me.post(address, {"action": "withdraw"})
    user.refresh_from_db()
    assert user.deletion_requested_at is None
    actions = list(AuditEntry.objects.filter(action__contains="erasure").values_list("action", flat=True))
    assert sorted(actions) == ["accounts.erasure_asked", "accounts.erasure_withdrawn"]


def test_the_name_and_the_language(me, user):
    response = me.post(reverse("accounts:profile"), {"name": "Maude Tremblay", "language": "en"})
    assert response.url == "/en/compte/"
    user.refresh_from_db()
    assert (user.name, user.language) == ("Maude Tremblay", "en")
    assert "My account" in me.get("/en/compte/").content.decode()
    # Nothing else of the account can be posted.
    me.post("/compte/", {"name": "M", "language": "fr", "is_operator": "on", "email": "autre@exemple.test"})
    user.refresh_from_db()
    assert (user.is_operator, user.email) == (False, "maude@exemple.test")


@pytest.mark.parametrize("data", [{"name": "x" * 5000, "language": "fr"}, {"name": "M", "language": "xx"}])
def test_a_mistake_keeps_what_was_there(me, user, data):
    assert me.post(reverse("accounts:profile"), data).status_code == 200
    user.refresh_from_db()
    assert (user.name, user.language) == ("Maude", "fr")


def test_the_erasure_asked_is_seen_by_the_operator(user):
    from click.testing import CliRunner

    from maillage.accounts.cli import operator

    services.ask_erasure(user=user, now=timezone.now())
    assert "maude@exemple.test" in CliRunner().invoke(operator, ["requests"]).output
    other = UserFactory()
    assert other.email not in CliRunner().invoke(operator, ["requests"]).output
