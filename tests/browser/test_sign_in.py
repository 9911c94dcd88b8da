"""Signing in as a person does: a code from the e-mail, then a passkey, in a real browser."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache

from tests.factories import AllianceFactory, user_with


@pytest.fixture
def authenticator(page):
    """A device with a fingerprint reader, as Chromium imitates one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


@pytest.fixture
def console(page):
    """Nothing may be said in the browser's console."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert said == []


def by_code(page, address, email):
    page.goto(f"{address}/compte/connexion/?next=/compte/")
    page.get_by_label("Votre adresse courriel").fill(email)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_url("**/compte/connexion/code/**")
    code = re.search(r"\b\d{4}-\d{4}\b", mail.outbox[-1].body).group()
    page.get_by_label("Code reçu par courriel").fill(code)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


def sign_out(page, address):
    page.goto(f"{address}/compte/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: not url.endswith("/compte/"))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_code_then_a_passkey(page, live_server, authenticator, console, width):
    cache.clear()
    page.set_viewport_size({"width": width, "height": 800})
    address = live_server.url
    user = user_with(AllianceFactory())
    by_code(page, address, user.email)

    page.goto(f"{address}/compte/securite/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de cette clé d’accès").fill("Ordinateur du bureau")
    page.get_by_role("button", name="Ajouter cet appareil").click()
    # The spare codes come with it, to be kept on paper.
    page.wait_for_url("**/codes-de-secours/")
    assert page.locator(".spare-codes li").count() == 10
    assert Authenticator.objects.filter(user=user).count() == 2
    assert "clé d’accès" in mail.outbox[-1].subject

    sign_out(page, address)
    page.goto(f"{address}/compte/connexion/?next=/compte/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)
    page.goto(f"{address}/compte/")
    assert page.get_by_text(user.email).count() == 1

    # Touching the protections asks again who is there.
    page.goto(f"{address}/compte/securite/cles/ajouter/")
    page.wait_for_url("**/confirmer/cle/**")
    page.get_by_role("button", name="Confirmer avec ma clé d’accès").click()
    page.wait_for_url("**/cles/ajouter/")

    # With a code alone, the passkey is the second step.
    sign_out(page, address)
    page.goto(f"{address}/compte/connexion/?next=/compte/")
    page.get_by_label("Votre adresse courriel").fill(user.email)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_url("**/code/**")
    page.get_by_label("Code reçu par courriel").fill(re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group())
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/verification/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)


def test_a_passkey_that_does_not_answer_says_what_to_do(page, live_server, authenticator):
    user_with(AllianceFactory())
    page.goto(f"{live_server.url}/compte/connexion/?next=/compte/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.get_by_text("La clé d’accès n’a pas répondu").wait_for()


def test_without_a_script_a_code_is_enough(browser, live_server):
    cache.clear()
    user = user_with(AllianceFactory())
    context = browser.new_context(java_script_enabled=False, locale="fr-CA")
    page = context.new_page()
    by_code(page, live_server.url, user.email)
    page.goto(f"{live_server.url}/compte/")
    assert page.get_by_text(user.email).count() == 1
    context.close()
