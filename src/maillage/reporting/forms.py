from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.models import Alliance
from maillage.reporting.models import Account


class AccountForm(forms.Form):
    """What to make: format, content, language."""

    format = forms.ChoiceField(label=_("Format"), choices=Account.Format, widget=forms.RadioSelect)
    audience = forms.ChoiceField(label=_("Content"), choices=Account.Audience, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not alliance.offers_english:
            field = self.fields["language"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("fr", "Français")]
