"""Those who hold power sign in with more than a code: until they can, nothing else opens to them."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from maillage.accounts.models import User
from maillage.core import contributions

SETTING_UP = frozenset(
    {
        "accounts:protect",
        "account_logout",
        "mfa_add_webauthn",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
"""What remains open to someone who has yet to add a passkey or an application."""
SECOND_STEPS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


def has_second_step(user: User) -> bool:
    """Whether the user has a passkey or an application (spare codes alone do not count)."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_STEPS).exists()


def powers(user: User) -> list[str]:
    """The powers this account holds today, in words; empty for most people."""
    return [str(reason) for reason in contributions.holds_power.collect(user)]


class StrongSignInMiddleware:
    """Leads to ``accounts:protect`` whoever holds power without a passkey or an application."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MAILLAGE_STRONG_SIGN_IN and self.must_protect(request):
            return redirect(reverse("accounts:protect"))
        return self.get_response(request)

    def must_protect(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or self.is_open(request):
            return False
        return not has_second_step(user) and bool(powers(user))

    @staticmethod
    def is_open(request: HttpRequest) -> bool:
        try:
            return resolve(request.path_info).view_name in SETTING_UP
        except Resolver404:
            return False
