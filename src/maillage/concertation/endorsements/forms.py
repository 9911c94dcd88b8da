"""Forms of conflicts of interest, resolutions and mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WITHDRAW, NONE = "withdraw", "none"


class ConflictForm(forms.Form):
    """The answer of someone whose organisation is concerned."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (WITHDRAW, _("I withdraw from this item")),
            (NONE, _("There is no conflict of interest, and I say why")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Why there is no conflict"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the item. The members of the space read it."),
    )  # fmt: skip
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") == NONE and not (data.get("words") or "").strip():
            self.add_error("words", _("Say in a few words why there is no conflict."))
        return data
