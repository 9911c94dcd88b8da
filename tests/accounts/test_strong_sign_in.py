"""In production, whoever holds power has a passkey or an application, or does nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from maillage.alliances.models import Role
from tests.factories import AllianceFactory, RoleFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _production(settings):
    settings.MAILLAGE_STRONG_SIGN_IN = True


def enter(client, user):
    client.force_login(user, backend=BACKEND)
    return client.get(reverse("accounts:profile"))


def protect(user, kind=Authenticator.Type.TOTP):
    Authenticator.objects.create(user=user, type=kind, data={"secret": "JBSWY3DP"})


@pytest.mark.parametrize("kind", [Role.Kind.AGENT, Role.Kind.TREASURER, Role.Kind.REGIONAL])
def test_roles_that_hold_power_are_led_to_protect_their_account(client, kind):
    alliance = AllianceFactory()
    user = user_with(alliance, kind)
    assert enter(client, user).url == reverse("accounts:protect")
    # Even a public page waits, and a form is not received.
    assert client.get(alliance.get_absolute_url()).url == reverse("accounts:protect")
    assert client.post(reverse("accounts:profile"), {"name": "X", "language": "fr"}).url == reverse("accounts:protect")
    user.refresh_from_db()
    assert user.name != "X"
    page = client.get(reverse("accounts:protect"))
    assert page.status_code == 200
    assert alliance.short_name in page.content.decode()
    for name in ("mfa_add_webauthn", "mfa_activate_totp", "account_logout"):
        assert client.get(reverse(name)).status_code == 200
    protect(user)
    assert enter(client, user).status_code == 200


def test_so_is_the_operator(client):
    user = UserFactory(is_operator=True)
    assert enter(client, user).url == reverse("accounts:protect")
    protect(user, Authenticator.Type.WEBAUTHN)
    assert enter(client, user).status_code == 200


def test_spare_codes_alone_do_not_count(client):
    user = UserFactory(is_operator=True)
    protect(user, Authenticator.Type.RECOVERY_CODES)
    assert enter(client, user).url == reverse("accounts:protect")


@pytest.mark.parametrize(
    "kind",
    [Role.Kind.MEMBER, Role.Kind.EVALUATOR, Role.Kind.ELECTED, Role.Kind.ACCOMPANYING, Role.Kind.OBSERVER],
)
def test_the_others_need_only_a_code(client, kind):
    assert enter(client, user_with(AllianceFactory(), kind)).status_code == 200


def test_power_begins_and_ends_with_the_role(client):
    alliance = AllianceFactory()
    today = alliance.today()
    ended = RoleFactory(person__alliance=alliance, kind=Role.Kind.AGENT, until=today)
    to_come = RoleFactory(person__alliance=alliance, kind=Role.Kind.AGENT, since=today + dt.timedelta(days=2))
    for role in (ended, to_come):
        assert enter(client, role.person.user).status_code == 200
    to_come.since = today
    to_come.save()
    assert client.get(reverse("accounts:profile")).url == reverse("accounts:protect")


def test_nothing_of_it_outside_production(client, settings):
    settings.MAILLAGE_STRONG_SIGN_IN = False
    assert enter(client, UserFactory(is_operator=True)).status_code == 200


def test_a_stranger_is_not_led_anywhere(client):
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get("/aucune-page/").status_code == 404
