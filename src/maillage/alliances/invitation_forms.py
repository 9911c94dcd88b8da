from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import DateField, LastDayField
from maillage.alliances.models import Role

LANGUAGES = [("fr", "Français"), ("en", "English")]


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Role"))
    since = DateField(label=_("From"), help_text=_("Empty: from the day the person accepts."))
    until = LastDayField(label=_("Last day"), help_text=_("Empty: until you end it."))
    language = forms.ChoiceField(label=_("Language of the message"), choices=LANGUAGES, initial="fr")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Role.Kind.choices)
        self.fields["kind"].choices = [(kind, labels[kind]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = Role.Kind.MEMBER


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        help_text=_("As the people of the alliance will read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
