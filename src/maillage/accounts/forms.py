from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.accounts.models import User

DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}


class RequestCodeForm(RequestLoginCodeForm):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The one where you received your invitation."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        self.cleaned_data["email"] = self.cleaned_data["email"].strip().lower()
        return str(super().clean_email())


class ConfirmCodeForm(ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("Code received by e-mail"),
        help_text=_("Eight digits. The dash does not matter."),
        max_length=20,
        widget=forms.TextInput(attrs=DIGITS),
        error_messages={"required": _("Write the code of the e-mail.")},
    )


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code from your application, or spare code"),
            max_length=20,
            widget=forms.TextInput(attrs={**DIGITS, "inputmode": "text"}),
        )


class ConfirmIdentityForm(ReauthenticateForm, SecondStepForm):
    pass


class ActivateAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code shown by the application")
        self.fields["code"].help_text = _("Six digits.")
        self.fields["code"].widget.attrs = dict(DIGITS)


class AddPasskeyForm(AddWebAuthnForm):
    """Every key is added as a passkey: able to sign in by itself, with a gesture or a PIN."""

    passwordless = None
    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("To recognise it later: “Work computer”, “Telephone”."),
        max_length=80,
        required=False,
    )


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name of this passkey"), max_length=80)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language")
        labels = {"name": _("Your name"), "language": _("Language of the pages and messages")}
        help_texts = {"name": _("As the people of your alliances will read it.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
