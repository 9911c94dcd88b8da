from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from maillage.alliances.notices.models import NoticeChoice
from maillage.core import contributions


class ChoicesForm(forms.Form):
    """One question for each kind of notice, then the language. Fields ``kind:<code>`` and ``language``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moments = [(code, capfirst(str(words))) for code, words in NoticeChoice.When.choices]
        for kind in contributions.notice_kinds:
            self.fields[f"kind:{kind.code}"] = forms.ChoiceField(
                label=str(kind.label),
                choices=moments,
                widget=forms.RadioSelect,
            )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of the messages"), choices=[("fr", "Français"), ("en", "English")],
            widget=forms.RadioSelect,
        )  # fmt: skip

    def chosen(self) -> dict[str, str]:
        """What was chosen for each kind."""
        return {name.partition(":")[2]: value for name, value in self.cleaned_data.items() if name.startswith("kind:")}
