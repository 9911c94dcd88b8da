"""What a person reads when something went wrong: what happened, in words, and what to do next.

The page of a broken server asks nothing of the database, of the session or of the other rooms.
"""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, translate_url
from django.utils.translation import get_language
from django.views.decorators.csrf import requires_csrf_token

log = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="fr-CA"><meta charset="utf-8"><title>Maillage</title>'
    "<p>Une panne empêche d’afficher cette page. Réessayez dans quelques minutes.</p>"
    '<p lang="en-CA">Something broke and this page cannot be shown. Try again in a few minutes.</p></html>'
)
"""Where even the template cannot be rendered."""


def plain(template: str, status: int) -> HttpResponse:
    """A page that needs nothing but its template."""
    try:
        body = str(render_to_string(template))
    except Exception:
        log.exception("The page for %s could not be rendered.", status)
        body = LAST_RESORT
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request could not be understood, or holds more than is accepted (then 413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return plain("413.html", 413)
    return plain("400.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The reader may not see or do this. Nothing is said of what is behind."""
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No page there. An English reader is led to the French page where that one exists."""
    return render(request, "404.html", {"french_url": _french(request)}, status=404)


def _french(request: HttpRequest) -> str:
    if get_language() != "en":
        return ""
    try:
        resolve(request.path_info)
    except Resolver404:
        return ""
    return translate_url(request.get_full_path(), "fr")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke here: it is our doing, and it has been written down."""
    return plain("500.html", 500)
