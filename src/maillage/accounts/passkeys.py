"""Passkeys and application: allauth's views, with every key able to sign in by itself."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest, HttpResponse
from django.views.generic.edit import FormView


def just_shown(request: HttpRequest) -> None:
    """Whoever has just used the new key or the new application need not confirm it to read the spare codes."""
    record_authentication(request, request.user, method="mfa", reauthenticated=True)  # type: ignore[arg-type]


class AddPasskeyView(views.AddWebAuthnView):
    """Asks the device for a discoverable key, unlocked by a gesture or a PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = FormView.get_context_data(self, **kwargs)
        context["options"] = auth.begin_registration(self.request.user, passwordless=True)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        just_shown(self.request)
        return response


class LinkAppView(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        just_shown(self.request)
        return response


add = AddPasskeyView.as_view()
link_app = LinkAppView.as_view()
login = login_not_required(views.LoginWebAuthnView.as_view())
