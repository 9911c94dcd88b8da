"""Finding the alliance of an address, and asking the rule, before a view runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import get_language

from maillage.alliances.models import Alliance, FormerSlug
from maillage.core.access import may, public


def find_alliance(slug: str) -> tuple[Alliance | None, str]:
    """The alliance at this address, and the slug it now has (different where it was renamed)."""
    alliance = Alliance.objects.select_related("parent").filter(slug=slug).first()
    if alliance is not None:
        return alliance, slug
    former = FormerSlug.objects.select_related("alliance__parent").filter(slug=slug).first()
    return (former.alliance, former.alliance.slug) if former else (None, slug)


def in_alliance(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Wrap a view inside ``/<slug>/``: it is called ``view(request, alliance, …)`` once the rule allows it.

    An unknown address gives 404; a renamed alliance redirects. Refused: 404 where the reader may not even
    know the alliance exists, sign-in for the anonymous, 403 otherwise. English is 404 where not offered.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            alliance, current = find_alliance(slug)
            if alliance is None:
                raise Http404
            if get_language() == "en" and not alliance.offers_english:
                raise Http404
            if not may(request.user, permission, alliance):
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                if not may(request.user, "alliances.view", alliance):
                    raise Http404
                raise PermissionDenied(permission)
            if current != slug and request.method in {"GET", "HEAD"}:
                return HttpResponsePermanentRedirect(request.get_full_path().replace(f"/{slug}/", f"/{current}/", 1))
            request.alliance = alliance  # type: ignore[attr-defined]
            return view(request, alliance, *args, **kwargs)

        wrapped.permission = permission  # type: ignore[attr-defined]
        # Everyone without a session sees the public side alike: core.kept_pages may show the same page again.
        wrapped.public_side = permission == "alliances.view"  # type: ignore[attr-defined]
        return public(wrapped)

    return decorate
