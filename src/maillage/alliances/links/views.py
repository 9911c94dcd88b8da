"""What every page behind a personal address answers, beside its own content."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from maillage.alliances.links import services
from maillage.alliances.models import Person
from maillage.core.access import may, public


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


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """« Mes adresses »: which personal addresses are open, by alliance and purpose."""
    doors = services.doors_of(request.user, timezone.now())
    return render(request, "alliances/links/mine.html", {"doors": doors})


@require_POST
def close(request: HttpRequest, person_id: uuid.UUID, purpose: str) -> HttpResponse:
    person = get_object_or_404(Person.objects.select_related("alliance"), uuid=person_id)
    if not may(request.user, "alliances.close_links", person):
        raise Http404
    count = services.close(person=person, purpose=purpose, by=request.user, now=timezone.now())
    if count:
        messages.success(request, ngettext("%(count)s address is closed.", "%(count)s addresses are closed.", count)
                         % {"count": count})  # fmt: skip
    else:
        messages.info(request, _("These addresses were already closed."))
    return redirect("alliances:my_links")
