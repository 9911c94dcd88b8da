from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.acts.models import Appeal


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it should be looked at again"),
        help_text=_("Only the coordination reads it. Your name is shown to nobody else."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What you find"),
        choices=[
            (Appeal.State.UPHELD, Appeal.State.UPHELD.label),
            (Appeal.State.CORRECTED, Appeal.State.CORRECTED.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the act stands or was corrected.")},
    )
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("Everyone may read it, under the act. Name nobody."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the answer: everyone may read it.")},
    )
