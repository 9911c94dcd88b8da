"""Form of the agent who writes the book of codes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.alliances.forms.base import Form
from maillage.participation.testimonies.models import BookCode


class CodeForm(Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("code of testimonies", "Kind"), choices=BookCode.Kind.choices, widget=forms.RadioSelect
    )
    label = forms.CharField(label=pgettext_lazy("code of testimonies", "Name"), max_length=120)
    definition = forms.CharField(
        label=_("When it applies"), max_length=500, required=False,
        help_text=_("One sentence, so that two people understand it the same way."),
    )  # fmt: skip
