"""What we change in allauth: its words, its mails, where it sends people, who may sign up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SITE_NAME = "Maillage"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Write to the agent of your alliance."),
        "incorrect_code": _("This is not the code we sent. Check each digit, or ask for a new code."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then ask for a new code."),
        "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from invitations and from the command line only."""
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A code must not be read by the operator where mails are kept: it is named as a secret."""
        message = super().render_mail(template_prefix, email, context, headers)
        message.secrets = (context["code"],) if "code" in context else ()  # type: ignore[attr-defined]
        return message

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "mfa_reauthenticate": gettext("Use a code from your application, or a spare code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        # A passkey first: it is one gesture.
        methods.sort(key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")
        return [method | {"description": words.get(method["id"], method["description"])} for method in methods]


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This protection cannot be removed."),
        "cannot_generate_recovery_codes": _("Add a passkey or an application first."),
        "incorrect_code": _("This did not work. Try again, or choose another way."),
    }

    def _get_site_name(self) -> str:
        return SITE_NAME

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
