"""The component gallery, the choice of appearance, and the pages that say what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from maillage.core.access import public
from maillage.ui import gallery as samples
from maillage.ui.context import THEME_COOKIE, THEMES, theme_of

YEAR = 365 * 24 * 3600


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in its states, light and dark."""
    return render(request, "ui/gallery.html", samples.context())


def _back(request: HttpRequest) -> str:
    """Where the reader came from, if that is on this site."""
    target = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else reverse("ui:appearance")


@public
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it: kept in a cookie, for people with or without an account."""
    if request.method != "POST":
        return render(request, "ui/appearance.html", {"next": _back(request), "theme": theme_of(request)})
    response = redirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
