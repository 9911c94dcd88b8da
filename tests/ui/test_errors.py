"""When something goes wrong, a page says what happened and what to do next, in the reader's language."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from maillage.config.urls import handler400, handler403, handler404, handler500
from maillage.config.urls import urlpatterns as real
from maillage.core.access import public
from maillage.ui import errors
from tests.factories import AllianceFactory, UserFactory


def raising(exception):
    @public
    def view(request):
        raise exception

    return view


@public
def ok(request):
    return HttpResponse(request.POST.get("x", ""))


urlpatterns = [
    path("essai/400/", raising(SuspiciousOperation("x"))),
    path("essai/403/", raising(PermissionDenied("le secret"))),
    path("essai/413/", raising(RequestDataTooBig("x"))),
    path("essai/500/", raising(OperationalError("mot de passe secret"))),
    path("essai/ok/", ok),
    *real,
]
HANDLERS = handler400, handler403, handler404, handler500

pytestmark = [pytest.mark.urls(__name__), pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def broken():
    return Client(raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words", "english"),
    [
        (400, "Nous n’avons pas pu lire cette demande", "We could not read this request"),
        (403, "Cette page ne vous est pas ouverte", "This page is not open to you"),
        (413, "Votre envoi est trop lourd", "What you sent is too heavy"),
        (500, "Une panne est survenue chez nous", "Something broke on our side"),
    ],
)
def test_each_error_helps_in_both_languages(broken, status, words, english):
    response = broken.get(f"/essai/{status}/", headers={"accept-language": "fr"})
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert '<html lang="fr-CA"' in page
    assert "secret" not in page
    with translation.override("en"):
        handler = {
            400: lambda: errors.bad_request(request),
            403: lambda: errors.forbidden(request),
            413: lambda: errors.bad_request(request, RequestDataTooBig()),
            500: lambda: errors.server_error(request),
        }[status]
        request = RequestFactory().get("/en/essai/")
        in_english = handler().content.decode()
    assert english in in_english
    assert '<html lang="en-CA"' in in_english


@pytest.mark.django_db
def test_an_unknown_address_helps(client):
    response = client.get("/nulle/part/du/tout/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Il n’y a pas de page à cette adresse" in page
    assert "Revenir à l’accueil" in page


@pytest.mark.django_db
def test_an_english_reader_is_led_to_the_french_page(client):
    alliance = AllianceFactory(offers_english=False)
    response = client.get(f"/en/{alliance.slug}/")
    assert response.status_code == 404
    assert f'href="/{alliance.slug}/"' in response.content.decode()
    assert "Read it in French" in response.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_who_one_is_and_who_to_ask(client):
    client.force_login(UserFactory(name="Maude T."), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/essai/403/").content.decode()
    assert "Maude T." in page
    assert "parlez-en à l’agente ou à l’agent" in page


@pytest.mark.django_db
def test_a_form_sent_too_late_says_how_to_send_it_again():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/essai/ok/", {"x": "long texte"})
    assert response.status_code == 403
    assert "rien n’a été envoyé" in response.content.decode()


def test_a_broken_server_needs_no_database():
    """No ``django_db`` mark: any query would fail the test."""
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Une panne est survenue chez nous" in response.content.decode()
    assert connection.vendor


def test_a_broken_template_still_gives_words(monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    page = errors.server_error(RequestFactory().get("/")).content.decode()
    assert "Réessayez" in page
    assert "Try again" in page
