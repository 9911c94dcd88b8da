"""Forms of wanted voices and of approaches."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maillage.actors.forms import DateInput, capital
from maillage.actors.models import Actor
from maillage.actors.selectors import actors_of, vocabulary
from maillage.actors.vocabulary import ActorType, Scheme
from maillage.alliances.models import Alliance, Person
from maillage.concertation.voices.models import Approach


class VoiceForm(forms.Form):
    """A voice the alliance wants around the table."""

    type = forms.ChoiceField(label=_("Type of actor"), required=False)
    sector = forms.ChoiceField(label=_("Sector or field"), required=False)
    scale = forms.ChoiceField(label=_("Territory scale"), required=False)
    number = forms.IntegerField(label=_("How many, at least"), min_value=1, max_value=999, initial=1)
    why = forms.CharField(
        label=_("Why"), required=False, max_length=300, help_text=_("Shown in public. Name no person.")
    )

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = vocabulary(alliance)
        types = [(code, capital(str(label))) for code, label in ActorType.choices if code != ActorType.UNSPECIFIED]
        sectors = [
            (str(Scheme(scheme).label).capitalize(), [(word.code, capital(word.label)) for word in words[scheme]])
            for scheme in (Scheme.FIELD, Scheme.SECTOR)
            if words[scheme]
        ]
        scales = [(word.code, capital(word.label)) for word in words[Scheme.SCALE]]
        for name, choices in (("type", types), ("sector", sectors), ("scale", scales)):
            self.fields[name].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """What may change of a voice: how many, and why."""

    number = forms.IntegerField(label=_("How many, at least"), min_value=1, max_value=999)
    why = forms.CharField(
        label=_("Why"), required=False, max_length=300, help_text=_("Shown in public. Name no person.")
    )


class ApproachForm(forms.Form):
    """Who approaches whom, by when."""

    whom = forms.CharField(
        label=_("Who is approached"), max_length=200,
        help_text=_("An organisation, a group, a milieu. Members read it; never a person’s name."),
    )  # fmt: skip
    owner_person = forms.ModelChoiceField(
        label=_("The person who reaches out"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("No one yet"),
    )
    owner_actor = forms.ModelChoiceField(
        label=_("Or the actor that reaches out"), queryset=Actor.objects.none(), required=False,
        empty_label=_("No actor"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("By when"), widget=DateInput())

    def __init__(self, *args: Any, alliance: Alliance, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(alliance=alliance, erased_at=None).order_by("name", "id")
        self.fields["owner_person"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner_actor"].queryset = actors_of(alliance, today, everything=True)  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    """What came of an approach."""

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    actor = forms.ModelChoiceField(
        label=_("Which actor joined"), queryset=Actor.objects.none(), required=False, empty_label=_("Not in the list"),
        help_text=_("Only where it joined. Its seat in a space is what makes it present in the grid."),
    )  # fmt: skip
    on = forms.DateField(label=_("When"), widget=DateInput())
    note = forms.CharField(
        label=_("What was said"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Members read it. Write no conflict and no person’s name."),
    )  # fmt: skip

    def __init__(self, *args: Any, alliance: Alliance, today: dt.date, everything: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(code, capital(str(label))) for code, label in Approach.Outcome.choices]
        self.fields["outcome"].choices = [one for one in outcomes if one[0] != Approach.Outcome.WAITING]  # type: ignore[attr-defined]
        self.fields["actor"].queryset = actors_of(alliance, today, everything=everything)  # type: ignore[attr-defined]
