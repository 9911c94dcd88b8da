"""One-click sign-in. It exists in the demonstration mode only, on this machine only."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maillage.accounts.sign_in import sign_in
from maillage.alliances.models import Alliance, Role
from maillage.core.access import public
from maillage.demo import people

LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def require_this_machine(request: HttpRequest) -> None:
    """404 outside the demonstration mode, whatever the database; 403 for whoever is not on this machine."""
    if not settings.DEMO or settings.PRODUCTION:
        raise Http404
    name, _port = split_domain_port(request.get_host())
    try:
        local = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        local = False
    if name not in LOCAL_NAMES or not local or any(request.META.get(header) for header in FORWARDED):
        raise PermissionDenied("The demonstration opens on this machine only.")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The fictional people, by alliance and role. POST signs in as one of them."""
    require_this_machine(request)
    if request.method != "POST":
        return render(request, "demo/choose.html", {"groups": people.by_alliance()})
    number = request.POST.get("account", "")
    if not number.isdecimal():
        raise Http404
    user = get_object_or_404(people.accounts(), pk=int(number))
    sign_in(request, user)
    alliance = Alliance.objects.filter(fictional=True, slug=request.POST.get("alliance", "")).first()
    if alliance is None:
        return redirect("accounts:profile")
    # An agent's day begins on their own page; everyone else comes for the alliance's.
    at_work = request.POST.get("role") in {Role.Kind.AGENT, Role.Kind.REGIONAL}
    return redirect("alliances_in:pilotage" if at_work else "alliances_in:home", alliance.slug)
