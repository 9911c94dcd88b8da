"""Forms of territories."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.territories.models import Territory


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("A name or an official code"),
        max_length=100,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class PlaceForm(forms.Form):
    """In which MRC a municipality lies, and who says so."""

    parent = forms.ModelChoiceField(
        label=_("MRC or equivalent"), queryset=Territory.objects.none(), empty_label=_("Choose")
    )
    source = forms.CharField(
        label=_("Where this comes from"),
        max_length=300,
        help_text=_("A document, a page, a person who answers for it."),
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = choices  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """The file to read. It is shown before anything is written."""

    MUNICIPALITIES, BOUNDARIES = "municipalities", "boundaries"
    what = forms.ChoiceField(
        label=_("What the file holds"),
        choices=[
            (MUNICIPALITIES, _("Municipalities: a list with codes and names (CSV, XLSX, ODS)")),
            (BOUNDARIES, _("Boundaries: shapes with codes (GeoJSON)")),
        ],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("File"), error_messages={"empty": _("This file is empty. Choose another one.")})
    vintage = forms.IntegerField(
        label=_("Year of the boundaries"), required=False, min_value=1900, max_value=2100,
        help_text=_("Needed for boundaries, of no use for municipalities."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where the file comes from"), max_length=300, help_text=_("Shown on the page of each territory.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what") == self.BOUNDARIES and not cleaned.get("vintage") and "vintage" not in self.errors:
            self.add_error("vintage", _("Write the year of these boundaries."))
        return cleaned
