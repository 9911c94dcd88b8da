"""Forms of the outreach plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.models import Actor
from maillage.actors.selectors import actors_of
from maillage.alliances.forms.base import DateField, Form, text_area
from maillage.alliances.models import Alliance
from maillage.participation.outreach.models import Outreach


class WayForm(Form):
    """Who is far, through whom they are reached, where and when."""

    who = forms.CharField(
        label=_("Which people do you want to reach?"), max_length=200,
        help_text=_("A situation, never a name: “families without a car in the range roads”."),
    )  # fmt: skip
    obstacle = forms.CharField(
        label=_("What keeps them away"), required=False, max_length=300,
        help_text=_("Distance, hours, shame, reading, no papers… Only the team reads it."),
    )  # fmt: skip
    relay = forms.ModelChoiceField(
        label=_("Through which trusted relay"), queryset=Actor.objects.none(), required=False,
        empty_label=_("None of the alliance’s actors"),
        help_text=_("Somebody these people already trust. An actor that is not public is not named in public."),
    )  # fmt: skip
    relay_words = forms.CharField(
        label=_("The relay, in words"), required=False, max_length=200,
        help_text=_("“The people of the corner store”. No one’s name: everyone may read it."),
    )  # fmt: skip
    place = forms.CharField(
        label=pgettext_lazy("outreach", "Where"), required=False, max_length=200,
        help_text=_("Where they already go. Leave it blank if the place must stay unknown."),
    )  # fmt: skip
    on = DateField(label=pgettext_lazy("outreach", "When"))
    until = DateField(label=_("Last day, if it lasts"))
    means = forms.CharField(
        label=pgettext_lazy("outreach", "How"), required=False, max_length=300,
        help_text=_("A kiosk with help, paper ballots, someone who reads aloud, a telephone…"),
    )  # fmt: skip
    offered = forms.CharField(
        label=_("What is offered"), required=False, max_length=300,
        help_text=_("Transport, childcare, a meal, a compensation paid on the spot."),
    )  # fmt: skip
    aimed = forms.IntegerField(label=_("How many people you hope to reach"), required=False, min_value=1)
    is_public = forms.BooleanField(
        label=_("Told in public"), required=False,
        help_text=_("Who, where, through whom, how many. Untick what could put people in danger."),
    )  # fmt: skip

    def __init__(self, *args: Any, alliance: Alliance, way: Outreach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = way.relay_id if way is not None else None
        known = actors_of(alliance, alliance.today(), everything=True)
        self.fields["relay"].queryset = (  # type: ignore[attr-defined]
            (known | Actor.objects.filter(pk=kept or 0, alliance=alliance)).order_by("sort_key", "pk")
        )

    @staticmethod
    def initial_of(way: Outreach) -> dict[str, Any]:
        names = (
            "who", "obstacle", "relay", "relay_words", "place", "on", "until", "means", "offered", "aimed", "is_public",
        )  # fmt: skip
        return {name: getattr(way, name) for name in names}


class OutcomeForm(Form):
    """What came of it."""

    done_on = DateField(label=_("It took place on"), required=True)
    reached = forms.IntegerField(
        label=_("How many people were reached"), required=False, min_value=0,
        help_text=_("Those one really spoke with. 0 is an answer. A small number stays with the team."),
    )  # fmt: skip
    outcome = forms.CharField(
        label=_("What came of it, in plain words"), required=False, max_length=2000, widget=text_area(4),
        help_text=_("What worked, what did not, what you would do otherwise. Everyone may read it: no name, no story."),
    )  # fmt: skip
