"""Passkeys: allauth's views, with every key able to sign in by itself."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.views.generic.edit import FormView


class AddPasskeyView(views.AddWebAuthnView):
    """Asks the device for a discoverable key, unlocked by a gesture or a PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = FormView.get_context_data(self, **kwargs)
        context["options"] = auth.begin_registration(self.request.user, passwordless=True)
        return context


add = AddPasskeyView.as_view()
login = login_not_required(views.LoginWebAuthnView.as_view())
