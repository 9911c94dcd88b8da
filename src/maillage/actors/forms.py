"""Forms of actors. Choices come from the alliance's own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.models import Actor
from maillage.actors.selectors import places_of, same_name, vocabulary
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances.models import Alliance, Person


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


class DateInput(forms.DateInput):
    """A day, as browsers ask for it; typed by hand it is 2026-11-20."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ActorForm(forms.Form):
    """An actor, for its creation and its changes. ``actor`` is the one changed, ``None`` for a new one."""

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        help_text=_("The name of the organisation. For citizens, the name of their college, never a person’s name."),
    )
    type = forms.ChoiceField(label=_("Type"))
    mission = forms.CharField(
        label=_("Mission"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    since = forms.DateField(
        label=_("Part of the alliance since"), required=False, widget=DateInput(),
        help_text=_("Leave empty if the date is unknown."),
    )  # fmt: skip
    territory = forms.ChoiceField(label=_("Territory"), required=False, help_text=_("Where it works from."))
    sector = forms.MultipleChoiceField(label=_("Sectors"), required=False, widget=forms.CheckboxSelectMultiple)
    field = forms.MultipleChoiceField(label=_("Fields"), required=False, widget=forms.CheckboxSelectMultiple)
    scale = forms.MultipleChoiceField(label=_("Territory scales"), required=False, widget=forms.CheckboxSelectMultiple)
    is_public = forms.BooleanField(
        label=_("Show this actor to the public"),
        required=False,
        help_text=_("Uncheck where being listed could harm, as for a shelter whose address is secret."),
    )
    another = forms.BooleanField(
        label=_("It is another actor with the same name"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, alliance: Alliance, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliance, self.actor = alliance, actor
        self.twins: list[Actor] = []
        self.fields["type"].choices = [(code, capital(str(label))) for code, label in ActorType.choices]  # type: ignore[attr-defined]
        self.places = {str(place.pk): place for place in places_of(alliance, alliance.today())}
        if actor is not None and actor.territory is not None:
            self.places.setdefault(str(actor.territory.pk), actor.territory)
        offered = [(key, place.name) for key, place in self.places.items()]
        self.fields["territory"].choices = [("", _("Not said")), *offered]  # type: ignore[attr-defined]
        for scheme, words in vocabulary(alliance).items():
            self.fields[scheme].choices = [(word.code, capital(word.label)) for word in words]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(actor: Actor) -> dict[str, Any]:
        """What the form shows for this actor."""
        shown: dict[str, Any] = {
            name: getattr(actor, name) for name in ("name", "type", "mission", "website", "since", "is_public")
        }
        shown["territory"] = str(actor.territory_id or "")
        tags = list(actor.tags.all())
        return shown | {scheme: [tag.code for tag in tags if tag.scheme == scheme] for scheme in Scheme.values}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        twins = same_name(self.alliance, name)
        if self.actor is not None:
            twins = twins.exclude(pk=self.actor.pk)
        if self.actor is None or name != self.actor.name:
            self.twins = list(twins[:5])
        if self.twins and not self.data.get(self.add_prefix("another")):
            self.fields["another"].widget = forms.CheckboxInput()
            raise forms.ValidationError(
                _("An actor already has this name. Open it below, or check that it is another one.")
            )
        return name

    def changes(self) -> dict[str, Any]:
        """The actor's own fields, for the services."""
        names = ("name", "type", "mission", "website", "since", "is_public")
        territory = self.places.get(self.cleaned_data["territory"])
        return {name: self.cleaned_data[name] for name in names} | {"territory": territory}

    def tags(self) -> dict[str, list[str]]:
        """The codes by scheme, for the services."""
        return {scheme: self.cleaned_data[scheme] for scheme in Scheme.values}


class EndForm(forms.Form):
    """From which day something holds no more."""

    on = forms.DateField(
        label=_("From which day"), widget=DateInput(), help_text=_("The first day it no longer holds.")
    )


class MandateForm(forms.Form):
    """Who speaks for the actor: a person already known to the alliance."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    title = forms.CharField(label=_("Title or function"), required=False, max_length=120)
    since = forms.DateField(label=_("Since"), required=False, widget=DateInput())
    is_contact = forms.BooleanField(
        label=_("Contact person"), required=False, help_text=_("Receives what is sent to the organisation."),
    )  # fmt: skip

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(alliance=alliance, erased_at=None)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
