"""Signing in: by a code, never a password; the same answer whoever asks."""

from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    cache.clear()
    yield
    cache.clear()


def ask(client, email):
    return client.post(reverse("account_login"), {"email": email})


def code_of(message) -> str:
    return re.search(r"\b\d{4}-\d{4}\b", message.body).group()


def confirm(client, code, **kwargs):
    return client.post(reverse("account_confirm_login_code"), {"code": code}, **kwargs)


def test_a_code_by_mail_signs_in(client):
    user = UserFactory(email="agente@exemple.test")
    response = ask(client, "Agente@Exemple.test")
    assert response.url == reverse("account_confirm_login_code")
    (message,) = mail.outbox
    assert message.to == ["agente@exemple.test"]
    code = code_of(message)
    assert code not in message.subject
    assert any(kind == "text/html" and code in body for body, kind in message.alternatives)
    assert confirm(client, code).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert UserSession.objects.get().user == user


def test_the_code_is_written_as_one_likes(client):
    UserFactory(email="a@exemple.test")
    ask(client, "a@exemple.test")
    assert confirm(client, code_of(mail.outbox[0]).replace("-", " ")).status_code == 302
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_the_next_page_is_kept(client):
    UserFactory(email="a@exemple.test")
    target = reverse("usersessions_list")
    page = client.get(target, follow=True)
    assert page.redirect_chain
    response = client.post(page.redirect_chain[-1][0], {"email": "a@exemple.test", "next": target})
    response = client.post(response.url, {"code": code_of(mail.outbox[0]), "next": target})
    assert response.url == target


def test_no_redirection_to_another_site(client):
    UserFactory(email="a@exemple.test")
    client.post(reverse("account_login"), {"email": "a@exemple.test", "next": "https://ailleurs.test/"})
    response = client.post(
        reverse("account_confirm_login_code") + "?next=https://ailleurs.test/", {"code": code_of(mail.outbox[0])}
    )
    assert response.url == "/"


def test_three_tries_then_a_new_code(client):
    UserFactory(email="a@exemple.test")
    ask(client, "a@exemple.test")
    code = code_of(mail.outbox[0])
    assert "caractère" not in confirm(client, "0000-0000").content.decode()
    confirm(client, "0000-0000")
    response = confirm(client, "0000-0000")
    assert response.url == reverse("account_login")
    confirm(client, code)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_the_code_expires(client, time_machine):
    UserFactory(email="a@exemple.test")
    time_machine.move_to("2026-03-02T10:00:00+00:00")
    ask(client, "a@exemple.test")
    time_machine.move_to("2026-03-02T10:15:30+00:00")
    confirm(client, code_of(mail.outbox[0]))
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_an_unknown_address_gets_the_same_answer(client):
    UserFactory(email="a@exemple.test")
    known = ask(client, "a@exemple.test")
    page = client.get(known.url)
    client.session.flush()
    other = type(client)()
    unknown = ask(other, "b@exemple.test")
    other_page = other.get(unknown.url)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    # The pages differ by the address that was typed and by the form's secrets, nothing else.
    blank = re.compile(r"[ab]@exemple\.test|name=\"csrfmiddlewaretoken\" value=\"\w+\"|\w{64}")
    assert blank.sub("", page.content.decode()) == blank.sub("", other_page.content.decode())
    assert [len(message.to) for message in mail.outbox] == [1, 1]
    assert not re.search(r"\d{4}-\d{4}", mail.outbox[1].body)


def test_a_closed_account_is_unknown(client):
    UserFactory(email="a@exemple.test", is_active=False)
    ask(client, "a@exemple.test")
    assert not re.search(r"\d{4}-\d{4}", mail.outbox[0].body)


def test_codes_are_rationed(client):
    UserFactory(email="a@exemple.test")
    for _ in range(5):
        ask(type(client)(), "a@exemple.test")
    assert len(mail.outbox) == 3


def test_mails_speak_both_languages(client):
    UserFactory(email="a@exemple.test")
    address = reverse("account_login")
    client.post(f"/en{address}", {"email": "a@exemple.test"})
    type(client)().post(address, {"email": "a@exemple.test"})
    english, french = mail.outbox
    assert "Here is your code" in english.body
    assert "Voici votre code" in french.body
    assert "Here is" not in french.body


def test_signing_out_needs_a_post(client):
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("accounts:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_nobody_signs_up_alone(client):
    response = client.get(reverse("account_signup"))
    assert response.status_code == 200
    assert b"<form" not in response.content.split(b"<main")[-1] or b'name="email"' not in response.content
    assert client.post(reverse("account_signup"), {"email": "x@exemple.test"}).status_code == 405
