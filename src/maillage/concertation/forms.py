"""Forms of spaces and seats, and the filters of the directory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.alliances.models import Alliance
from maillage.concertation.models import Space
from maillage.core.formats import number

Choices = list[tuple[str, str]]


class DirectoryForm(forms.Form):
    """The filters of the directory, as its address holds them. Nothing chosen: everything is listed."""

    # Every filter may be left empty: none says « optional », and the form is shown, never validated.
    use_required_attribute = False

    q = forms.CharField(label=_("Name or mission"), max_length=120, widget=forms.TextInput(attrs={"type": "search"}))
    type = forms.ChoiceField(label=_("Type"))
    espace = forms.ChoiceField(label=_("Space"))
    secteur = forms.ChoiceField(label=_("Sector"))
    domaine = forms.ChoiceField(label=_("Field"))
    palier = forms.ChoiceField(label=_("Territory scale"))
    plusieurs = forms.BooleanField(label=_("At several tables"))

    FILTERS = {
        "q": "text", "type": "type", "espace": "space", "secteur": "sector", "domaine": "field", "palier": "scale",
        "plusieurs": "several",
    }  # fmt: skip
    """Name in the address → filter of :class:`maillage.concertation.directory.Directory`."""

    def offer(self, name: str, every: str, counted: list[tuple[str, str, int]]) -> None:
        """Fill the choices of ``name``: ``(value, words, how many)`` after « everything »."""
        choices: Choices = [("", every)]
        choices += [(value, f"{capital(words)} · {number(n)}") for value, words, n in counted]
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields[name]


class SpaceForm(forms.Form):
    """A space, for its creation and its changes. ``space`` is the one changed, ``None`` for a new one."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=60,
        required=False,
        help_text=_("For drawings: “Housing” rather than its full name."),
    )
    kind = forms.ChoiceField(label=_("Kind"))
    purpose = forms.CharField(
        label=_("What it is for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Space.objects.none(), required=False, empty_label=_("No other space")
    )
    since = forms.DateField(
        label=_("Meets since"), required=False, widget=DateInput(), help_text=_("Leave empty if the date is unknown.")
    )
    is_public = forms.BooleanField(label=_("Show this space to the public"), required=False)

    FIELDS = ("name", "short_name", "kind", "purpose", "parent", "since", "is_public")

    def __init__(self, *args: Any, alliance: Alliance, space: Space | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(code, capital(str(label))) for code, label in Space.Kind.choices]  # type: ignore[attr-defined]
        parents = Space.objects.filter(alliance=alliance)
        if space is not None:
            parents = parents.exclude(pk=space.pk)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, space: Space) -> dict[str, Any]:
        """What the form shows for this space."""
        return {name: getattr(space, name) for name in cls.FIELDS}

    def values(self) -> dict[str, Any]:
        """The fields, for the services."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


class SeatForm(forms.Form):
    """A seat to give: the actor comes from a search on the same page."""

    actor = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.CharField(
        label=_("Category"), required=False, max_length=200, help_text=_("In the table’s own words: “Active members”.")
    )
    since = forms.DateField(
        label=_("Since"), required=False, widget=DateInput(), help_text=_("Leave empty if the date is unknown.")
    )
