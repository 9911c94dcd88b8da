"""Forms of the memory: a line, and the filter of the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.alliances.forms.base import DateField, Form, text_area
from maillage.alliances.models import MemoryEvent


class MemoryForm(Form):
    title = forms.CharField(label=_("What happened"), max_length=200)
    on = DateField(label=_("Date"), required=True)
    precision = forms.ChoiceField(
        label=_("What is known of the date"), choices=MemoryEvent.Precision, widget=forms.RadioSelect, initial="day"
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=MemoryEvent.Kind, initial=MemoryEvent.Kind.MILESTONE)
    body = forms.CharField(label=_("In a few sentences"), max_length=5000, required=False, widget=text_area())
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Minutes, resolution, newspaper…")
    )
    language = forms.ChoiceField(
        label=_("Language of this text"), choices=[("fr", "Français"), ("en", "English")], initial="fr"
    )
    is_key = forms.BooleanField(label=_("A turning point"), required=False)
    is_public = forms.BooleanField(label=_("Shown to everyone"), required=False, initial=True)


class MemoryFilter(forms.Form):
    """``kinds`` come from what the rooms contribute."""

    narrows_a_list = True

    sorte = forms.MultipleChoiceField(label=_("Show"), required=False, widget=forms.CheckboxSelectMultiple)
    de = forms.IntegerField(label=_("From year"), required=False, min_value=1900, max_value=2200)
    a = forms.IntegerField(label=_("To year"), required=False, min_value=1900, max_value=2200)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sorte"].choices = kinds  # type: ignore[attr-defined]
