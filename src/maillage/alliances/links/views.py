"""What every page behind a personal address answers, beside its own content."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from maillage.core.access import public


def behind_an_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view ``(request, token, …)`` opened by a personal address, outermost but for nothing else.

    Anyone may ask for it without an account (the view begins by ``links.services.find``), nothing keeps it (no cache,
    no search engine), and following a link from it does not tell the address to another site.
    """

    @wraps(view)
    @never_cache
    @sensitive_variables("token")
    def wrapped(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, token, *args, **kwargs)
        # ``same-origin``, not ``no-referrer``: Django asks forms sent over https for a referrer of this very site.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return public(wrapped)


def closed(request: HttpRequest) -> HttpResponse:
    """410: the address expired, was closed, or was not copied whole. The page does not say which."""
    return render(request, "alliances/links/closed.html", status=410)
