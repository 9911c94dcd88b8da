"""The application that gives codes, and the spare codes: the road without a script."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()
    yield
    cache.clear()


def enter(client: Client, email: str):
    client.post(reverse("account_login"), {"email": email})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def now_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def linked(client):
    """A person who has just linked an application: the client, the address, the key."""
    user = UserFactory(email="agente@exemple.test")
    enter(client, user.email)
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'class="key">(\w+)<', page.content.decode()).group(1)
    # The picture is in the page itself: no address to fetch, nothing that the policy of contents forbids.
    assert b"<svg" in page.content
    response = client.post(reverse("mfa_activate_totp"), {"code": now_code(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    return client, user, secret


def test_linking_gives_spare_codes(linked):
    client, _user, _secret = linked
    page = client.get(reverse("mfa_view_recovery_codes"))
    assert page.status_code == 200
    assert len(page.context["unused_codes"]) == 10
    text = client.get(reverse("mfa_download_recovery_codes"))
    assert text["Content-Disposition"].startswith("attachment")
    assert page.context["unused_codes"][0] in text.content.decode()


def test_the_next_sign_in_asks_for_the_application(linked):
    _client, user, secret = linked
    client = Client()
    assert enter(client, user.email).url == reverse("mfa_authenticate")
    assert client.get(reverse("accounts:profile")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Cela n’a pas fonctionné" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": now_code(secret)})
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_a_spare_code_serves_once(linked):
    client, user, _secret = linked
    spare = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    first, second = Client(), Client()
    enter(first, user.email)
    first.post(reverse("mfa_authenticate"), {"code": spare})
    assert first.get(reverse("accounts:profile")).status_code == 200
    enter(second, user.email)
    second.post(reverse("mfa_authenticate"), {"code": spare})
    assert second.get(reverse("accounts:profile")).status_code == 302


def test_what_touches_safety_asks_again(linked):
    _client, user, secret = linked
    client = Client()
    enter(client, user.email)
    client.post(reverse("mfa_authenticate"), {"code": now_code(secret)})
    for name in ("mfa_add_webauthn", "mfa_view_recovery_codes", "accounts:my_data", "accounts:erasure"):
        response = client.get(reverse(name))
        assert response.url.startswith(reverse("mfa_reauthenticate")), name
    page = reverse("mfa_reauthenticate")
    assert client.get(page).status_code == 200
    cache.clear()
    Authenticator.objects.filter(user=user).update(last_used_at=None)
    response = client.post(f"{page}?next={reverse('accounts:my_data')}", {"code": now_code(secret)})
    if response.status_code == 200:
        # The same code does not serve twice: a spare one does.
        spare = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap()
        response = client.post(f"{page}?next={reverse('accounts:my_data')}", {"code": spare.get_unused_codes()[0]})
    assert response.url == reverse("accounts:my_data")
    assert client.get(reverse("accounts:my_data")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_removing_the_application(linked):
    client, user, _secret = linked
    assert "liée" in mail.outbox[-1].subject
    assert mail.outbox[-1].to == [user.email]
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=user).exists()
    assert "retirée" in mail.outbox[-1].subject


def test_new_spare_codes_replace_the_others(linked):
    client, _user, _secret = linked
    address = reverse("mfa_view_recovery_codes")
    before = client.get(address).context["unused_codes"]
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    after = client.get(address).context["unused_codes"]
    assert len(after) == 10
    assert set(after).isdisjoint(before)


@pytest.mark.parametrize(
    "name",
    ["mfa_webauthn", "account_reset_password", "account_change_password", "account_email", "account_set_password"],
)
def test_what_we_do_not_use_of_the_library_cannot_be_reached(name):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse(name)
