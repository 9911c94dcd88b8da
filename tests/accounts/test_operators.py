"""``maillage operator``: single-use addresses that a mail scanner cannot use up."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import services
from maillage.accounts.cli import operator
from maillage.accounts.models import SignInAddress, User
from maillage.core.models import AuditEntry, AuditPersonalValue
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PROFILE = "accounts:profile"


def run(*arguments: str):
    return CliRunner().invoke(operator, list(arguments))


def path_of(result) -> str:
    return "/" + result.output.strip().splitlines()[-1].split("/", 3)[3]


def test_create_prints_an_address_that_signs_in_once(client):
    result = run("create", "Operatrice@Exemple.test", "--name", "Odile")
    assert result.exit_code == 0, result.output
    user = User.objects.get()
    assert (user.email, user.name, user.is_operator) == ("operatrice@exemple.test", "Odile", True)
    path = path_of(result)
    token = path.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(SignInAddress.objects.values())
    # A scanner opens it, several times: nothing is used up.
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
        assert "operatrice@exemple.test" in page.content.decode()
        assert client.head(path).status_code == 200
    assert client.get(reverse(PROFILE)).status_code == 302
    assert client.post(path).url == reverse(PROFILE)
    assert client.get(reverse(PROFILE)).status_code == 200
    again = type(client)()
    assert again.get(path).status_code == 410
    assert again.post(path).status_code == 410
    assert again.get(reverse(PROFILE)).status_code == 302


def test_the_address_expires_after_a_day(client):
    user = UserFactory()
    token = services.give_address(user=user, now=timezone.now() - dt.timedelta(hours=24, seconds=1), by=None)
    path = reverse("accounts:sign_in_address", args=[token])
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_a_new_address_replaces_the_one_before(client):
    first, second = path_of(run("create", "a@exemple.test")), path_of(run("create", "a@exemple.test"))
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert User.objects.count() == 1


def test_whoever_has_a_second_step_is_still_asked_for_it(client):
    path = path_of(run("create", "a@exemple.test"))
    Authenticator.objects.create(user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    assert client.post(path).url == reverse("mfa_authenticate")
    assert client.get(reverse(PROFILE)).status_code == 302


def test_lost_forgets_the_second_step(client):
    run("create", "a@exemple.test")
    Authenticator.objects.create(user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    result = run("create", "a@exemple.test", "--lost")
    assert "1" in result.output
    client.post(path_of(result))
    assert client.get(reverse(PROFILE)).status_code == 200


def test_list_and_revoke(client):
    client.post(path_of(run("create", "a@exemple.test")))
    assert "a@exemple.test" in run("list").output
    assert run("revoke", "A@exemple.test").exit_code == 0
    assert not User.objects.get().is_operator
    assert client.get(reverse(PROFILE)).status_code == 302
    assert "a@exemple.test" not in run("list").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "pas une adresse"), "not an e-mail address"),
        (("revoke", "inconnue@exemple.test"), "No account"),
        (("close", "inconnue@exemple.test"), "No account"),
    ],
)
def test_a_mistake_gets_a_sentence(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 1
    assert words in result.output


def test_close_ends_everything(client):
    client.post(path_of(run("create", "a@exemple.test")))
    assert run("close", "a@exemple.test").exit_code == 0
    assert client.get(reverse(PROFILE)).status_code == 302


def test_the_log_tells_it_without_the_address_of_the_person():
    run("create", "a@exemple.test")
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"accounts.opened", "accounts.operator_made", "accounts.address_given"} <= actions
    assert "exemple.test" not in str(list(AuditEntry.objects.values("before", "after")))
    assert AuditPersonalValue.objects.get(field="email").after == "a@exemple.test"


def test_services_refuse_whoever_is_not_an_operator():
    user, intruder = UserFactory(), UserFactory()
    now = timezone.now()
    for refused in (
        lambda: services.make_operator(email="b@exemple.test", by=intruder),
        lambda: services.give_address(user=user, now=now, by=intruder),
        lambda: services.revoke_operator(user=user, by=intruder),
        lambda: services.remove_second_step(user=user, by=intruder),
        lambda: services.close_account(user=user, by=intruder),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    services.close_account(user=user, by=UserFactory(is_operator=True))
    assert not User.objects.get(pk=user.pk).is_active


def test_the_address_is_that_of_the_instance(settings):
    assert "http://localhost:8000/compte/ouvrir/" in run("create", "a@exemple.test").output
    settings.PRODUCTION = settings.SESSION_COOKIE_SECURE = True
    settings.ALLOWED_HOSTS = ["localhost", "maillage.exemple.test"]
    assert "https://maillage.exemple.test/compte/ouvrir/" in run("create", "a@exemple.test").output
    assert "https://b.test/compte/ouvrir/" in run("create", "a@exemple.test", "--base-url", "https://b.test/").output
