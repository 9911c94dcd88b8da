"""Forms of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.consultations.models import Step
from maillage.participation.opinions.models import Statement
from maillage.participation.opinions.services import LONGEST
from maillage.participation.voting.words import TEXTS

REASONS = [pair for pair in Statement.Reason.choices if pair[0] != Statement.Reason.BEFORE]


class ProposeForm(forms.Form):
    """A participant's sentence."""

    text = forms.CharField(
        label=_("Your sentence"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        help_text=_("One idea, in 280 signs at most. Name nobody. People must be able to agree or disagree."),
        error_messages={"required": _("Write your sentence.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=pgettext_lazy("of a text", "Language"), required=False)
    code = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(
        self, *args: Any, languages: Sequence[tuple[str, str]], wants_code: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if wants_code:
            self.fields["code"].error_messages["required"] = str(TEXTS["words_code_missing"])
            self.fields["code"].label = str(TEXTS["code_title"])
            self.fields["code"].help_text = str(TEXTS["words_code_hint"])
        else:
            del self.fields["code"]
        if len(languages) < 2:
            del self.fields["language"]
        else:
            self.fields["language"].choices = list(languages)  # type: ignore[attr-defined]


class StatementsForm(forms.Form):
    """The alliance's own statements, one a line."""

    step = forms.ModelChoiceField(label=_("Step"), queryset=Step.objects.none(), to_field_name="uuid")
    texts = forms.CharField(
        label=_("Statements, one a line"), widget=forms.Textarea(attrs={"rows": 6}), max_length=50_000,
        help_text=_("One idea each, in 280 signs at most. What some would say, and what others would."),
        error_messages={"required": _("Write at least one statement.")},
    )  # fmt: skip

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["step"]
        field.queryset = steps
        field.empty_label = None
        if len(steps) == 1:
            field.widget, field.initial = forms.HiddenInput(), steps[0].uuid

    def lines(self) -> list[str]:
        return [line for line in self.cleaned_data["texts"].splitlines() if line.strip()]


class TextForm(forms.Form):
    """A statement corrected in preparation."""

    text = forms.CharField(label=_("Statement"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class RefuseForm(forms.Form):
    """The first of the two people says why."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("statement", "Reason"), choices=REASONS, widget=forms.RadioSelect,
        help_text=_("How many statements are refused for each reason is told in public."),
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("In a few words, for the second person"), max_length=300, required=False,
        help_text=_("Read by those who moderate only."),
    )  # fmt: skip
